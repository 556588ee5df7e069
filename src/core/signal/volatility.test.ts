import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HighLowClose } from '../indicator/atr.ts';
import { indicatorContract, randomCloses } from '../indicator/indicator-contract.ts';
import { VolatilityState, volatilityAfter } from './volatility.ts';

/** Candles that close at 100 and reach half of `ranges[i]` to either side. */
function candles(ranges: readonly number[]): HighLowClose[] {
  return ranges.map((range) => ({ high: 100 + range / 2, low: 100 - range / 2, close: 100 }));
}

function times(count: number, range: number): number[] {
  return Array.from({ length: count }, () => range);
}

function volatilityOf(ranges: readonly number[]): VolatilityState {
  const volatility = new VolatilityState();
  volatility.restore(volatilityAfter(candles(ranges)));
  return volatility;
}

describe('VolatilityState', () => {
  const promises = indicatorContract({
    make: () => new VolatilityState(),
    inputs: (closes) =>
      closes.map((close, row) => ({ high: close * (1 + (row % 7) / 100), low: close * 0.99, close })),
    broken: { high: Number.NaN, low: 1, close: 1 },
  });
  test.each(promises)('$title', ({ check }) => check());

  test('is usual where ranges stay the same', () => {
    expect(volatilityOf(times(150, 2)).value).toEqual({ atr: 2, atrPct: 2, rate: 1 });
  });

  // 14 candles that reach three times as far: each takes 1/14, or 1/112, of what is left of the way from 2 to 6.
  test('rises with the moment long before the usual does', () => {
    const { atr, rate } = volatilityOf([...times(200, 2), ...times(14, 6)]).value ?? { atr: 0, rate: 0 };
    const moment = 6 - 4 * (13 / 14) ** 14;
    const usual = 6 - 4 * (111 / 112) ** 14;
    expect(atr).toBeCloseTo(moment, 12);
    expect(rate).toBeCloseTo(moment / usual, 12);
  });

  test('is the plain mean of the ranges until its window is full, the first candle giving none', () => {
    const { atr, rate } = volatilityOf([50, ...times(14, 4), ...times(15, 4)]).value ?? { atr: 0, rate: 0 };
    expect(atr).toBe(4);
    expect(rate).toBe(1);
    const { moment } = volatilityAfter(candles([50, 1, 2, 3]));
    expect(moment).toBe(2);
  });

  test('counts the gap to the close before', () => {
    const { moment } = volatilityAfter([...candles([2, 2]), { high: 91, low: 89, close: 90 }]);
    expect(moment).toBe((2 + 11) / 2);
  });

  test('is null with fewer than 30 candles, and where price has never moved', () => {
    expect(volatilityOf(times(29, 2)).value).toBeNull();
    expect(volatilityOf(times(30, 2)).value).not.toBeNull();
    expect(volatilityOf(times(60, 0)).value).toBeNull();
  });

  test('goes on bit-equal after being computed anew from all candles', () => {
    const walk = candles(randomCloses(7).map((close) => (close % 7) + 1));
    const streamed = new VolatilityState();
    for (const [row, candle] of walk.entries()) {
      expect(volatilityAfter(walk.slice(0, row))).toEqual(streamed.snapshot());
      streamed.take(candle);
    }
  });

  test('is more than nothing and no more than eight times the usual', () => {
    const ranges = fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), {
      minLength: 30,
      maxLength: 250,
    });
    fc.assert(
      fc.property(ranges, (made) => {
        const rate = volatilityOf(made).value?.rate ?? Number.NaN;
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(8 + 1e-9);
      }),
    );
  });
});
