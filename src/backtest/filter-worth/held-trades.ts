import type { InstrumentId } from '../../core/domain/instrument.ts';

/** A position that was entered, and what came of it. */
export interface HeldTrade {
  readonly instrumentId: InstrumentId;
  readonly openedMs: number;
  /** Null while it is open. */
  readonly closedMs: number | null;
  /** Value at entry, USDT. */
  readonly notionalUsdt: number;
  /** After fees; of an open one as it stands. */
  readonly pnlUsdt: number;
}

/** Trades by the time they were held. */
export class HeldTrades {
  private readonly trades: readonly HeldTrade[];
  /** The latest end among a trade and those opened before it. */
  private readonly latestEnd: readonly number[];

  constructor(trades: readonly HeldTrade[]) {
    this.trades = [...trades].sort((a, b) => a.openedMs - b.openedMs);
    let latest = Number.NEGATIVE_INFINITY;
    this.latestEnd = this.trades.map((trade) => {
      latest = Math.max(latest, endOf(trade));
      return latest;
    });
  }

  /** Those opened before `timeMs` and not closed by then. */
  heldAt(timeMs: number): HeldTrade[] {
    const held: HeldTrade[] = [];
    for (let place = this.firstFrom(timeMs) - 1; place >= 0; place -= 1) {
      if ((this.latestEnd[place] ?? 0) <= timeMs) break;
      const trade = this.trades[place];
      if (trade !== undefined && endOf(trade) > timeMs) held.push(trade);
    }
    return held;
  }

  /** Those opened at `fromMs` or later and before `toMs`, in order. */
  openedBetween(fromMs: number, toMs: number): readonly HeldTrade[] {
    return this.trades.slice(this.firstFrom(fromMs), this.firstFrom(toMs));
  }

  /** Place of the first trade opened at `timeMs` or later. */
  private firstFrom(timeMs: number): number {
    let [low, high] = [0, this.trades.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.trades[middle]?.openedMs ?? Number.POSITIVE_INFINITY) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function endOf({ closedMs }: HeldTrade): number {
  return closedMs ?? Number.POSITIVE_INFINITY;
}
