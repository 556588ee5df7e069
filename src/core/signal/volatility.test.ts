import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PriceColumns, readVolatility } from './volatility.ts';

/** Candles that close at 100 and reach half of `ranges[i]` to either side. */
function columns(ranges: readonly number[]): PriceColumns {
  return {
    high: Float64Array.from(ranges, (range) => 100 + range / 2),
    low: Float64Array.from(ranges, (range) => 100 - range / 2),
    close: Float64Array.from(ranges, () => 100),
  };
}

function times(count: number, range: number): number[] {
  return Array.from({ length: count }, () => range);
}

describe('readVolatility', () => {
  test('is usual where ranges stay the same', () => {
    expect(readVolatility(columns(times(150, 2)))).toEqual({ atr: 2, atrPct: 2, rate: 1 });
  });

  // Seven windows of 2 and one of 6 have a mean of 2.5.
  test('compares the newest 14 candles with eight windows, theirs included', () => {
    const volatile = [...times(200, 2), ...times(14, 6)];
    expect(readVolatility(columns(volatile))).toEqual({ atr: 6, atrPct: 6, rate: 2.4 });
    const quiet = [...times(200, 2), ...times(14, 0.25)];
    expect(readVolatility(columns(quiet))?.rate).toBeCloseTo(0.25 / 1.78125, 12);
  });

  test('looks back on 14 true ranges, not 13', () => {
    const jump = [...times(136, 2), 30, ...times(13, 2)];
    expect(readVolatility(columns(jump))?.atr).toBe((30 + 13 * 2) / 14);
    expect(readVolatility(columns([...jump, 2]))?.atr).toBe(2);
  });

  test('counts the gap to the close before', () => {
    const { high, low, close } = columns(times(60, 2));
    close.fill(90, 59);
    high.fill(91, 59);
    low.fill(89, 59);
    expect(readVolatility({ high, low, close })?.atr).toBe((13 * 2 + 11) / 14);
  });

  test('makes do with two windows, and with no fewer than 30 candles', () => {
    expect(readVolatility(columns(times(29, 2)))).toBeNull();
    expect(readVolatility(columns([...times(16, 2), ...times(14, 6)]))?.rate).toBe(1.5);
  });

  test('is null where price has not moved', () => {
    expect(readVolatility(columns(times(60, 0)))).toBeNull();
  });

  test('compares no more than eight times the usual, and not less than nothing', () => {
    const ranges = fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), {
      minLength: 30,
      maxLength: 150,
    });
    fc.assert(
      fc.property(ranges, (made) => {
        const rate = readVolatility(columns(made))?.rate ?? Number.NaN;
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(8 + 1e-9);
      }),
    );
  });
});
