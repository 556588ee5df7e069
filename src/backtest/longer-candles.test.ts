import { describe, expect, it } from 'vitest';
import { type CandleColumns, parseCandleFile } from '../core/domain/candle-file.ts';
import { longerCandles } from './longer-candles.ts';

const HOUR_MS = 3_600_000;

function hours(firstHour: number, count: number): CandleColumns {
  const rows = Array.from({ length: count }, (_, i) => {
    const price = 100 + firstHour + i;
    return `${(firstHour + i) * HOUR_MS + 48 * HOUR_MS * 1000},${price},${price + 2},${price - 3},${price + 1},${i + 1}`;
  });
  const parsed = parseCandleFile(['openTime,open,high,low,close,volume', ...rows].join('\n'));
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

describe('longerCandles', () => {
  it('joins whole candles and leaves out what is not whole at either end', () => {
    // Hours 3 to 15: the first full four hours are 4 to 7, the last 8 to 11 and 12 to 15.
    const joined = longerCandles(hours(3, 13), '4h');
    expect(joined?.count).toBe(3);
    expect((joined?.firstOpenMs ?? 0) % (4 * HOUR_MS)).toBe(0);
    const first = [joined?.open[0], joined?.high[0], joined?.low[0], joined?.close[0], joined?.volume[0]];
    // Volumes are 2, 3, 4 and 5 in the hours 4 to 7.
    expect(first).toEqual([104, 109, 101, 108, 14]);
  });

  it('gives the candles themselves on their own timeframe', () => {
    const columns = hours(0, 4);
    expect(longerCandles(columns, '1h')).toBe(columns);
  });

  it.each([['30m'], ['1d']] as const)('has none of %s', (timeframe) => {
    expect(longerCandles(hours(0, 10), timeframe)).toBeNull();
  });
});
