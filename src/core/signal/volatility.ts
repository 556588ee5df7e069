import { assert } from '../base/assert.ts';

/** Candles whose mean true range is the volatility of the moment; Wilder's own window. */
const RANGE_CANDLES = 14;
/** Windows the moment is compared with, its own included: 112 candles, four weeks of 6-hour candles. */
const BLOCKS_MAX = 8;
/** With fewer the moment would be compared with hardly more than itself. */
const CANDLES_MIN = 30;

/** Columns of closed candles, oldest first, in quote currency. */
export interface PriceColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** How far price travels in one candle now, and against what is usual. */
export interface Volatility {
  /** Mean true range of the newest 14 candles, quote currency. */
  readonly atr: number;
  /** The same as a share of the newest close, %. */
  readonly atrPct: number;
  /** `atr` over the mean of up to 8 windows of 14 candles that follow each other; 1 is usual. */
  readonly rate: number;
}

/**
 * Volatility of the newest candles against that of the month behind them. The true range of a candle needs the close
 * before it, which is why the oldest candle gives none. Null with fewer than 30 candles, or where price has
 * not moved at all.
 */
export function readVolatility({ high, low, close }: PriceColumns): Volatility | null {
  const rows = close.length;
  assert(high.length === rows && low.length === rows, 'The columns have the same number of rows.');
  if (rows < CANDLES_MIN) return null;
  const blocks = Math.min(BLOCKS_MAX, Math.floor((rows - 1) / RANGE_CANDLES));
  const first = rows - blocks * RANGE_CANDLES;
  const newest = rows - RANGE_CANDLES;
  const before = rangeSum({ high, low, close }, first, newest);
  const now = rangeSum({ high, low, close }, newest, rows);
  const atr = now / RANGE_CANDLES;
  const usual = (before + now) / (blocks * RANGE_CANDLES);
  if (!(usual > 0)) return null;
  return { atr, atrPct: (atr / (close[rows - 1] ?? Number.NaN)) * 100, rate: atr / usual };
}

/** Sum of the true ranges of rows `from` to `to`, `to` left out. */
function rangeSum({ high, low, close }: PriceColumns, from: number, to: number): number {
  let sum = 0;
  let closeBefore = close[from - 1] ?? Number.NaN;
  for (let row = from; row < to; row += 1) {
    const top = high[row] ?? Number.NaN;
    const bottom = low[row] ?? Number.NaN;
    sum += (top > closeBefore ? top : closeBefore) - (bottom < closeBefore ? bottom : closeBefore);
    closeBefore = close[row] ?? Number.NaN;
  }
  return sum;
}
