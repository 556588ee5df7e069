import { describe, expect, it } from 'vitest';
import { rng } from '../../core/base/rng.ts';
import { meanInterval } from './dated-mean.ts';

const DAY_MS = 86_400_000;
const RULE = { blockMs: 7 * DAY_MS, confidencePct: 95, seed: 1 };

describe('meanInterval', () => {
  it('holds no width where every value is the same', () => {
    const values = Array.from({ length: 100 }, (_, day) => ({ timeMs: day * DAY_MS, value: 2.5 }));
    expect(meanInterval(values, RULE)).toEqual({ low: 2.5, high: 2.5 });
  });

  it('is null without values and in fewer than ten blocks of time', () => {
    const values = Array.from({ length: 300 }, (_, i) => ({ timeMs: i * 0.2 * DAY_MS, value: i }));
    expect([meanInterval([], RULE), meanInterval(values, RULE)]).toEqual([null, null]);
    expect(meanInterval(values, { ...RULE, blockMs: 6 * DAY_MS })).not.toBeNull();
  });

  it('is null where fewer than ten blocks hold anything', () => {
    const filled = (blocks: number) =>
      Array.from({ length: 280 }, (_, day) => ({ timeMs: day * DAY_MS, value: day < blocks * 7 ? 1 : 0 }));
    expect(meanInterval(filled(9), RULE)).toBeNull();
    expect(meanInterval(filled(10), RULE)).not.toBeNull();
  });

  it('covers nothing at all in at least nine of ten draws of noise that comes in waves', () => {
    const covered = Array.from({ length: 100 }, (_, seed) => {
      const dice = rng(seed + 1);
      const waves = Array.from({ length: 50 }, () => dice.normal());
      const values = Array.from({ length: 350 }, (_, day) => ({
        timeMs: day * DAY_MS,
        value: (waves[Math.floor(day / 7)] ?? 0) + dice.normal(),
      }));
      const interval = meanInterval(values, RULE);
      return interval !== null && interval.low <= 0 && interval.high >= 0;
    });
    expect(covered.filter(Boolean).length).toBeGreaterThanOrEqual(90);
  });
});
