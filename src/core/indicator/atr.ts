import { assert } from '../base/assert.ts';
import type { Indicator } from './indicator.ts';

/** The part of a candle that its range is read from. */
export interface HighLowClose {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface AtrState {
  readonly length: number;
  readonly count: number;
  /** Newest close; null before the first candle. */
  readonly close: number | null;
  /** Mean true range, or in warm-up the sum so far. */
  readonly range: number;
}

/** Columns of candles in, a column of ranges out; row i holds the value after candle i, NaN in warm-up. */
export interface AtrColumnRun {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly length: number;
  readonly output: Float64Array;
}

/**
 * Wilder's average true range in quote currency: how far price travels in one candle, gaps included. Needs
 * `length` + 1 candles: the true range of a candle needs the close before it.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), chapter 3.
 */
export class Atr implements Indicator<HighLowClose, number, AtrState> {
  readonly length: number;
  readonly warmUpLength: number;
  private readonly keep: number;
  private count = 0;
  private close = Number.NaN;
  private range = 0;

  constructor(length: number) {
    assertLength(length);
    this.length = length;
    this.warmUpLength = length + 1;
    this.keep = (length - 1) / length;
  }

  get value(): number | null {
    return this.count < this.warmUpLength ? null : this.range;
  }

  update(candle: HighLowClose): number | null {
    this.range = this.rangeAfter(candle);
    this.close = candle.close;
    if (this.count < this.warmUpLength) this.count += 1;
    return this.value;
  }

  peek(candle: HighLowClose): number | null {
    const range = this.rangeAfter(candle);
    return this.count < this.length ? null : range;
  }

  snapshot(): AtrState {
    const { length, count, range } = this;
    return { length, count, close: count === 0 ? null : this.close, range };
  }

  restore(state: AtrState): void {
    assert(state.length === this.length, `ATR(${this.length}) cannot go on from ATR(${state.length}).`);
    assert(state.range >= 0, 'A range is not negative.');
    assert((state.close === null) === (state.count === 0), 'A close is known from the first candle on.');
    this.count = state.count;
    this.close = state.close ?? Number.NaN;
    this.range = state.range;
  }

  private rangeAfter({ high, low, close }: HighLowClose): number {
    assert(Number.isFinite(high + low + close), 'High, low and close are finite numbers.');
    if (this.count === 0) return 0;
    const range = trueRange({ high, low, closeBefore: this.close });
    if (this.count < this.length) return this.range + range;
    if (this.count === this.length) return (this.range + range) / this.length;
    return this.range * this.keep + range / this.length;
  }
}

/** ATR of whole columns, bit-equal to streaming them through `Atr`. */
export function atrColumn({ high, low, close, length, output }: AtrColumnRun): void {
  const rows = close.length;
  assert(high.length === rows && low.length === rows, 'The columns have the same number of rows.');
  assert(output.length === rows, 'Input and output have the same number of rows.');
  const atr = new Atr(length);
  for (let row = 0; row < rows; row += 1) {
    const candle = {
      high: high[row] ?? Number.NaN,
      low: low[row] ?? Number.NaN,
      close: close[row] ?? Number.NaN,
    };
    output[row] = atr.update(candle) ?? Number.NaN;
  }
}

function trueRange(reach: {
  readonly high: number;
  readonly low: number;
  readonly closeBefore: number;
}): number {
  const { high, low, closeBefore } = reach;
  return Math.max(high, closeBefore) - Math.min(low, closeBefore);
}

function assertLength(length: number): void {
  assert(Number.isInteger(length) && length >= 1, 'ATR looks back on at least one range.');
}
