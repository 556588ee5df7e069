import { describe, expect, it } from 'vitest';
import { exitSettingsSchema } from './settings.ts';

describe('exit settings', () => {
  it('refuse a trailing stop that wakes at once', () => {
    expect(exitSettingsSchema.safeParse({ trailingActivationPct: 0 }).success).toBe(false);
  });

  it.each([
    [
      { trailingActivationPct: 5, trailingDistancePct: 5 },
      'trailingDistancePct',
      'below trailingActivationPct',
    ],
    [{ trailingTakePct: 5 }, 'trailingTakePct', 'nearer than trailingDistancePct'],
    [
      {
        partialTakeProfits: [
          { profitPct: 20, sharePct: 50 },
          { profitPct: 10, sharePct: 25 },
        ],
      },
      'partialTakeProfits',
      'lowest profit to the highest',
    ],
    [
      {
        partialTakeProfits: [
          { profitPct: 10, sharePct: 60 },
          { profitPct: 20, sharePct: 41 },
        ],
      },
      'partialTakeProfits',
      'take off 101 %',
    ],
    [
      { partialTakeProfits: [{ profitPct: 50, sharePct: 50 }] },
      'partialTakeProfits',
      'takeProfitPct closes at 50 %',
    ],
  ])('refuse %j by naming %s', (settings, path, words) => {
    const parsed = exitSettingsSchema.safeParse(settings);
    expect(parsed.error?.issues).toEqual([
      expect.objectContaining({ path: [path], message: expect.stringContaining(words) }),
    ]);
  });

  it.each([
    { trailingActivationPct: null, trailingDistancePct: 40 },
    { takeProfitPct: null, partialTakeProfits: [{ profitPct: 900, sharePct: 100 }] },
    {
      partialTakeProfits: [
        { profitPct: 10, sharePct: 50 },
        { profitPct: 20, sharePct: 50 },
      ],
    },
  ])('take %j', (settings) => {
    expect(exitSettingsSchema.safeParse(settings).success).toBe(true);
  });
});
