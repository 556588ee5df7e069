import type { Instrument } from '../core/domain/instrument.ts';
import type { ClientOrderId, Order } from '../core/domain/order.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { sleep, type Time } from '../platform/time.ts';
import { evidenceOf, type Held, type LookEvidence, lookAtOrder, type OrderLook } from './order-look.ts';

/** Beyond the end of a request's validity, for servers of the exchange whose clocks differ. */
const MARGIN_MS = 1_000;
/** Longer than any request stays valid, the error of our knowledge of the exchange's clock counted in. */
const VALIDITY_MS_MAX = 7_000;
/** Two negative looks must be this far apart, by the exchange's clock, to agree. */
const APART_MS = 2_000;
const AGREEING_MIN = 2;
/** A position our fills do not explain outlives this many negative looks over this long: it is somebody else's. */
const UNEXPLAINED_MIN = 3;
const UNEXPLAINED_MS = 60_000;
/** Pause after a look that could not be completed; doubled up to the maximum. */
const RETRY_FIRST_MS = 1_000;
const RETRY_MS_MAX = 4_000;
/** The exchange's clock is asked again after this at the latest, however far it says that the end of the validity is. */
const WAIT_MS_MAX = 10_000;

/** What became of an order whose placement got no clear answer. */
export type Resolution =
  | { readonly kind: 'found'; readonly order: Order }
  /** No list has it, but executions of it: it exists, and how it stands will be told. */
  | { readonly kind: 'filled' }
  /** Agreeing looks at everything after the request could no longer be accepted. */
  | { readonly kind: 'not-placed' };

export interface UnresolvedOrder {
  readonly instrument: Instrument;
  readonly clientOrderId: ClientOrderId;
  /** By the exchange's clock, when its request can be accepted no more; null: not known, it was signed before now. */
  readonly validUntilMs: number | null;
}

/** What finding out needs. */
export interface ResolverContext {
  readonly exchange: Exchange;
  readonly time: Time;
  readonly isStopped: () => boolean;
  /** What our fills say is held; null: nothing. */
  readonly held: () => Held | null;
  /** Every look that says something else than the one before it. */
  readonly onLook: (evidence: LookEvidence) => void;
}

/**
 * Finds out what became of an order with an unknown outcome. It is looked up by its id, at once and never sent again.
 * That it does not exist is believed only of complete looks the exchange itself dates after the request's validity: two
 * that agree, two seconds apart. A look that lacks an answer counts for nothing. Null when stopped.
 */
export async function resolveOrder(
  unresolved: UnresolvedOrder,
  context: ResolverContext,
): Promise<Resolution | null> {
  const { exchange, time, isStopped, held } = context;
  const { instrument, clientOrderId } = unresolved;
  const tally = new LookTally(unresolved.validUntilMs);
  let told = '';
  while (!isStopped()) {
    const look = await lookAtOrder(exchange, instrument, { clientOrderId, held });
    const evidence = evidenceOf(look);
    const said = JSON.stringify({ ...evidence, asOfMs: null });
    // A negative look counts by its time: each is evidence of its own.
    if (said !== told || evidence.verdict === 'absent') context.onLook(evidence);
    told = said;
    const resolution = resolutionOf(look, evidence) ?? tally.conclude(evidence);
    if (resolution !== null) return resolution;
    await sleep(time, tally.pauseMs());
  }
  return null;
}

function resolutionOf({ orders }: OrderLook, { verdict }: LookEvidence): Resolution | null {
  if (orders.kind === 'known' && orders.value !== null) return { kind: 'found', order: orders.value };
  return verdict === 'filled' ? { kind: 'filled' } : null;
}

/** Counts what speaks against an order, by the exchange's clock. */
class LookTally {
  private validUntilMs: number | null;
  private readonly agreeing: number[] = [];
  private readonly unexplained: number[] = [];
  private retryMs = RETRY_FIRST_MS;
  private nextMs = 0;

  constructor(validUntilMs: number | null) {
    this.validUntilMs = validUntilMs;
  }

  conclude({ verdict, asOfMs }: LookEvidence): Resolution | null {
    if (asOfMs === null || (verdict !== 'absent' && verdict !== 'unexplained')) {
      this.nextMs = this.retryMs;
      this.retryMs = Math.min(RETRY_MS_MAX, this.retryMs * 2);
      return null;
    }
    this.retryMs = RETRY_FIRST_MS;
    this.validUntilMs ??= asOfMs + VALIDITY_MS_MAX;
    const leftMs = this.validUntilMs + MARGIN_MS - asOfMs;
    this.nextMs = leftMs < 0 ? APART_MS : Math.min(WAIT_MS_MAX, leftMs + 1);
    if (leftMs >= 0) return null;
    if (verdict === 'absent') addApart(this.agreeing, asOfMs);
    else addApart(this.unexplained, asOfMs);
    return this.isAbsent() ? { kind: 'not-placed' } : null;
  }

  /** How long to wait before the next look. */
  pauseMs(): number {
    return this.nextMs;
  }

  private isAbsent(): boolean {
    const [firstMs] = this.unexplained;
    const lastMs = this.unexplained.at(-1);
    if (this.agreeing.length >= AGREEING_MIN) return true;
    if (firstMs === undefined || lastMs === undefined) return false;
    return this.unexplained.length >= UNEXPLAINED_MIN && lastMs - firstMs >= UNEXPLAINED_MS;
  }
}

function addApart(times: number[], timeMs: number): void {
  const lastMs = times.at(-1);
  if (lastMs === undefined || timeMs >= lastMs + APART_MS) times.push(timeMs);
}
