import type { InstrumentId } from '../core/domain/instrument.ts';
import type { ClientOrderId } from '../core/domain/order.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { Held, LookEvidence } from './order-look.ts';
import { type Resolution, resolveOrder, type UnresolvedOrder } from './order-resolver.ts';

export interface OrderLookupsOptions {
  readonly exchange: Exchange;
  readonly time: Time;
  /** What our fills say is held on an instrument; null: nothing. */
  readonly held: (id: InstrumentId) => Held | null;
  readonly onLook: (clientOrderId: ClientOrderId, evidence: LookEvidence) => void;
  /** What was found out; never called after `stop`. */
  readonly onResolved: (subject: UnresolvedOrder, resolution: Resolution) => void;
  readonly report: (message: string) => void;
}

/** Each look costs five requests: so many orders are looked up at a time, the others wait their turn. */
const UNDER_WAY_MAX = 16;
/** One more is left to those who ask again and again until an order has its end. */
const WAITING_MAX = 256;

/** The lookups under way, one per order. They wait for seconds and minutes, so nobody waits for them at the end. */
export class OrderLookups {
  private readonly options: OrderLookupsOptions;
  private readonly underWay = new Set<string>();
  private readonly waiting = new Map<string, UnresolvedOrder>();
  private stopped = false;

  constructor(options: OrderLookupsOptions) {
    this.options = options;
  }

  /** Starts to look an order up, or has it wait its turn; a no-op while it is being looked up already. */
  start(unresolved: UnresolvedOrder): void {
    const { clientOrderId } = unresolved;
    if (this.stopped || this.underWay.has(clientOrderId) || this.waiting.has(clientOrderId)) return;
    if (this.waiting.size >= WAITING_MAX) {
      this.options.report(`Too many orders wait to be looked up; ${clientOrderId} is left for later.`);
      return;
    }
    this.waiting.set(clientOrderId, unresolved);
    this.next();
  }

  count(): number {
    return this.underWay.size + this.waiting.size;
  }

  /** What is not found out yet stays open in the journal; the next start looks it up. */
  stop(): void {
    this.stopped = true;
  }

  private next(): void {
    for (const [clientOrderId, unresolved] of this.waiting) {
      if (this.stopped || this.underWay.size >= UNDER_WAY_MAX) return;
      this.waiting.delete(clientOrderId);
      this.underWay.add(clientOrderId);
      void this.run(unresolved);
    }
  }

  private async run(unresolved: UnresolvedOrder): Promise<void> {
    const { exchange, time, held, onLook, onResolved, report } = this.options;
    const { instrument, clientOrderId } = unresolved;
    try {
      const resolution = await resolveOrder(unresolved, {
        exchange,
        time,
        isStopped: () => this.stopped,
        held: () => held(instrument.id),
        onLook: (evidence) => onLook(clientOrderId, evidence),
      });
      if (resolution !== null && !this.stopped) onResolved(unresolved, resolution);
    } catch (error) {
      report(`Lookup of ${clientOrderId} failed: ${String(error)}`);
    } finally {
      this.underWay.delete(clientOrderId);
      this.next();
    }
  }
}
