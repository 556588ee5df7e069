import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleFault } from '../../core/domain/candle.ts';
import { pricePath, shareOut, splitCandle } from './split-candle.ts';
import { joinCandles, type TickCandle } from './tick-candle.ts';

const tickCandle: fc.Arbitrary<TickCandle> = fc
  .record({
    base: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1000, max: 5_000_000 })),
    open: fc.double({ min: 0, max: 1, noNaN: true }),
    close: fc.double({ min: 0, max: 1, noNaN: true }),
    range: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })),
    volume: fc.integer({ min: 0, max: 1e12 }),
  })
  .map(({ base, open, close, range, volume }) => {
    const high = base + Math.round(base * range);
    const at = (share: number): number => base + Math.round((high - base) * share);
    return { open: at(open), high, low: base, close: at(close), volume };
  });
const parts = fc.integer({ min: 1, max: 80 });
const seed = fc.integer({ min: 0, max: 0xffffffff });
const surges = fc.constantFrom(null, (share: number) => -Math.sin(share * Math.PI));

describe('splitCandle', () => {
  it('gives children that join into the parent exactly', () => {
    fc.assert(
      fc.property(tickCandle, parts, seed, surges, (parent, count, value, surge) => {
        const children = splitCandle(parent, count, { seed: value, surge });
        const joined = children.reduce<TickCandle | null>(joinCandles, null);
        expect(children).toHaveLength(count);
        expect(joined).toEqual(parent);
      }),
    );
  });

  it('gives sound children in whole ticks and steps, each opening where the one before closed', () => {
    fc.assert(
      fc.property(tickCandle, parts, seed, (parent, count, value) => {
        let before = parent.open;
        for (const child of splitCandle(parent, count, { seed: value })) {
          expect(candleFault({ openTimeMs: 0, ...child })).toBeNull();
          expect(Object.values(child).every(Number.isInteger)).toBe(true);
          expect(child.open).toBe(before);
          before = child.close;
        }
      }),
    );
  });

  it('repeats itself for one seed and differs for another', () => {
    const parent = { open: 10_000, high: 10_900, low: 9_500, close: 10_200, volume: 5000 };
    const first = splitCandle(parent, 24, { seed: 1 });
    expect(splitCandle(parent, 24, { seed: 1 })).toEqual(first);
    expect(splitCandle(parent, 24, { seed: 2 })).not.toEqual(first);
  });

  it('draws a surge where it is told to', () => {
    const parent = { open: 10_000, high: 10_100, low: 7_000, close: 10_000, volume: 5000 };
    const surge = (share: number): number => (share > 0.5 && share < 0.6 ? -0.35 : 0);
    const children = splitCandle(parent, 60, { seed: 7, size: 0.01, surge });
    const lowest = children.findIndex((child) => child.low === 7_000);
    expect(lowest).toBeGreaterThanOrEqual(30);
    expect(lowest).toBeLessThanOrEqual(36);
  });

  it('gives noisier children where the weight is larger', () => {
    const parent = { open: 100_000, high: 110_000, low: 91_000, close: 100_000, volume: 5000 };
    const weights = Array.from({ length: 40 }, (_, index) => (index < 20 ? 1 : 5));
    const children = splitCandle(parent, 40, { seed: 3, weights });
    const span = (from: number): number =>
      children.slice(from, from + 20).reduce((sum, child) => sum + child.high - child.low, 0);
    expect(span(20)).toBeGreaterThan(2 * span(0));
  });
});

describe('pricePath', () => {
  it('starts at the open, ends at the close, touches high and low and never leaves them', () => {
    fc.assert(
      fc.property(tickCandle, fc.integer({ min: 4, max: 90 }), seed, (candle, count, value) => {
        const path = pricePath(candle, count, { seed: value });
        expect(path).toHaveLength(count);
        expect(path[0]).toBe(candle.open);
        expect(path.at(-1)).toBe(candle.close);
        expect(Math.max(...path)).toBe(candle.high);
        expect(Math.min(...path)).toBe(candle.low);
      }),
    );
  });
});

describe('shareOut', () => {
  it('gives whole parts, none negative, that sum to the total', () => {
    const weights = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), weights, (total, list) => {
        const shares = shareOut(total, list);
        expect(shares.reduce((left, right) => left + right, 0)).toBe(total);
        expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
      }),
    );
  });
});
