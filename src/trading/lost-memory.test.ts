import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS } from '../core/engine/settings.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { EventRow, Store } from '../store/store.ts';
import type { TradeRow } from '../store/trade-row.ts';
import { regainMemory } from './lost-memory.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW_MS = 20_000 * DAY_MS + 13 * HOUR_MS;
const terms = { accountId: 'a', nowMs: NOW_MS, settings: DEFAULT_TRADING_SETTINGS, instruments: new Map() };

let store: Store;
beforeEach(() => {
  store = openStore({ file: ':memory:', time: new VirtualTime(NOW_MS) });
});
afterEach(() => store.close());

function command(kind: string, instrumentId: string, detail: Record<string, unknown> = {}): EventRow {
  return event('engine.command.accepted', instrumentId, { command: kind, ...detail });
}

function event(code: string, instrumentId: string, detail: Record<string, unknown> = {}): EventRow {
  const detailJson = JSON.stringify(detail);
  return { timeMs: NOW_MS - HOUR_MS, severity: 'info', code, instrumentId, message: '', detailJson };
}

function trade(tradeId: string, instrumentId: string, pnl: string, closedMs: number): TradeRow {
  const prices = {
    quantity: '1',
    entryPrice: '1',
    exitPrice: '1',
    grossPnl: pnl,
    fees: '0',
    tradedPnl: pnl,
    accountId: 'a',
    steps: [],
  };
  const kind = {
    direction: 'long',
    timeframe: '6h',
    entryTrend: 'up',
    entryRsi: null,
    exitReason: 'manual',
    unprotectedMs: null,
  };
  return { tradeId, instrumentId, ...prices, ...kind, openedMs: 1, closedMs };
}

describe('the memory of a state that is lost', () => {
  it('has the bots a person made and did not delete, paused, with what they set', async () => {
    const settings = JSON.stringify({ risk: { leverage: 2 } });
    await store.addEvents([
      command('create-bot', 'BTCUSDT', { direction: 'long', settings: '{}' }),
      command('create-bot', 'ETHUSDT', { direction: null, settings }),
      command('create-bot', 'SOLUSDT', { direction: null, settings: '{}' }),
      command('configure-bot', 'BTCUSDT', { settings }),
      command('delete-bot', 'SOLUSDT'),
      { ...command('create-bot', 'XRPUSDT'), code: 'engine.command.refused' },
    ]);
    const own = { risk: { leverage: 2 } };
    expect((await regainMemory(store, terms)).bots).toMatchObject([
      { instrumentId: 'BTCUSDT', origin: 'manual', paused: true, direction: 'long', settings: own },
      { instrumentId: 'ETHUSDT', paused: true, pauseReason: 'person', direction: null, settings: own },
    ]);
  });

  it('leaves out what a bot set that does not fit the settings of today', async () => {
    const settings = JSON.stringify({ exit: { fundingExitPctMax: 0.01 } });
    await store.addEvents([command('create-bot', 'BTCUSDT', { settings })]);
    expect((await regainMemory(store, terms)).bots).toMatchObject([
      { instrumentId: 'BTCUSDT', settings: {} },
    ]);
  });

  it('has the wait after a failed entry, and losses in a row', async () => {
    await store.addEvents([event('engine.entry.failed', 'BTCUSDT')]);
    await store.addTrade(trade('a1-f', 'BTCUSDT', '-1', 10));
    await store.addTrade(trade('a2-f', 'ETHUSDT', '-1', 20));
    await store.addTrade(trade('a3-f', 'ETHUSDT', '1', 30));
    await store.addTrade(trade('a4-f', 'ETHUSDT', '-2', 40));
    await store.addTrade(trade('a5-f', 'ETHUSDT', '-3', 50));
    await store.addTrade(trade('a6-f', 'SOLUSDT', '3', 60));
    const { coolDowns, lossStreaks } = await regainMemory(store, terms);
    expect([...coolDowns]).toEqual([['BTCUSDT', NOW_MS - HOUR_MS + 6 * HOUR_MS]]);
    expect([...lossStreaks].sort()).toEqual([
      ['BTCUSDT', { count: 1, closedMs: 10 }],
      ['ETHUSDT', { count: 2, closedMs: 50 }],
    ]);
  });

  it('has the wait after a stop that could not be confirmed', async () => {
    await store.addEvents([event('engine.stop.flatten', 'BTCUSDT')]);
    const { coolDowns } = await regainMemory(store, terms);
    expect([...coolDowns]).toEqual([['BTCUSDT', NOW_MS + 5 * HOUR_MS]]);
  });

  it('has the wait after a close by hand while it lasts, and the longer of two', async () => {
    const closed = (id: string, exitReason: string, closedMs: number) =>
      store.addTrade({ ...trade(`${id}-f`, id, '1', closedMs), exitReason });
    await store.addEvents([event('engine.entry.failed', 'BTCUSDT'), event('engine.entry.failed', 'SOLUSDT')]);
    await closed('BTCUSDT', 'manual', NOW_MS - 2 * HOUR_MS);
    await closed('SOLUSDT', 'external', NOW_MS - 17 * HOUR_MS);
    await closed('ETHUSDT', 'external', NOW_MS - 18 * HOUR_MS);
    await closed('XRPUSDT', 'rsi-exit', NOW_MS);
    expect([...(await regainMemory(store, terms)).coolDowns].sort()).toEqual([
      ['BTCUSDT', NOW_MS + 16 * HOUR_MS],
      ['SOLUSDT', NOW_MS + 5 * HOUR_MS],
    ]);
  });

  it('has the equity of the account at its first mark of the day, and none of another day or account', async () => {
    const mark = (hour: number, equity: string, accountId = 'a') => {
      const markMs = 20_000 * DAY_MS + hour * HOUR_MS + 7;
      return { accountId, hour: 480_000 + hour, markMs, equity };
    };
    await store.equityMarks.add([mark(-1, '900'), mark(0, '5', 'b'), mark(1, '6', 'b')]);
    expect((await regainMemory(store, terms)).dayStart).toBeNull();
    await store.equityMarks.add([mark(5, '1200'), mark(2, '1100'), mark(12, '1300')]);
    const { dayStart } = await regainMemory(store, terms);
    expect([dayStart?.day, String(dayStart?.equity)]).toEqual([20_000, '1100']);
    expect(dayStart?.asOfMs).toBe(20_000 * DAY_MS + 2 * HOUR_MS + 7);
  });
});
