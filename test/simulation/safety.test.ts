import { describe, expect, it } from 'vitest';
import type { HttpOutcome, Transport } from '../../src/exchange/transport.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { close, enable, eventCodes, HOLD, held, MINUTE, ours, safeWorld } from './safe-world.ts';

const ACCOUNT = 'simulation';

/** Rewrites the rows of lists on their way to the service. */
function rewriting(
  rewrite: (path: string, rows: readonly Row[]) => readonly Row[],
): (wire: Transport) => Transport {
  return (wire) => ({
    openChannel: (path, handlers) =>
      wire.openChannel(path, {
        ...handlers,
        onMessage: (text) => {
          const message = JSON.parse(text) as { topic?: string; data?: readonly Row[] };
          const topic = message.topic ?? '';
          const rows = topic === 'execution' ? rewrite(topic, message.data ?? []) : null;
          handlers.onMessage(rows === null ? text : JSON.stringify({ ...message, data: rows }));
        },
      }),
    request: async (request) => {
      const outcome = await wire.request(request);
      return outcome.kind === 'answered'
        ? rewritten(outcome, (rows) => rewrite(request.path, rows))
        : outcome;
    },
  });
}

type Row = Readonly<Record<string, unknown>>;

function rewritten(
  outcome: Extract<HttpOutcome, { kind: 'answered' }>,
  rewrite: (rows: readonly Row[]) => readonly Row[],
): HttpOutcome {
  const body = JSON.parse(outcome.body) as { result?: { list?: readonly Row[] } };
  const list = body.result?.list;
  if (list === undefined) return outcome;
  return { ...outcome, body: JSON.stringify({ ...body, result: { ...body.result, list: rewrite(list) } }) };
}

describe('a position whose instrument is listed no more', () => {
  it('is kept, told of, and can be closed after a restart', async () => {
    let gone = '';
    const world = await safeWorld({
      wireThrough: rewriting((path, rows) => {
        const hides = path === '/v5/market/instruments-info' || path === '/v5/market/tickers';
        return hides ? rows.filter((row) => row['symbol'] !== gone) : rows;
      }),
    });
    enable(world);
    await world.time.advance(2 * MINUTE);
    const [position] = world.trading().engine.positions();
    if (position === undefined) throw new Error('a position is open');
    world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
    world.die();
    gone = world.trading().engine.instrument(position.instrumentId)?.exchangeSymbol ?? '';
    await world.restart();
    expect(world.trading().engine.instrument(position.instrumentId)?.status).toBe('closed');
    expect(await eventCodes(world)).toContain('engine.position.delisting');
    expect(ours(world)).toEqual(held(world));
    await close(world, position.instrumentId);
    expect(held(world).filter((line) => line.startsWith(`${position.instrumentId} `))).toEqual([]);
    expect(ours(world)).toEqual(held(world));
  });
});

describe('an account that a later process has taken', () => {
  it('gets no entry and no state from the older one, which can still close its positions', async () => {
    const world = await safeWorld({
      settings: {
        timeframe: '1m',
        filter: OPEN_FILTERS,
        exit: HOLD,
        risk: { positionsMax: 50 },
      },
    });
    enable(world);
    await world.time.advance(2 * MINUTE);
    const epoch = await world.store.takeEpoch(ACCOUNT, world.time.nowMs());
    await world.store.saveTradingState({ accountId: ACCOUNT, epoch }, '"the later one"', world.time.nowMs());
    const orders = (): number => {
      const account = world.venue.state().accounts[0];
      return [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])].filter(
        (order) => order['reduceOnly'] === false,
      ).length;
    };
    const sent = orders();
    expect(sent).toBeGreaterThan(0);
    await world.time.advance(10 * MINUTE);
    expect(world.journal.some((line) => line.includes('executor.lease-lost'))).toBe(true);
    expect(orders()).toBe(sent);
    expect(world.trading().mode()).toMatchObject({
      mode: 'reduce-only',
      reason: expect.stringContaining('taken'),
    });
    expect((await eventCodes(world)).filter((code) => code === 'trading.lease.lost')).toHaveLength(1);
    expect(await world.store.loadTradingState(ACCOUNT)).toBe('"the later one"');
    const [position] = world.trading().engine.positions();
    if (position === undefined) throw new Error('a position is open');
    await close(world, position.instrumentId);
    expect(held(world).some((line) => line.startsWith(`${position.instrumentId} `))).toBe(false);
  });

  it('is entered by the later of two living services alone, and by it never twice', async () => {
    const world = await safeWorld({ settings: { timeframe: '1m', exit: HOLD, risk: { positionsMax: 50 } } });
    const older = world.trading();
    enable(world);
    await world.time.advance(MINUTE);
    const rival = await world.rival();
    const takenMs = world.time.nowMs();
    rival.command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
    await world.time.advance(5 * MINUTE);
    expect(older.mode().mode).toBe('reduce-only');
    expect(rival.mode().mode).toBe('ready');
    const epoch = rival.engine.tradingSnapshot().lease?.epoch ?? 0;
    const account = world.venue.state().accounts[0];
    const entries = [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])].filter(
      (order) => order['reduceOnly'] === false && Number(order['createdMs']) > takenMs,
    );
    const epochs = entries.map((order) => Number.parseInt(String(order['clientOrderId']).slice(9, 15), 36));
    expect(new Set(epochs)).toEqual(new Set([epoch]));
    const entered = entries.map((order) => order['instrumentId']);
    expect(new Set(entered).size).toBe(entered.length);
    const theirs = rival.engine
      .positions()
      .map((row) => `${row.instrumentId} ${row.direction} ${row.quantity}`);
    expect(theirs.sort()).toEqual(held(world));
    await rival.stop();
  });

  it('is given up by a service as soon as the exchange tells an order of a copy of its home', async () => {
    const world = await safeWorld({ settings: { timeframe: '1m', exit: HOLD, risk: { positionsMax: 50 } } });
    const older = world.trading();
    enable(world);
    await world.time.advance(MINUTE);
    const copy = openStore({ file: ':memory:', time: world.time });
    const rival = await world.rival(copy);
    expect(older.mode().mode).toBe('ready');
    const [row] = rival.engine
      .scanRows()
      .filter(({ instrumentId }) => !held(world).join().includes(instrumentId));
    if (row === undefined) throw new Error('something is not held');
    const command = {
      kind: 'enter',
      instrumentId: row.instrumentId,
      direction: 'long',
      force: true,
    } as const;
    expect(rival.command(command, 'test', 'from the copy').accepted).toBe(true);
    await world.time.advance(5_000);
    expect(older.mode()).toMatchObject({
      mode: 'reduce-only',
      reason: expect.stringContaining('Another process'),
    });
    expect(rival.mode().mode).toBe('ready');
    expect(await eventCodes(world)).toContain('trading.lease.lost');
    await rival.stop();
    await world.stop();
  });
});

describe('a position that two living services hold', () => {
  it('has each part taken off once, by one of them', { timeout: 120_000 }, async () => {
    const settings = {
      timeframe: '1m',
      signal: { adaptiveEnabled: false, confirmEnabled: false },
      filter: OPEN_FILTERS,
      risk: { positionsMax: 20, positionNotionalUsdt: 100 },
      exit: { ...HOLD, partialTakeProfits: [{ profitPct: 15, sharePct: 40 }] },
    };
    const world = await safeWorld({
      settings,
      market: (startMs) => syntheticMarket({ seed: 21, instrumentCount: 60, startMs, candleScale: 'demo' }),
    });
    enable(world);
    await world.time.advance(8 * MINUTE);
    world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
    const rival = await world.rival();
    const takenMs = world.time.nowMs();
    await world.time.advance(15 * MINUTE);
    const sold = (world.venue.state().accounts[0]?.closedOrders ?? [])
      .filter((order) => order['reduceOnly'] === true && Number(order['createdMs']) > takenMs)
      .map((order) => order['instrumentId']);
    expect(sold.length).toBeGreaterThan(1);
    expect(sold).toEqual([...new Set(sold)]);
    const stopped = rival.stop();
    await world.time.advance(5_000);
    await stopped;
  });
});

describe('fills the exchange does not tell', () => {
  it('are missed once, loudly, and booked however late they come', async () => {
    let hidden = true;
    const world = await safeWorld({
      settings: {
        timeframe: '1m',
        exit: HOLD,
        risk: { positionsMax: 1 },
      },
      wireThrough: rewriting((path, rows) =>
        hidden && (path === '/v5/execution/list' || path === 'execution') ? [] : rows,
      ),
    });
    enable(world);
    await world.time.advance(10 * MINUTE);
    expect(held(world)).toHaveLength(1);
    expect(world.trading().engine.positions()).toMatchObject([{ state: 'entering', quantity: '0' }]);
    const missed = (await eventCodes(world)).filter((code) => code === 'engine.fill.missing');
    expect(missed).toHaveLength(1);
    hidden = false;
    await world.time.advance(15_000);
    expect(ours(world)).toEqual(held(world));
    expect(world.trading().engine.positions()).toMatchObject([{ state: 'open' }]);
    expect(await eventCodes(world)).not.toContain('engine.fill.unplaced');
  });
});

describe('an account in another margin mode', () => {
  it('gets no entry, and the reason is told with both modes', async () => {
    let isolated = true;
    const world = await safeWorld({
      fault: ({ path }) => {
        if (path !== '/v5/account/info' || !isolated) return 'pass';
        const result = { marginMode: 'ISOLATED_MARGIN' };
        return {
          status: 200,
          body: JSON.stringify({ retCode: 0, retMsg: '', result, time: world.time.nowMs() }),
        };
      },
    });
    enable(world);
    await world.time.advance(3 * MINUTE);
    expect(held(world)).toEqual([]);
    const refused = world.journal.filter((line) => line.includes('executor.margin-mode'));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toContain('isolated, cross is wanted');
    isolated = false;
    await world.time.advance(5 * MINUTE);
    expect(held(world).length).toBeGreaterThan(0);
  });
});
