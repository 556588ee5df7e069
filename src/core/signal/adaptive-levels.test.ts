import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptiveLevels } from './adaptive-levels.ts';
import { type SignalSettings, signalSettingsSchema } from './settings.ts';

function settings(changes: Partial<SignalSettings> = {}): SignalSettings {
  return signalSettingsSchema.parse(changes);
}

describe('adaptiveLevels', () => {
  test.each([
    { rate: 2, levels: { longMax: 24, shortMin: 76 } },
    { rate: 1.51, levels: { longMax: 24, shortMin: 76 } },
    { rate: 1.5, levels: { longMax: 29, shortMin: 71 } },
    { rate: 1, levels: { longMax: 29, shortMin: 71 } },
    { rate: 0.7, levels: { longMax: 29, shortMin: 71 } },
    { rate: 0.69, levels: { longMax: 32, shortMin: 68 } },
  ])('are $levels at $rate times the usual volatility', ({ rate, levels }) => {
    expect(adaptiveLevels(rate, settings())).toEqual(levels);
  });

  test('start from the thresholds a person has set', () => {
    const own = settings({ rsiLongMax: 35, rsiShortMin: 66 });
    expect(adaptiveLevels(2, own)).toEqual({ longMax: 30, shortMin: 71 });
    expect(adaptiveLevels(0.5, own)).toEqual({ longMax: 38, shortMin: 63 });
  });

  test('become no stricter than the extremes, and no laxer than the middle', () => {
    expect(adaptiveLevels(2, settings({ rsiLongMax: 22, rsiShortMin: 78 }))).toEqual({
      longMax: 20,
      shortMin: 80,
    });
    expect(adaptiveLevels(2, settings({ rsiLongMax: 15, rsiShortMin: 85 }))).toEqual({
      longMax: 15,
      shortMin: 85,
    });
    expect(adaptiveLevels(0.5, settings({ rsiLongMax: 49, rsiShortMin: 51 }))).toEqual({
      longMax: 50,
      shortMin: 50,
    });
  });

  test('are never laxer than the base where volatility is high, never stricter where it is low', () => {
    const made = fc.record({
      rsiLongMax: fc.integer({ min: 1, max: 50 }),
      rsiShortMin: fc.integer({ min: 50, max: 99 }),
      rsiExtremeLow: fc.integer({ min: 1, max: 50 }),
      rsiExtremeHigh: fc.integer({ min: 50, max: 99 }),
      adaptiveStricterRsi: fc.integer({ min: 0, max: 20 }),
      adaptiveLaxerRsi: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(made, (changes) => {
        const base = settings(changes);
        const strict = adaptiveLevels(3, base);
        const lax = adaptiveLevels(0.1, base);
        expect(strict.longMax).toBeLessThanOrEqual(base.rsiLongMax);
        expect(strict.shortMin).toBeGreaterThanOrEqual(base.rsiShortMin);
        expect(lax.longMax).toBeGreaterThanOrEqual(base.rsiLongMax);
        expect(lax.shortMin).toBeLessThanOrEqual(base.rsiShortMin);
      }),
    );
  });
});

describe('the settings of signals', () => {
  test('want the short average to be the shorter, and say so', () => {
    const parsed = signalSettingsSchema.safeParse({ trendEmaShortLength: 200 });
    expect(parsed.error?.issues).toMatchObject([
      { path: ['trendEmaShortLength'], message: expect.stringContaining('fewer candles than the long one') },
    ]);
    expect(settings({ trendEmaShortLength: 9, trendEmaLongLength: 21 }).trendEmaLongLength).toBe(21);
  });
});
