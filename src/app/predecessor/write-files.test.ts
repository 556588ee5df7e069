import { expect, it } from 'vitest';
import { ensure } from '../../core/base/assert.ts';
import { parseInstrumentId } from '../../core/domain/instrument.ts';
import type { CloseRecord, InstrumentAtClose } from '../../core/engine/close-record.ts';
import { Engine } from '../../core/engine/engine.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../core/engine/settings.ts';
import { EMPTY_DOCUMENT } from '../../core/engine/settings-document.ts';
import type { PositionSnapshot, TradingSnapshot } from '../../core/engine/snapshot.ts';
import { EMPTY_GUARD_MEMORY } from '../../core/position/guard-memory.ts';
import { type StoredState, writeFiles } from './write-files.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const trading = new Engine({ settings: DEFAULT_TRADING_SETTINGS, settingsVersion: 0 }).tradingSnapshot();
const EMPTY: StoredState = {
  document: EMPTY_DOCUMENT,
  trading: null,
  close: null,
  searches: [],
  nowMs: NOW_MS,
};

function atClose(name: string, change: Partial<InstrumentAtClose> = {}): InstrumentAtClose {
  return {
    instrumentId: ensure(parseInstrumentId(name), 'a name'),
    outcome: 'no-signal',
    signal: 'wait',
    trend: 'up',
    rsi: 44.5,
    close: 2,
    rsiLongMax: 29,
    rsiShortMin: 71,
    turnover24h: null,
    dataAgeMs: 0,
    rank: null,
    inPosition: null,
    blockers: [],
    ...change,
  };
}

function closeOf(...instruments: InstrumentAtClose[]): CloseRecord {
  const account = {
    autoBotEnabled: true,
    entriesAllowed: true,
    entriesReason: '',
    slotsMax: 5,
    slotsUsed: 0,
    equity: null,
    exposure: 0,
    settingsVersion: 1,
  };
  return { timeframe: '6h', closeTimeMs: 1_700_000_000_000, account, instruments };
}

it('an empty state gives every file, with nothing in those that hold what happened', () => {
  const { files, unsaid } = writeFiles(EMPTY);
  expect([...files.keys()]).toHaveLength(8);
  expect(files.get('bots_state.json')?.['bots']).toEqual({});
  expect(files.get('auto_bot_config.json')).toMatchObject({
    enabled: false,
    max_concurrent: 5,
    max_loss_percent: 15,
  });
  expect(files.get('mature_coins.json')).toEqual({});
  expect(unsaid).toEqual([]);
});

it('the newest close gives RSI and the coins nothing called immature', () => {
  const young = atClose('ADAUSDT', { blockers: ['filter.trend.against', 'filter.maturity.too-young'] });
  const unknown = atClose('DOTUSDT', {
    rsi: null,
    trend: null,
    close: null,
    blockers: ['filter.data.too-few'],
  });
  const low = atClose('SOLUSDT', { rsi: 20, signal: 'enter-long', blockers: ['filter.trend.against'] });
  const { files } = writeFiles({ ...EMPTY, close: closeOf(atClose('BTCUSDT'), young, unknown, low) });
  expect(files.get('rsi_cache.json')).toMatchObject({
    coins: {
      BTC: { symbol: 'BTC', rsi6h: 44.5, trend6h: 'UP', signal: 'WAIT', price: 2 },
      ADA: { rsi6h: 44.5 },
      SOL: { rsi6h: 20, signal: 'ENTER_LONG' },
    },
    stats: { total_coins: 3 },
  });
  expect(Object.keys(files.get('mature_coins.json') ?? {})).toEqual(['BTC', 'SOL']);
});

it('no coin is called mature while nobody looks', () => {
  const document = { global: { filter: { maturityEnabled: false } }, instruments: {} };
  const { files } = writeFiles({ ...EMPTY, document, close: closeOf(atClose('BTCUSDT')) });
  expect(files.get('mature_coins.json')).toEqual({});
});

it('a bot is written with its position', () => {
  const bot: TradingSnapshot['bots'][number] = {
    instrumentId: 'SOLUSDT',
    origin: 'auto',
    paused: false,
    pauseReason: null,
    single: false,
    direction: null,
    createdMs: 0,
    settings: {},
  };
  const entry: PositionSnapshot['entry'] = {
    timeframe: '6h',
    rsi: 25,
    trend: 'down',
    leverage: 1,
    stopPrice: '17',
    takeProfitPrice: null,
    referencePrice: '20',
  };
  const position: PositionSnapshot = {
    instrumentId: 'SOLUSDT',
    entryOrderId: 'a',
    entry,
    holding: {
      direction: 'short',
      entryQuantity: '4',
      entryNotional: '82',
      exitQuantity: '1',
      exitNotional: '20',
      fees: '0',
    },
    steps: [],
    state: 'open',
    openedMs: 5000,
    openingFillId: 'f',
    statedMs: null,
    stopPrice: '23.5',
    stopKind: 'initial',
    stopMovedMs: null,
    takeProfitPrice: null,
    guard: EMPTY_GUARD_MEMORY,
    exchangeStopPrice: null,
    exchangeTakeProfitPrice: null,
    liquidationPrice: null,
    readMs: null,
    stopConfirmedMs: null,
    confirmedStopPrice: null,
    stopMoveRefused: false,
    stopWatch: { sinceMs: 1, seenMs: 1, countedMs: 0, earlierMs: 0, told: false },
    stopOddity: 'none',
    closing: null,
    reducing: null,
    absence: null,
    proof: null,
    driftQuantity: null,
  };
  const { files } = writeFiles({ ...EMPTY, trading: { ...trading, bots: [bot], positions: [position] } });
  expect(files.get('bots_state.json')?.['bots']).toEqual({
    SOL: {
      id: 'SOL',
      symbol: 'SOL',
      status: 'in_position_short',
      auto_managed: true,
      created_at: '1970-01-01T00:00:00.000Z',
      entry_price: 20.5,
      position_side: 'SHORT',
      position_size_coins: 3,
      position_size: 61.5,
      position_start_time: '1970-01-01T00:00:05.000Z',
      entry_timeframe: '6h',
      entry_trend: 'DOWN',
      stop_loss: 23.5,
      take_profit: null,
    },
  });
});

it('what the predecessor has no word for is named', () => {
  const document = {
    global: { risk: { sizing: 'risk' as const }, filter: { spreadPctMax: 0.1 } },
    instruments: { BTCUSDT: { signal: { confirmEnabled: false }, risk: { leverage: 2 } } },
  };
  const bots = [
    {
      instrumentId: 'SOLUSDT',
      origin: 'manual' as const,
      paused: true,
      pauseReason: null,
      single: false,
      direction: null,
      createdMs: 0,
      settings: { exit: { trendFlipExit: true } },
    },
  ];
  const { files, unsaid } = writeFiles({ ...EMPTY, document, trading: { ...trading, bots } });
  expect(unsaid).toEqual([
    'risk.sizing',
    'filter.spreadPctMax',
    'instruments.BTCUSDT.signal.confirmEnabled',
    'bots.SOLUSDT.exit.trendFlipExit',
  ]);
  expect(files.get('individual_coin_settings.json')).toEqual({ BTC: { leverage: 2 } });
  expect(files.get('auto_bot_config.json')).not.toHaveProperty('default_position_mode');
});
