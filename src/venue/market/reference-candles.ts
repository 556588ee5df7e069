import type { Basis } from './basis.ts';
import { type CandleTree, minuteOf, SECONDS_PER_MINUTE } from './candle-tree.ts';
import { MARK_BASIS_SHARE, pricePoint } from './price-point.ts';
import type { TickCandle } from './tick-candle.ts';

/** A price made from the last price and the basis. */
export type ReferencePrice = 'mark' | 'index';

/** Seconds since the epoch, `from` at the start of a minute, `to` left out. Never empty. */
export interface SecondSpan {
  readonly from: number;
  readonly to: number;
}

/** Open, high, low and close of a rate. */
export type RateCandle = Omit<TickCandle, 'volume'>;

/** A stretch of minutes, and how far any price in it can reach to either side. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
}

/** The farthest prices found so far. */
interface Extremes {
  high: number;
  low: number;
}

/**
 * Candles of mark and index price, exact to the second: the same as putting every quote of the span together.
 * Only minutes whose last prices reach far enough to hold the extreme are walked through.
 */
export class ReferenceCandles {
  private readonly tree: CandleTree;
  private readonly basis: Basis;

  constructor(tree: CandleTree, basis: Basis) {
    this.tree = tree;
    this.basis = basis;
  }

  /** In ticks. */
  candle(price: ReferencePrice, span: SecondSpan): TickCandle {
    return {
      open: this.at(price, span.from),
      ...this.extremes(price, span),
      close: this.at(price, span.to - 1),
      volume: 0,
    };
  }

  /** Of the premium: high where the index stands lowest under the last price. */
  premium({ from, to }: SecondSpan): RateCandle {
    const { least, most } = this.basis.between(from, to - 1);
    return {
      open: premiumOf(this.basis.at(from)),
      high: premiumOf(least),
      low: premiumOf(most),
      close: premiumOf(this.basis.at(to - 1)),
    };
  }

  private at(price: ReferencePrice, second: number): number {
    const minute = Math.floor(second / SECONDS_PER_MINUTE);
    const path = this.tree.seconds(minute);
    return pricePoint(path, second - minute * SECONDS_PER_MINUTE, this.basis.at(second))[price];
  }

  private extremes(price: ReferencePrice, { from, to }: SecondSpan): Extremes {
    const first = from / SECONDS_PER_MINUTE;
    const last = Math.floor(to / SECONDS_PER_MINUTE);
    const openSeconds = to - last * SECONDS_PER_MINUTE;
    const found: Extremes = { high: Number.NEGATIVE_INFINITY, low: Number.POSITIVE_INFINITY };
    if (openSeconds > 0) this.walk(price, last, openSeconds, found);
    this.search(this.coarseStretches(price, { from: first, to: last }), found, (coarse) =>
      this.search(this.minuteStretches(price, coarse), found, (minute) =>
        this.walk(price, minute.from, SECONDS_PER_MINUTE, found),
      ),
    );
    return found;
  }

  /** Looks into what can still lie farther than what was found, the farthest first, into each once. */
  private search(stretches: readonly Stretch[], found: Extremes, look: (stretch: Stretch) => void): void {
    const seen = new Set<Stretch>();
    for (const stretch of stretches.toSorted((a, b) => b.high - a.high)) {
      if (stretch.high <= found.high) break;
      seen.add(stretch);
      look(stretch);
    }
    for (const stretch of stretches.toSorted((a, b) => a.low - b.low)) {
      if (stretch.low >= found.low) break;
      if (!seen.has(stretch)) look(stretch);
    }
  }

  /** The span cut at coarse candles; a part of one is bounded by the whole. */
  private coarseStretches(price: ReferencePrice, span: SecondSpan): readonly Stretch[] {
    const { coarseMinutes } = this.tree;
    const stretches: Stretch[] = [];
    for (let from = span.from; from < span.to; ) {
      const index = Math.floor(from / coarseMinutes);
      const to = Math.min(span.to, (index + 1) * coarseMinutes);
      stretches.push(this.stretch(price, { from, to, candle: this.tree.coarse(index) }));
      from = to;
    }
    return stretches;
  }

  private minuteStretches(price: ReferencePrice, { from, to }: Stretch): readonly Stretch[] {
    const stretches: Stretch[] = [];
    for (let minute = from; minute < to; minute += 1) {
      const candle = minuteOf(this.tree, minute);
      if (candle !== null) stretches.push(this.stretch(price, { from: minute, to: minute + 1, candle }));
    }
    return stretches;
  }

  /** A mean of last prices lies between the lowest and the highest of them; the basis is added at its most. */
  private stretch(
    price: ReferencePrice,
    part: { readonly from: number; readonly to: number; readonly candle: TickCandle },
  ): Stretch {
    const { from, to, candle } = part;
    const { least, most } = this.basis.between(from * SECONDS_PER_MINUTE, to * SECONDS_PER_MINUTE);
    const share = price === 'mark' ? MARK_BASIS_SHARE : 1;
    const ticks = (value: number): number => Math.max(1, Math.round(value));
    return {
      from,
      to,
      high: ticks(candle.high * (1 + most * share)),
      low: ticks(candle.low * (1 + least * share)),
    };
  }

  /** The first seconds of a minute. Where the basis stands is looked up only for seconds that can reach farther. */
  private walk(price: ReferencePrice, minute: number, openSeconds: number, found: Extremes): void {
    const first = minute * SECONDS_PER_MINUTE;
    const path = this.tree.seconds(minute);
    const { least, most } = this.basis.between(first, first + SECONDS_PER_MINUTE);
    for (let second = 0; second < openSeconds; second += 1) {
      const isFar =
        pricePoint(path, second, most)[price] > found.high ||
        pricePoint(path, second, least)[price] < found.low;
      if (!isFar) continue;
      const exact = pricePoint(path, second, this.basis.at(first + second))[price];
      found.high = Math.max(found.high, exact);
      found.low = Math.min(found.low, exact);
    }
  }
}

/** What the perpetual costs more than its index. */
function premiumOf(basis: number): number {
  return 1 / (1 + basis) - 1;
}
