import type { InstrumentId } from '../core/domain/instrument.ts';
import type { MarketSource } from './market/market-source.ts';

/** A funding that was paid: when it was due and at which rate. */
export interface PastFunding {
  readonly timeMs: number;
  readonly rate: number;
}

/** Fundings kept an instrument: two months of 8-hour intervals. */
export const FUNDINGS_KEPT = 200;
/** The shown rate is read again only this shortly before it falls due: reading all of them costs time. */
const LAST_LOOK_MS = 60_000;

/** Knows when funding falls due. The rate shown until then is the rate that is paid. */
export class FundingClock {
  private readonly market: MarketSource;
  private readonly shown = new Map<InstrumentId, PastFunding>();
  private readonly pastRates = new Map<InstrumentId, PastFunding[]>();
  private readonly due = new Map<InstrumentId, number>();

  constructor(market: MarketSource) {
    this.market = market;
  }

  /** Finds what fell due since the last call. */
  advance(instrumentIds: Iterable<InstrumentId>, nowMs: number): void {
    this.due.clear();
    for (const instrumentId of instrumentIds) {
      const shown = this.shown.get(instrumentId);
      if (shown !== undefined && nowMs < shown.timeMs - LAST_LOOK_MS) continue;
      if (shown !== undefined && nowMs >= shown.timeMs) this.fallDue(instrumentId, shown);
      this.remember(instrumentId);
    }
  }

  /** The rate to pay now; null when nothing falls due. */
  dueRate(instrumentId: InstrumentId): number | null {
    return this.due.get(instrumentId) ?? null;
  }

  /** What falls due next, as it is shown; null when that is not known yet. For the books. */
  shownOf(instrumentId: InstrumentId): PastFunding | null {
    return this.shown.get(instrumentId) ?? null;
  }

  /** What fell due with the last call of `advance`. For the books. */
  *fallen(): Generator<readonly [InstrumentId, PastFunding]> {
    for (const instrumentId of this.due.keys()) {
      const funding = this.pastRates.get(instrumentId)?.at(-1);
      if (funding !== undefined) yield [instrumentId, funding];
    }
  }

  /** Takes up what was paid, oldest first, and what was shown: it is paid late when it fell due meanwhile. */
  resume(
    paid: Iterable<readonly [InstrumentId, PastFunding]>,
    shown: Iterable<readonly [InstrumentId, PastFunding]>,
  ): void {
    for (const [instrumentId, funding] of paid) this.keep(instrumentId, funding);
    for (const [instrumentId, funding] of shown) this.shown.set(instrumentId, funding);
  }

  /** Newest first. */
  past(instrumentId: InstrumentId): readonly PastFunding[] {
    return this.pastRates.get(instrumentId)?.toReversed() ?? [];
  }

  private fallDue(instrumentId: InstrumentId, funding: PastFunding): void {
    this.due.set(instrumentId, funding.rate);
    this.keep(instrumentId, funding);
  }

  private keep(instrumentId: InstrumentId, funding: PastFunding): void {
    const past = this.pastRates.get(instrumentId) ?? [];
    past.push(funding);
    this.pastRates.set(instrumentId, past.slice(-FUNDINGS_KEPT));
  }

  /** A time that was paid already is not paid again, however long a market goes on showing it. */
  private remember(instrumentId: InstrumentId): void {
    const quote = this.market.quote(instrumentId);
    const paidMs = this.pastRates.get(instrumentId)?.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
    if (quote === null || quote.nextFundingMs <= paidMs) this.shown.delete(instrumentId);
    else this.shown.set(instrumentId, { timeMs: quote.nextFundingMs, rate: quote.fundingRate });
  }
}
