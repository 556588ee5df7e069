import { describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS, tradingSettingsSchema } from '../../core/engine/settings.ts';
import { ladderRungsRule, ladderSwitchRule } from './ladder-rules.ts';

function rungsOf(steps: unknown, amounts?: unknown) {
  const given = amounts === undefined ? {} : { limit_orders_margin_amounts: amounts };
  const fields = { ...(steps === undefined ? {} : { limit_orders_percent_steps: steps }), ...given };
  return ladderRungsRule.read(fields, DEFAULT_TRADING_SETTINGS);
}

describe('the ladder of the predecessor', () => {
  it('becomes offsets and weights, and says what the amounts are no longer', () => {
    const { taken } = rungsOf([0, 1, '3'], [5, 5, 10]);
    const value = [
      { offsetPct: 0, weight: 5 },
      { offsetPct: 1, weight: 5 },
      { offsetPct: 3, weight: 10 },
    ];
    expect(taken).toEqual([
      { key: 'limit_orders_percent_steps', path: 'entry.rungs', value, change: null },
      {
        key: 'limit_orders_margin_amounts',
        path: 'entry.rungs',
        value,
        change: 'the amounts, 20 in all, share the size of an entry that risk.sizing says',
      },
    ]);
  });

  it('without amounts has equal rungs; amounts alone say nothing', () => {
    expect(rungsOf([1, 2]).taken[0]?.value).toEqual([
      { offsetPct: 1, weight: 1 },
      { offsetPct: 2, weight: 1 },
    ]);
    expect(rungsOf(undefined, [5])).toMatchObject({ taken: [], ignored: [{ detail: expect.any(String) }] });
  });

  it.each([
    ['no list', 5, [5]],
    ['words in a list', ['a'], [5]],
    ['amounts that are no numbers', [1], [null]],
    ['lists of different lengths', [1, 2], [5]],
  ])('is refused for %s', (_what, steps, amounts) => {
    const { taken, refused } = rungsOf(steps, amounts);
    expect([taken, refused?.length]).toEqual([[], 2]);
  });

  it('is switched by a word that is true or false, and by no other', () => {
    const read = (value: unknown) =>
      ladderSwitchRule.read({ limit_orders_entry_enabled: value }, DEFAULT_TRADING_SETTINGS);
    expect(read(true).taken).toMatchObject([{ path: 'entry.entryMethod', value: 'ladder' }]);
    expect(read(false).taken).toMatchObject([{ value: 'market' }]);
    expect(read('yes')).toMatchObject({ taken: [], refused: [{ key: 'limit_orders_entry_enabled' }] });
  });

  it('is written back as it was', () => {
    const rungs = [{ offsetPct: 0.5, weight: 7 }];
    const settings = tradingSettingsSchema.parse({ entry: { entryMethod: 'ladder', rungs } });
    expect({ ...ladderSwitchRule.write(settings), ...ladderRungsRule.write(settings) }).toEqual({
      limit_orders_entry_enabled: true,
      limit_orders_percent_steps: [0.5],
      limit_orders_margin_amounts: [7],
    });
  });
});
