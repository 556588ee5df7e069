import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartPlan, PRICE_HEIGHT, type PriceLevel, RSI_HEIGHT, RSI_TOP, rsiY } from './chart-geometry.ts';

const price = fc.double({ min: 1e-8, max: 1e6, noNaN: true });
const candle = fc.array(price, { minLength: 4, maxLength: 4 }).map((prices) => {
  const [open = 1, close = 1] = prices;
  return { openTimeMs: 0, open, close, high: Math.max(...prices), low: Math.min(...prices) };
});
const level = fc.record({ kind: fc.constantFrom<PriceLevel['kind']>('entry', 'stop', 'now'), price });

function rising(rsi: ReadonlyMap<number, number | null> = new Map()) {
  const candles = [1, 2, 3].map((at) => ({ openTimeMs: at, open: at, high: at + 1, low: at, close: at + 1 }));
  return { candles, rsi };
}

describe('the chart', () => {
  test('without a candle there is none', () => {
    expect(chartPlan({ candles: [], rsi: new Map() }, [], 500)).toBeNull();
  });

  test('keeps every candle, level and label inside its pane', () => {
    const inputs = [
      fc.array(candle, { minLength: 1, maxLength: 150 }),
      fc.array(level, { maxLength: 3 }),
      fc.integer({ min: 200, max: 1200 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (candles, levels, width) => {
        const plan = chartPlan({ candles, rsi: new Map() }, levels, width);
        for (const one of plan?.candles ?? []) {
          expect(one.high).toBeGreaterThanOrEqual(0);
          expect(one.low).toBeLessThanOrEqual(PRICE_HEIGHT);
          expect(one.high).toBeLessThanOrEqual(one.bodyTop + 1e-6);
          expect(one.x).toBeLessThan(plan?.right ?? 0);
        }
        const labels = (plan?.levels ?? []).map(({ labelY }) => labelY);
        for (const y of labels) expect(y >= 0 && y <= PRICE_HEIGHT).toBe(true);
        for (const [index, y] of labels.slice(1).entries()) {
          expect(y - (labels[index] ?? 0)).toBeGreaterThanOrEqual(12 - 1e-9);
        }
      }),
    );
  });

  test('a higher price lies higher, and a higher RSI too', () => {
    const plan = chartPlan(rising(), [{ kind: 'stop', price: 0.5 }], 500);
    const highs = (plan?.candles ?? []).map(({ high }) => high);
    expect(highs).toEqual([...highs].sort((a, b) => b - a));
    expect(plan?.levels[0]?.y).toBeGreaterThan(Math.max(...(plan?.candles ?? []).map(({ low }) => low)));
    expect([rsiY(100), rsiY(0)]).toEqual([RSI_TOP, RSI_TOP + RSI_HEIGHT]);
  });

  test('the RSI line is broken where it is not known', () => {
    const plan = chartPlan(
      rising(
        new Map([
          [1, 40],
          [2, null],
          [3, 60],
        ]),
      ),
      [],
      500,
    );
    expect(plan?.rsiPath.match(/[ML]/g)).toEqual(['M', 'M']);
  });

  test('a market that stood still is drawn in the middle', () => {
    const still = { openTimeMs: 1, open: 5, high: 5, low: 5, close: 5 };
    expect(chartPlan({ candles: [still], rsi: new Map() }, [], 500)?.candles[0]?.high).toBe(PRICE_HEIGHT / 2);
  });
});
