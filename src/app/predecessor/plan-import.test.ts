import { describe, expect, it } from 'vitest';
import { PREDECESSOR, predecessorTexts } from '../../../test/fixture/predecessor-files.ts';
import { ensure } from '../../core/base/assert.ts';
import { parseInstrumentId } from '../../core/domain/instrument.ts';
import { EMPTY_DOCUMENT } from '../../core/engine/settings-document.ts';
import { type OwnState, type PredecessorFile, planImport } from './plan-import.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const FRESH: OwnState = {
  document: EMPTY_DOCUMENT,
  bots: [],
  botsBlocked: null,
  searches: [],
  nowMs: NOW_MS,
};

function planOf(files: Partial<Record<PredecessorFile, unknown>>, own: Partial<OwnState> = {}) {
  const plan = planImport(predecessorTexts(files), { ...FRESH, ...own });
  const line = (place: string) => {
    const found = plan.lines.find((candidate) => candidate.place === place);
    return found === undefined ? null : `${found.kind}: ${found.detail}`;
  };
  return { ...plan, line };
}

const autoBot = (fields: unknown) => planOf({ 'auto_bot_config.json': fields });

describe('an import of all files', () => {
  it('takes settings of all coins, of one, and bots of a person', () => {
    const { document, bots, searches } = planOf(PREDECESSOR);
    expect(document.global).toEqual({
      signal: {
        rsiLongMax: 27,
        rsiShortMin: 73,
        confirmVolumeCounted: false,
        rsiExtremeCandlesMax: 4,
        rsiExtremeLow: 18,
        divergenceCandles: 12,
      },
      filter: { scope: 'blacklist', whitelist: ['BTCUSDT', 'ETHUSDT'], blacklist: ['LUNAUSDT'] },
      risk: { positionsMax: 7, sizing: 'equity', positionEquityPct: 5, leverage: 5 },
      entry: {
        entryMethod: 'ladder',
        rungs: [
          { offsetPct: 0, weight: 5 },
          { offsetPct: 1, weight: 5 },
          { offsetPct: 3, weight: 10 },
        ],
      },
      exit: { stopLossPct: 12.5, takeProfitPct: 40, positionHoursMax: 48 },
    });
    expect(document.instruments).toEqual({
      BTCUSDT: { signal: { rsiLongMax: 25 }, exit: { stopLossPct: 8 } },
      DOGEUSDT: { filter: { avoidDownTrend: true } },
    });
    expect(bots).toEqual([
      {
        instrumentId: 'SOLUSDT',
        origin: 'manual',
        paused: true,
        pauseReason: 'person',
        single: false,
        direction: null,
        createdMs: Date.UTC(2025, 9, 15, 10),
        settings: { risk: { sizing: 'notional', positionNotionalUsdt: 15, leverage: 3 } },
      },
    ]);
    expect(
      searches.map(({ instrumentId, shortLength, longLength, verdict }) => [
        instrumentId,
        shortLength,
        longLength,
        verdict,
      ]),
    ).toEqual([
      ['BTCUSDT', 20, 60, 'not-enough'],
      ['ETHUSDT', 9, 21, 'not-enough'],
    ]);
  });

  it('says of every key what became of it', () => {
    const { lines, line } = planOf(PREDECESSOR);
    for (const [file, content] of Object.entries(PREDECESSOR)) {
      if (file !== 'system_config.json' && file !== 'auto_bot_config.json') continue;
      for (const key of Object.keys(Object(content))) {
        expect(
          lines.filter((told) => told.file === file && told.place === key),
          key,
        ).not.toEqual([]);
      }
    }
    expect(line('enabled')).toMatch(/^ignored: .*only a person/);
    expect(line('bots.XRP')).toMatch(/^ignored: .*Auto Bot.*position stays/);
    expect(line('auto_bot_config')).toBe('ignored: auto_bot_config.json is there and counts');
    expect(lines.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('leaves what is set here and not named there, and changes nothing the second time', () => {
    const own = {
      global: { exit: { trailingDistancePct: 4 } },
      instruments: { BTCUSDT: { risk: { leverage: 2 } } },
    };
    const first = planOf(PREDECESSOR, { document: own });
    expect(first.document.instruments['BTCUSDT']?.risk).toEqual({ leverage: 2 });
    expect(first.document.global.exit?.trailingDistancePct).toBe(5);
    const again = planOf(PREDECESSOR, { document: first.document, bots: first.bots });
    expect(again.document).toEqual(first.document);
    expect(again.bots).toEqual([]);
  });
});

describe('keys', () => {
  it.each([
    ['max_concurrent', 60, 'changed: risk.positionsMax = 50: 60 is above the most that is allowed here, 50'],
    ['leverage', 125, 'changed: risk.leverage = 25: 125 is above the most that is allowed here, 25'],
    ['rsi_long_threshold', '28', 'changed: signal.rsiLongMax = 28: the text "28" is read as a number'],
    ['max_position_hours', 0, 'changed: exit.positionHoursMax = null: 0 is off'],
    ['trailing_update_interval', 2.5, 'changed: exit.trailingUpdateMs = 2500: 2.5 s'],
    [
      'rsi_time_filter_candles',
      0,
      'changed: filter.rsiTimeCandles = 1: 0 is below the least there is here, 1',
    ],
    ['trailing_take_distance', 0, 'ignored: 0 is none: exit.trailingTakeCloses decides here'],
    [
      'close_at_profit_enabled',
      false,
      'changed: exit.takeProfitPct = null: close_at_profit_enabled is false: off',
    ],
    ['break_even_protection', false, 'changed: exit.breakEvenTriggerPct = null: false is off'],
    ['max_loss_percent', null, 'ignored: null: not set'],
    [
      'blacklist',
      ['btc', 'BTC/USDT'],
      'changed: filter.blacklist = ["BTCUSDT"]: coins named twice are kept once',
    ],
    ['surprise', 1, 'ignored: no known key'],
    ['__proto__', 1, 'ignored: no known key'],
    ['constructor', 1, 'ignored: no known key'],
  ])('%s %j', (key, value, expected) => {
    expect(autoBot(`{${JSON.stringify(key)}: ${JSON.stringify(value)}}`).line(key)).toBe(expected);
  });

  it('of older spellings give way to those of today, and are told', () => {
    const { document, line } = autoBot({
      break_even_trigger: 10,
      break_even_trigger_percent: 15,
      volume_mode: 'fixed_qty',
      default_position_mode: 'fixed_usdt',
      volume_value: 3,
      rsi_exit_long: 64,
      rsi_exit_long_with_trend: 66,
    });
    expect(document.global).toEqual({
      exit: { breakEvenTriggerPct: 15, rsiExitLongWithTrend: 66, rsiExitLongAgainstTrend: 64 },
      risk: { positionNotionalUsdt: 3 },
    });
    expect(line('break_even_trigger')).toBe(
      'ignored: an older name of break_even_trigger_percent, which says 15 and counts',
    );
    expect(line('volume_mode')).toContain('an older name of default_position_mode');
  });

  it('of a bot put its own volume before the default one', () => {
    const { bots } = planOf({
      'bots_state.json': {
        bots: { SOL: { volume_mode: 'qty', volume_value: 2, default_position_mode: 'usdt' } },
      },
    });
    expect(bots[0]?.settings).toEqual({ risk: { sizing: 'quantity', positionQuantity: 2 } });
  });
});

describe('percent of margin', () => {
  const october = { trailing_stop_activation: 300, trailing_stop_distance: 150, break_even_trigger: 100 };

  it('becomes a price move by the leverage of the file', () => {
    const { document, line } = autoBot({ ...october, leverage: 10 });
    expect(document.global.exit).toEqual({ trailingDistancePct: 15, breakEvenTriggerPct: 10 });
    expect(line('trailing_stop_activation')).toBe(
      'changed: exit.trailingActivationPct = 30: 300 % of the margin at 10x is 30 % of the price',
    );
  });

  it('is not guessed at without a leverage', () => {
    const { document, line } = autoBot(october);
    expect(document).toEqual(EMPTY_DOCUMENT);
    expect(line('trailing_stop_distance')).toContain('set exit.trailingDistancePct yourself');
    expect(line('break_even_trigger')).toContain('set exit.breakEvenTriggerPct yourself');
  });

  it('in one trigger beside price moves changes neither', () => {
    const fields = {
      trailing_stop_activation: 40,
      trailing_stop_distance: 6,
      break_even_trigger_percent: 100,
    };
    const { document, line } = autoBot({ ...fields, leverage: 10 });
    expect(document.global.exit).toEqual({ trailingActivationPct: 40, trailingDistancePct: 6 });
    expect(line('break_even_trigger_percent')).toContain('set exit.breakEvenTriggerPct yourself');
  });
});

describe('a file', () => {
  it.each<[string, unknown, string]>([
    ['a value out of range', { rsi_long_threshold: 80 }, 'rsi_long_threshold'],
    ['another type', { trend_analysis_period: {} }, 'trend_analysis_period'],
    ['a word no enumeration has', { scope: 'some' }, 'scope'],
    ['a mode no sizing has', { default_position_mode: 'lots' }, 'default_position_mode'],
    ['a list of other things', { whitelist: ['BTC', 7] }, 'whitelist'],
    ['a timeframe that is not traded', { system_timeframe: '8h' }, 'system_timeframe'],
    ['a switch that is text', { break_even_protection: 'yes' }, 'break_even_protection'],
    [
      'two values that contradict',
      { trailing_stop_activation: 4, trailing_stop_distance: 5 },
      'trailing_stop_distance',
    ],
  ])('with %s is refused whole, at its place', (_, fields, place) => {
    const { document, line, lines } = autoBot({ ...Object(fields), max_concurrent: 3 });
    expect(document).toEqual(EMPTY_DOCUMENT);
    expect(lines.filter(({ kind }) => kind === 'refused').map((told) => told.place)).toEqual([place]);
    expect(line('max_concurrent')).toMatch(/^ignored: not taken, its file is refused/);
  });

  it('that is refused keeps no other one out', () => {
    const { document, lines } = planOf({ ...PREDECESSOR, 'auto_bot_config.json': '{"scope": "all", }' });
    expect(lines.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { file: 'auto_bot_config.json', place: 'line 1' },
    ]);
    expect(document.global.signal?.divergenceCandles).toBe(12);
    expect(document.global.risk).toBeUndefined();
    expect(document.instruments['BTCUSDT']).toBeDefined();
  });

  it.each<[string, unknown, string]>([
    ['one setting of one bot is wrong', { SOL: { leverage: 'much' }, ADA: {} }, 'bots.SOL.leverage'],
    ['a bot is no object', { ADA: {}, SOL: 3 }, 'bots.SOL'],
    ['a name is none', { '<b>': {} }, 'bots.<b>'],
    ['a coin stands there twice', { SOL: {}, SOLUSDT: {} }, 'bots.SOLUSDT'],
    ['a record is of another coin', { SOL: { symbol: 'ADA' } }, 'bots.SOL'],
  ])('of bots is refused whole when %s', (_, stored, place) => {
    const files = { 'bots_state.json': { bots: stored, auto_bot_config: { max_concurrent: 3 } } };
    const { bots, document, lines } = planOf(files);
    expect([bots, document]).toEqual([[], EMPTY_DOCUMENT]);
    expect(lines.find(({ kind }) => kind === 'refused')?.place).toBe(place);
  });

  it('of bots gives Auto Bot’s settings where they have no file of their own', () => {
    const { document, line } = planOf({ 'bots_state.json': PREDECESSOR['bots_state.json'] });
    expect(document.global).toEqual({ risk: { positionsMax: 50 } });
    expect(line('auto_bot_config.enabled')).toMatch(/^ignored/);
  });

  it('of bots waits for a trading state that is lost', () => {
    const { bots, line } = planOf(PREDECESSOR, { botsBlocked: 'the trading state is lost' });
    expect(bots).toEqual([]);
    expect(line('bots')).toBe('refused: the trading state is lost');
  });

  it('leaves a bot that is here already as it is', () => {
    const instrumentId = ensure(parseInstrumentId('SOLUSDT'), 'a name');
    const { bots, line } = planOf(PREDECESSOR, { bots: [{ instrumentId, settings: {} }] });
    expect(bots).toEqual([]);
    expect(line('bots.SOL')).toBe('ignored: SOLUSDT has a bot here, which stays as it is');
  });

  it('whose settings a bot here contradicts is refused', () => {
    const instrumentId = ensure(parseInstrumentId('SOLUSDT'), 'a name');
    const bots = [{ instrumentId, settings: { exit: { trailingActivationPct: 6 } } }];
    const files = { 'auto_bot_config.json': { trailing_stop_distance: 8 } };
    const { document, lines } = planOf(files, { bots });
    expect(document).toEqual(EMPTY_DOCUMENT);
    expect(lines).toMatchObject([{ kind: 'ignored' }, { kind: 'refused', place: 'trailing_stop_distance' }]);
  });

  it('with a pair of averages the wrong way round is refused, and a search of ours stands', () => {
    const refused = planOf({ 'optimal_ema.json': { BTC: { ema_short: 50, ema_long: 20 } } });
    expect([refused.searches, refused.line('BTC')]).toEqual([
      [],
      'refused: it takes two lengths, the short one below the long one',
    ]);
    const first = planOf(PREDECESSOR).searches.map((row) => ({ ...row, settingsHash: '0123456789abcdef' }));
    const again = planOf(PREDECESSOR, { searches: first });
    expect([again.searches, again.line('BTC')]).toEqual([
      [],
      'ignored: BTCUSDT was searched here, which stands',
    ]);
  });
});
