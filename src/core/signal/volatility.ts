import { assert } from '../base/assert.ts';
import type { HighLowClose } from '../indicator/atr.ts';
import type { Indicator } from '../indicator/indicator.ts';

/** Candles whose mean true range is the volatility of the moment; Wilder's own window. */
const MOMENT_CANDLES = 14;
/** Candles it is compared with, its own included: eight windows, four weeks of 6-hour candles. */
const USUAL_CANDLES = 112;
/** With fewer the moment would be compared with hardly more than itself. */
const CANDLES_MIN = 30;

/** How far price travels in one candle now, and against what is usual. */
export interface Volatility {
  /** Wilder's mean true range over 14 candles, quote currency. */
  readonly atr: number;
  /** The same as a share of the newest close, %. */
  readonly atrPct: number;
  /** `atr` over Wilder's mean true range over 112 candles; 1 is usual, 8 the most there can be. */
  readonly rate: number;
}

/** What a streaming volatility carries from candle to candle; plain JSON. */
export interface VolatilityMemory {
  readonly count: number;
  /** Newest close; null before the first candle. */
  readonly close: number | null;
  readonly moment: number;
  readonly usual: number;
}

/**
 * Volatility of the moment against that of the month behind it: two of Wilder's averages of the true range, each the
 * plain mean of what there is until its window is full. Two numbers are all it holds, so that an entry signal
 * reads it without touching old candles. Null with fewer than 30 candles, or where price has never moved.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), chapter 3.
 */
export class VolatilityState implements Indicator<HighLowClose, Volatility, VolatilityMemory> {
  readonly warmUpLength = CANDLES_MIN;
  /** Candles taken, as far as they matter. */
  private count = 0;
  private close = Number.NaN;
  private moment = 0;
  private usual = 0;

  get value(): Volatility | null {
    const { count, close, moment, usual } = this;
    if (count < CANDLES_MIN || !(usual > 0)) return null;
    return { atr: moment, atrPct: (moment / close) * 100, rate: moment / usual };
  }

  /** Takes the next closed candle; `update` without the value. */
  take({ high, low, close }: HighLowClose): void {
    assert(Number.isFinite(high - low) && Number.isFinite(close), 'A candle has finite prices.');
    if (this.count > 0) {
      const range = trueRange(high, low, this.close);
      this.moment += (range - this.moment) / Math.min(this.count, MOMENT_CANDLES);
      this.usual += (range - this.usual) / Math.min(this.count, USUAL_CANDLES);
    }
    this.close = close;
    if (this.count < USUAL_CANDLES + 1) this.count += 1;
  }

  update(candle: HighLowClose): Volatility | null {
    this.take(candle);
    return this.value;
  }

  peek(candle: HighLowClose): Volatility | null {
    const next = new VolatilityState();
    next.restore(this.snapshot());
    return next.update(candle);
  }

  snapshot(): VolatilityMemory {
    const { count, close, moment, usual } = this;
    return { count, close: count === 0 ? null : close, moment, usual };
  }

  restore({ count, close, moment, usual }: VolatilityMemory): void {
    this.count = count;
    this.close = close ?? Number.NaN;
    this.moment = moment;
    this.usual = usual;
  }
}

/** The volatility after these candles, oldest first: what `VolatilityState` holds after taking them. */
export function volatilityAfter(candles: Iterable<HighLowClose>): VolatilityMemory {
  const volatility = new VolatilityState();
  for (const candle of candles) volatility.take(candle);
  return volatility.snapshot();
}

/** Price gone through since the close before, that one included. */
function trueRange(high: number, low: number, closeBefore: number): number {
  return (high > closeBefore ? high : closeBefore) - (low < closeBefore ? low : closeBefore);
}
