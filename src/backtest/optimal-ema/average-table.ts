import { emaColumn } from '../../core/indicator/ema.ts';
import { ROUNDING_RATE } from '../../core/signal/ema-pair-trend.ts';
import { cell } from '../longer-candles.ts';
import type { EmaSearchRule } from './settings.ts';
import type { PastSignals } from './signals.ts';

/**
 * What every pair needs of its two averages, computed once a length and kept at the signals alone. Signed, so that
 * one comparison judges long and short: a pair lets signal `i` through when `averages(short)[i] >= limits(long)[i]`.
 */
export class AverageTable {
  private readonly close: Float64Array;
  private readonly signals: PastSignals;
  private readonly rule: EmaSearchRule;
  private readonly column: Float64Array;
  private readonly shorts = new Map<number, Float64Array>();
  private readonly longs = new Map<number, Float64Array>();

  constructor(close: Float64Array, signals: PastSignals, rule: EmaSearchRule) {
    this.close = close;
    this.signals = signals;
    this.rule = rule;
    this.column = new Float64Array(close.length);
  }

  /** The average of a short length at each signal; of shorts negated. */
  averages(length: number): Float64Array {
    const known = this.shorts.get(length);
    if (known !== undefined) return known;
    const { rows, signs, count } = this.signals;
    const column = this.columnOf(length);
    const averages = new Float64Array(count);
    for (let i = 0; i < count; i += 1) averages[i] = (signs[i] ?? 0) * cell(column, rows[i] ?? 0);
    this.shorts.set(length, averages);
    return averages;
  }

  /** The least the short average must be for the signal to pass a long length; -Infinity where it always does. */
  limits(length: number): Float64Array {
    const known = this.longs.get(length);
    if (known !== undefined) return known;
    const { rows, signs, count } = this.signals;
    const column = this.columnOf(length);
    const limits = new Float64Array(count);
    const limitAt = this.rule.search.agreement === 'same-order' ? sameOrderLimit : this.notAgainstLimit;
    for (let i = 0; i < count; i += 1) limits[i] = limitAt(column, rows[i] ?? 0, signs[i] ?? 0);
    this.longs.set(length, limits);
    return limits;
  }

  /** The trend stands against a signal when the long average moves against it, and the newest closes lie beyond. */
  private readonly notAgainstLimit = (column: Float64Array, row: number, sign: number): number => {
    const long = cell(column, row);
    const slack = long * ROUNDING_RATE;
    if (sign * (cell(column, row - 1) - long) <= slack) return Number.NEGATIVE_INFINITY;
    for (let ago = 0; ago < this.rule.signal.trendConfirmCandles; ago += 1) {
      if (sign * (long - cell(this.close, row - ago)) <= slack) return Number.NEGATIVE_INFINITY;
    }
    return sign * long - slack;
  };

  private columnOf(length: number): Float64Array {
    emaColumn({ input: this.close, length, output: this.column });
    return this.column;
  }
}

function sameOrderLimit(column: Float64Array, row: number, sign: number): number {
  const long = cell(column, row);
  return sign * long + long * ROUNDING_RATE;
}
