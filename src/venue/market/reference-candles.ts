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

/** A stretch of minutes that nothing in it can go beyond `bound`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly bound: number;
}

/** How far to which side: 1 for the high, -1 for the low. */
type Side = 1 | -1;

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
      high: this.extreme(price, span, 1),
      low: this.extreme(price, span, -1),
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

  private extreme(price: ReferencePrice, { from, to }: SecondSpan, side: Side): number {
    const first = from / SECONDS_PER_MINUTE;
    const last = Math.floor(to / SECONDS_PER_MINUTE);
    const openSeconds = to - last * SECONDS_PER_MINUTE;
    let best = openSeconds === 0 ? Number.NEGATIVE_INFINITY : this.walk(price, last, { side, openSeconds });
    for (const coarse of farthestFirst(this.coarseStretches(price, { from: first, to: last }, side))) {
      if (coarse.bound <= best) break;
      for (const minute of farthestFirst(this.minuteStretches(price, coarse, side))) {
        if (minute.bound <= best) break;
        const found = this.walk(price, minute.from, { side, openSeconds: SECONDS_PER_MINUTE });
        best = Math.max(best, found);
      }
    }
    return side * best;
  }

  /** The span cut at coarse candles; a part of one is bounded by the whole. */
  private coarseStretches(price: ReferencePrice, span: SecondSpan, side: Side): Stretch[] {
    const { coarseMinutes } = this.tree;
    const stretches: Stretch[] = [];
    for (let from = span.from; from < span.to; ) {
      const index = Math.floor(from / coarseMinutes);
      const to = Math.min(span.to, (index + 1) * coarseMinutes);
      stretches.push({
        from,
        to,
        bound: this.bound(price, { from, to, candle: this.tree.coarse(index) }, side),
      });
      from = to;
    }
    return stretches;
  }

  private minuteStretches(price: ReferencePrice, { from, to }: Stretch, side: Side): Stretch[] {
    const stretches: Stretch[] = [];
    for (let minute = from; minute < to; minute += 1) {
      const candle = minuteOf(this.tree, minute);
      if (candle === null) continue;
      const part = { from: minute, to: minute + 1 };
      stretches.push({ ...part, bound: this.bound(price, { ...part, candle }, side) });
    }
    return stretches;
  }

  /** A mean of last prices lies between the lowest and the highest of them; the basis is added at its most. */
  private bound(
    price: ReferencePrice,
    part: { readonly from: number; readonly to: number; readonly candle: TickCandle },
    side: Side,
  ): number {
    const { least, most } = this.basis.between(part.from * SECONDS_PER_MINUTE, part.to * SECONDS_PER_MINUTE);
    const share = price === 'mark' ? MARK_BASIS_SHARE : 1;
    const farthest =
      side === 1 ? part.candle.high * (1 + most * share) : part.candle.low * (1 + least * share);
    return side * Math.max(1, Math.round(farthest));
  }

  /** The extreme of the first seconds of a minute, times the side. */
  private walk(
    price: ReferencePrice,
    minute: number,
    { side, openSeconds }: { readonly side: Side; readonly openSeconds: number },
  ): number {
    const path = this.tree.seconds(minute);
    let best = Number.NEGATIVE_INFINITY;
    for (let second = 0; second < openSeconds; second += 1) {
      const basis = this.basis.at(minute * SECONDS_PER_MINUTE + second);
      best = Math.max(best, side * pricePoint(path, second, basis)[price]);
    }
    return best;
  }
}

function farthestFirst(stretches: Stretch[]): Stretch[] {
  return stretches.sort((a, b) => b.bound - a.bound);
}

/** What the perpetual costs more than its index. */
function premiumOf(basis: number): number {
  return 1 / (1 + basis) - 1;
}
