import type { Instrument } from '../core/domain/instrument.ts';
import type { ClientOrderId } from '../core/domain/order.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import { type Resolution, resolveOrder, type UnresolvedOrder } from './order-resolver.ts';

export interface OrderLookupsOptions {
  readonly exchange: Exchange;
  readonly time: Time;
  /** What was found out; never called after `stop`. */
  readonly onResolved: (
    subject: { readonly instrument: Instrument; readonly clientOrderId: ClientOrderId },
    resolution: Resolution,
  ) => void;
  readonly report: (message: string) => void;
}

/** The lookups under way, one per order. They wait for seconds and minutes, so nobody waits for them at the end. */
export class OrderLookups {
  private readonly options: OrderLookupsOptions;
  private readonly underWay = new Set<string>();
  private stopped = false;

  constructor(options: OrderLookupsOptions) {
    this.options = options;
  }

  /** Starts to look an order up; a no-op while it is being looked up already. */
  start(unresolved: UnresolvedOrder): void {
    if (this.stopped || this.underWay.has(unresolved.clientOrderId)) return;
    this.underWay.add(unresolved.clientOrderId);
    void this.run(unresolved);
  }

  count(): number {
    return this.underWay.size;
  }

  /** What is not found out yet stays open in the journal; the next start looks it up. */
  stop(): void {
    this.stopped = true;
  }

  private async run(unresolved: UnresolvedOrder): Promise<void> {
    const { exchange, time, onResolved, report } = this.options;
    const { instrument, clientOrderId } = unresolved;
    try {
      const isStopped = (): boolean => this.stopped;
      const resolution = await resolveOrder(unresolved, { exchange, time, isStopped });
      if (resolution !== null && !this.stopped) onResolved({ instrument, clientOrderId }, resolution);
    } catch (error) {
      report(`Lookup of ${clientOrderId} failed: ${String(error)}`);
    } finally {
      this.underWay.delete(clientOrderId);
    }
  }
}
