import { assert, ensure } from '../base/assert.ts';

/** Values kept: what the longest look-back of a rule needs (160), up to a power of two. */
export const RSI_VALUES_KEPT_MAX = 256;

/** Turns a running number into a place of the ring without a division. */
const MASK = RSI_VALUES_KEPT_MAX - 1;

/**
 * The newest RSI values of one instrument, RSI points, one per closed candle. Aligned with the candles from the
 * newest backwards: `ago` 0 belongs to the newest closed candle. Warm-up has no values, so there are fewer
 * values than candles. Taking a value costs one store.
 */
export class RsiHistory {
  private readonly ring = new Float64Array(RSI_VALUES_KEPT_MAX);
  /** Values taken since the start, dropped ones included; also the running number of the next one. */
  private taken = 0;

  /** How many values are held. */
  get length(): number {
    return Math.min(this.taken, RSI_VALUES_KEPT_MAX);
  }

  /** Takes the value of the candle that just closed; NaN, as in warm-up, is no value. */
  push(rsi: number): void {
    if (Number.isNaN(rsi)) return;
    this.ring[this.taken & MASK] = rsi;
    this.taken += 1;
  }

  /** The value `ago` candles before the newest; null where none is held. */
  at(ago: number): number | null {
    assert(Number.isInteger(ago) && ago >= 0, 'A value is looked up by whole candles into the past.');
    if (ago >= this.length) return null;
    return ensure(this.ring[(this.taken - 1 - ago) & MASK], 'The ring is never left.');
  }

  /** The same for loops over many values: NaN where none is held, and nothing is checked. */
  valueAt(ago: number): number {
    return ago < this.length ? (this.ring[(this.taken - 1 - ago) & MASK] ?? Number.NaN) : Number.NaN;
  }

  /** The newest `count` values, oldest first; fewer where fewer are held. A copy. */
  last(count: number): number[] {
    const values: number[] = [];
    for (let place = this.taken - Math.min(count, this.length); place < this.taken; place += 1) {
      values.push(this.ring[place & MASK] ?? Number.NaN);
    }
    return values;
  }

  /** Forgets everything. */
  clear(): void {
    this.taken = 0;
  }

  /** The values held, oldest first, as plain JSON. */
  snapshot(): number[] {
    return this.last(RSI_VALUES_KEPT_MAX);
  }

  /** Takes over a snapshot in place of what is held; stops on more values than a history holds. */
  restore(values: readonly number[]): void {
    assert(values.length <= RSI_VALUES_KEPT_MAX, 'A history holds no more values than are kept.');
    this.clear();
    for (const value of values) {
      assert(value >= 0 && value <= 100, 'RSI is within 0..100.');
      this.push(value);
    }
  }
}
