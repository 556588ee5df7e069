import { describe, expect, it } from 'vitest';
import { context, facts, filterSettings, NEWEST_OPEN_MS } from '../../../test/scenario/entry-makers.ts';
import { CANDLE_MS } from '../../../test/scenario/story.ts';
import { lossReentry } from './loss-reentry.ts';

/** Three candles have closed since: those opened at -2, -1 and 0 candles from the newest. */
const THIRD_OPEN_MS = NEWEST_OPEN_MS - 2 * CANDLE_MS;

const judgedAfter = (closedMs: number, count = 1, changes = {}) =>
  lossReentry(context({ lossStreak: { count, closedMs }, settings: filterSettings(changes) }));

describe('the wait after losses', () => {
  it.each([
    ['a loss with the third candle', THIRD_OPEN_MS, 'filter.loss-reentry.pass', 3],
    ['a loss one millisecond later', THIRD_OPEN_MS + 1, 'filter.loss-reentry.waiting', 2],
    ['a loss one millisecond before', THIRD_OPEN_MS - 1, 'filter.loss-reentry.pass', 3],
    ['a loss one candle earlier', THIRD_OPEN_MS - CANDLE_MS, 'filter.loss-reentry.pass', 4],
    ['a loss inside the newest candle', NEWEST_OPEN_MS + 1, 'filter.loss-reentry.waiting', 0],
    ['a loss after it', NEWEST_OPEN_MS + CANDLE_MS + 5, 'filter.loss-reentry.waiting', 0],
  ])('counts whole candles after %s', (_, closedMs, code, value) => {
    expect(judgedAfter(closedMs)).toMatchObject({
      code,
      value,
      threshold: 3,
      margin: value - 3,
      unit: 'candles',
    });
  });

  it('asks for as many losses in a row as the settings do', () => {
    expect(judgedAfter(NEWEST_OPEN_MS, 1, { lossReentryCount: 2 }).kind).toBe('pass');
    expect(judgedAfter(NEWEST_OPEN_MS, 2, { lossReentryCount: 2 }).kind).toBe('veto');
    expect(judgedAfter(NEWEST_OPEN_MS, 3, { lossReentryCount: 2 }).kind).toBe('veto');
  });

  it('passes an instrument that has not lost', () => {
    expect(lossReentry(context({ lossStreak: null })).code).toBe('filter.loss-reentry.pass');
  });

  it('waits where no candle is known and where the end of the loss is no number', () => {
    const lossStreak = { count: 1, closedMs: 0 };
    const blind = context({ lossStreak, candles: facts({ newestOpenTimeMs: null, held: 0 }) });
    expect(lossReentry(blind)).toMatchObject({ kind: 'veto', value: 0 });
    expect(judgedAfter(Number.NaN).kind).toBe('veto');
  });

  it('says that it is off', () => {
    expect(judgedAfter(NEWEST_OPEN_MS, 1, { lossReentryEnabled: false }).code).toBe(
      'filter.loss-reentry.off',
    );
  });
});
