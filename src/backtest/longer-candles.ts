import { assert } from '../core/base/assert.ts';
import type { CandleColumns } from '../core/domain/candle-file.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';

/**
 * The same market in longer candles: first open, highest high, lowest low, last close, summed volume. Candles of
 * which a part is missing at either end are left out. Null when the timeframe is no multiple of the recorded one or
 * no candle is whole.
 */
export function longerCandles(columns: CandleColumns, timeframe: Timeframe): CandleColumns | null {
  const [partMs, wholeMs] = [timeframeMs(columns.timeframe), timeframeMs(timeframe)];
  if (partMs === wholeMs) return columns;
  if (wholeMs % partMs !== 0) return null;
  const parts = wholeMs / partMs;
  const firstOpenMs = Math.ceil(columns.firstOpenMs / wholeMs) * wholeMs;
  const skipped = (firstOpenMs - columns.firstOpenMs) / partMs;
  const count = Math.floor((columns.count - skipped) / parts);
  if (count < 1) return null;
  const column = (): Float64Array => new Float64Array(count);
  const joined = { open: column(), high: column(), low: column(), close: column(), volume: column() };
  for (let i = 0; i < count; i += 1) join(columns, { first: skipped + i * parts, parts, row: i }, joined);
  return { ...columns, timeframe, firstOpenMs, count, ...joined };
}

type Prices = Pick<CandleColumns, 'open' | 'high' | 'low' | 'close' | 'volume'>;

function join(
  from: Prices,
  { first, parts, row }: { readonly first: number; readonly parts: number; readonly row: number },
  into: Prices,
): void {
  let [high, low, volume] = [0, Number.POSITIVE_INFINITY, 0];
  for (let i = first; i < first + parts; i += 1) {
    high = Math.max(high, cell(from.high, i));
    low = Math.min(low, cell(from.low, i));
    volume += cell(from.volume, i);
  }
  into.open[row] = cell(from.open, first);
  into.high[row] = high;
  into.low[row] = low;
  into.close[row] = cell(from.close, first + parts - 1);
  into.volume[row] = volume;
}

/** The value of a row. Stops outside the column. */
export function cell(column: Float64Array, row: number): number {
  const value = column[row];
  assert(value !== undefined, 'The row lies in the column.');
  return value;
}
