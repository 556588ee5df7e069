import { describe, expect, it } from 'vitest';
import { entrySettingsSchema } from './entry-settings.ts';
import { ladderFault } from './ladder-agreement.ts';

function fault(entry: Record<string, unknown>, stopLossPct = 15) {
  const parsed = entrySettingsSchema.parse({ entryMethod: 'ladder', ...entry });
  return ladderFault({ entry: parsed, stopLossPct, rsiLongMax: 29, rsiShortMin: 71 });
}

describe('a ladder and what surrounds it', () => {
  it('agree as they are shipped', () => {
    expect(fault({})).toBeNull();
  });

  it('disagree where the farthest rung lies beyond the stop of the whole, with the numbers', () => {
    const rungs = [0, 10].map((offsetPct) => ({ offsetPct, weight: 1 }));
    // 2 / (1 + 1 / 0.9) = 0.947 on average; 5 % below that stands at 10.0 % exactly.
    expect(fault({ rungs }, 5)).toMatchObject({ key: 'rungs', message: expect.stringContaining('10.00 %') });
    expect(fault({ rungs }, 5.1)).toBeNull();
  });

  it.each([
    [{ rungsRsiLongMax: 29 }, 'rungsRsiLongMax'],
    [{ rungsRsiShortMin: 71 }, 'rungsRsiShortMin'],
  ])('disagree where the calm zone does not hold the RSI of an entry: %o', (entry, key) => {
    expect(fault(entry)?.key).toBe(key);
  });

  it('have nothing to agree on while entries go by market order', () => {
    expect(fault({ entryMethod: 'market', rungsRsiLongMax: 1 }, 0.1)).toBeNull();
  });

  it.each([
    [
      [
        { offsetPct: 2, weight: 1 },
        { offsetPct: 1, weight: 1 },
      ],
    ],
    [
      [
        { offsetPct: 1, weight: 1 },
        { offsetPct: 1, weight: 1 },
      ],
    ],
    [[]],
    [[{ offsetPct: -1, weight: 1 }]],
    [[{ offsetPct: 1, weight: 0 }]],
  ])('refuse rungs that are no ladder: %j', (rungs) => {
    expect(entrySettingsSchema.safeParse({ rungs }).success).toBe(false);
  });
});
