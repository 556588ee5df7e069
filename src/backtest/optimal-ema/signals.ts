import type { CandleColumns } from '../../core/domain/candle-file.ts';
import { rsiColumn } from '../../core/indicator/rsi.ts';
import { cell } from '../longer-candles.ts';
import type { EmaSearchRule } from './settings.ts';

/** What a search reads of candles. */
export type SearchedCandles = Pick<CandleColumns, 'timeframe' | 'firstOpenMs' | 'count' | 'open' | 'close'>;

/** Candles whose RSI is at an extreme and what came of each, oldest first. Columns of one length. */
export interface PastSignals {
  readonly count: number;
  /** The candle. */
  readonly rows: Int32Array;
  /** 1 for a long, -1 for a short. */
  readonly signs: Int8Array;
  /** What it made from the next open to the open `forwardCandles` later, after fees and slippage, %. */
  readonly returnsPct: Float64Array;
}

/** The signals from `firstRow` on whose end is known. */
export function pastSignals(
  candles: SearchedCandles,
  { search, signal }: EmaSearchRule,
  firstRow: number,
): PastSignals {
  const rsi = new Float64Array(candles.count);
  rsiColumn({ input: candles.close, length: signal.rsiLength, output: rsi });
  const end = candles.count - 1 - search.forwardCandles;
  const room = Math.max(0, end - firstRow);
  const [rows, signs, returnsPct] = [new Int32Array(room), new Int8Array(room), new Float64Array(room)];
  const costRate = search.feeTakerRate + search.slippageBps / 10_000;
  let count = 0;
  for (let row = firstRow; row < end; row += 1) {
    const sign = extremeOf(rsi[row] ?? Number.NaN, signal);
    if (sign === 0) continue;
    const entry = cell(candles.open, row + 1);
    const exit = cell(candles.open, row + 1 + search.forwardCandles);
    rows[count] = row;
    signs[count] = sign;
    returnsPct[count] = returnPct({ entry, exit, sign, costRate });
    count += 1;
  }
  return {
    count,
    rows: rows.subarray(0, count),
    signs: signs.subarray(0, count),
    returnsPct: returnsPct.subarray(0, count),
  };
}

/** The first signal at or after a row; `count` when there is none. */
export function firstSignalFrom({ rows, count }: PastSignals, row: number): number {
  let at = 0;
  while (at < count && (rows[at] ?? 0) < row) at += 1;
  return at;
}

/** Standard deviation of the returns of the first `count` closes, as a share of the price; 0 without two returns. */
export function volatilityOf(close: Float64Array, count: number): number {
  let [sum, squares] = [0, 0];
  for (let row = 1; row < count; row += 1) {
    const change = cell(close, row) / cell(close, row - 1) - 1;
    sum += change;
    squares += change * change;
  }
  const returns = count - 1;
  if (returns < 2) return 0;
  const mean = sum / returns;
  return Math.sqrt(Math.max(0, squares / returns - mean * mean));
}

function extremeOf(rsi: number, { rsiLongMax, rsiShortMin }: EmaSearchRule['signal']): -1 | 0 | 1 {
  if (rsi <= rsiLongMax) return 1;
  return rsi >= rsiShortMin ? -1 : 0;
}

function returnPct(held: {
  readonly entry: number;
  readonly exit: number;
  readonly sign: number;
  readonly costRate: number;
}): number {
  const { entry, exit, sign, costRate } = held;
  return ((sign * (exit - entry) - costRate * (entry + exit)) / entry) * 100;
}
