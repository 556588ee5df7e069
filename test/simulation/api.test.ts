import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BotsFacade } from '../../src/app/bots-facade.ts';
import { currentSettings } from '../../src/app/settings-history.ts';
import { createBotsServer } from '../../src/http/bots-server.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { keptLedger } from './kept-ledger.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;
let world: World;
let server: HttpServer;

beforeAll(async () => {
  world = await createWorld({
    seed: 13,
    settings: {
      timeframe: '1m',
      signal: { adaptiveEnabled: false, confirmEnabled: false },
      filter: OPEN_FILTERS,
      exit: { stopLossPct: 2 },
    },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 40, startMs, candleScale: 'demo' }),
  });
  const facade = new BotsFacade({
    trading: world.trading(),
    store: world.store,
    time: world.time,
    ledger: keptLedger(world),
    place: { name: 'demo', exchange: 'venue', notice: null },
    version: '0.0.0',
    counters: () => ({}),
    rateUsage: () => ({
      usedInWindow: 0,
      limitPerWindow: 480,
      windowMs: 5_000,
      waiting: 0,
      bannedUntilMs: null,
    }),
    current: await currentSettings(world.store, 0, null),
  });
  server = createBotsServer({
    api: facade,
    auth: {
      verifyToken: async () => ({ name: 'tester', role: 'admin' }),
      verifyServiceToken: async () => null,
    },
    time: world.time,
    log: { warn: () => undefined, error: () => undefined },
    host: '127.0.0.1',
    port: 5001,
    version: '0.0.0',
  });
});

afterAll(() => server.close());

async function call(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: object) {
  const response = await server.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${'x'.repeat(43)}`, host: '127.0.0.1:5001' },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json() };
}

describe('the API over the running service', { shuffle: false }, () => {
  it('lists every coin with its reading', async () => {
    await world.time.advance(1_000);
    const { status, body } = await call('GET', '/api/coins');
    expect(status).toBe(200);
    expect(body.rows.length).toBe(world.trading().engine.scanRows().length);
    expect(body.progress).toEqual({ ready: body.rows.length, failed: 0, total: body.rows.length });
    expect(body.rows.every((row: { rsi: number | null }) => row.rsi !== null)).toBe(true);
  });

  it('trades once Auto Bot is enabled, and shows positions, trades, events and why', async () => {
    expect((await call('POST', '/api/auto-bot/enable', { reason: 'test' })).status).toBe(200);
    await world.time.advance(15 * MINUTE);
    const positions = await call('GET', '/api/positions');
    expect(positions.status).toBe(200);
    expect(positions.body.rows.length).toBeGreaterThan(0);
    const trades = await call('GET', '/api/trades');
    expect(trades.status).toBe(200);
    expect(trades.body.rows.length).toBeGreaterThan(0);
    const events = await call('GET', '/api/events');
    expect(events.body.rows.map((event: { code: string }) => event.code)).toContain('engine.position.opened');
    const symbol = trades.body.rows[0].symbol;
    const why = await call('GET', `/api/coins/${symbol}/decision`);
    expect(why.status).toBe(200);
    expect(why.body.history.map((record: { outcome: string }) => record.outcome)).toContain('ordered');
    expect(why.body.now.verdicts.length).toBeGreaterThan(5);
  });

  it('tells limits and how positions are protected, as an object and as numbers to collect', async () => {
    const { status, body } = await call('GET', '/api/risk');
    expect(status).toBe(200);
    const held = world.venue.state().accounts[0]?.positions ?? [];
    expect(body.protection.positions).toHaveLength(held.length);
    expect(body.protection.positions.every((position: { confirmed: boolean }) => position.confirmed)).toBe(
      true,
    );
    const { count, p50Ms, p99Ms, maxMs } = body.protection.closed;
    const { rows } = await world.store.listTrades({ limit: 500, cursor: null });
    expect(count).toBe(rows.length);
    expect(p50Ms).toBeGreaterThan(0);
    expect([p50Ms <= p99Ms, p99Ms <= maxMs, maxMs < 3_000]).toEqual([true, true, true]);
    const [positions] = body.limits;
    expect(positions).toMatchObject({ name: 'positions', value: String(held.length) });
    const headers = { authorization: `Bearer ${'x'.repeat(43)}`, host: '127.0.0.1:5001' };
    const metrics = await server.app.inject({ method: 'GET', url: '/metrics', headers });
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.body).toContain('infobot_mode{mode="ready"} 1\n');
    expect(metrics.body).toContain(`infobot_positions{stop="confirmed"} ${held.length}\n`);
  });

  it('pages through the decisions of all coins, of one coin and of one outcome', async () => {
    type Decision = { symbol: string; timeMs: number; outcome: string };
    const list = async (query: string): Promise<{ rows: Decision[]; nextCursor: string | null }> =>
      (await call('GET', `/api/decisions?${query}`)).body;
    const all = (await list('limit=500')).rows;
    expect(new Set(all.map(({ symbol }) => symbol)).size).toBeGreaterThan(1);
    expect(all.map(({ timeMs }) => timeMs)).toEqual(all.map(({ timeMs }) => timeMs).sort((a, b) => b - a));
    const first = await list('limit=3');
    const second = await list(`limit=3&cursor=${first.nextCursor}`);
    expect([...first.rows, ...second.rows]).toEqual(all.slice(0, 6));
    const ordered = all.filter(({ outcome }) => outcome === 'ordered');
    expect(ordered.length).toBeGreaterThan(0);
    expect((await list('limit=500&outcome=ordered')).rows).toEqual(ordered);
    const coin = ordered[0]?.symbol ?? '';
    const ofCoin = all.filter(({ symbol }) => symbol === coin);
    expect((await list(`limit=500&symbol=${coin.replace('USDT', '').toLowerCase()}`)).rows).toEqual(ofCoin);
    expect((await list('symbol=NOSUCHCOIN')).rows).toEqual([]);
  });

  it('refuses a cursor that is none, and gives no history when none is asked for', async () => {
    for (const path of ['trades', 'events', 'decisions']) {
      const { status, body } = await call('GET', `/api/${path}?cursor=1;drop`);
      expect([path, status, body.errors?.[0]?.path]).toEqual([path, 400, 'cursor']);
    }
    const why = await call('GET', '/api/coins/btc/decision?history=0');
    expect([why.status, why.body.history]).toEqual([200, []]);
  });

  it('answers every read about one coin by its short name', async () => {
    for (const path of ['', '/candles', '/rsi', '/decision']) {
      expect((await call('GET', `/api/coins/btc${path}`)).status, path).toBe(200);
    }
    expect((await call('GET', '/api/coins/NOSUCHCOIN')).body.code).toBe('coin.unknown');
  });

  it('runs a manual bot through its life', async () => {
    expect((await call('POST', '/api/bots/create', { symbol: 'BTC' })).status).toBeLessThan(300);
    expect((await call('POST', '/api/bots/create', { symbol: 'BTC' })).status).toBe(409);
    expect((await call('POST', '/api/bots/BTC/stop', {})).status).toBe(200);
    const { body } = await call('GET', '/api/bots');
    const bots: { symbol: string; status: string }[] = body.rows ?? body;
    expect(bots.find((bot) => bot.symbol === 'BTCUSDT')?.status).toBe('paused');
    expect((await call('POST', '/api/bots/BTC/start', {})).status).toBe(200);
    expect((await call('DELETE', '/api/bots/BTC')).status).toBeLessThan(300);
    expect((await call('POST', '/api/bots/BTC/start', {})).status).toBe(404);
  });

  it('changes the configuration in versions and applies nothing of a faulty change', async () => {
    const before = (await call('GET', '/api/auto-bot/config')).body;
    const faulty = await call('PATCH', '/api/auto-bot/config', {
      signal: { rsiLongMax: 80 },
      risk: { positionsMax: 2 },
    });
    expect(faulty.status).toBe(400);
    expect(JSON.stringify(faulty.body)).toContain('rsiLongMax');
    expect((await call('GET', '/api/auto-bot/config')).body).toEqual(before);
    const changed = await call('PATCH', '/api/auto-bot/config', { risk: { positionsMax: 2 } });
    expect(changed.status).toBe(200);
    const after = (await call('GET', '/api/auto-bot/config')).body;
    expect(after.config.risk.positionsMax).toBe(2);
    expect(after.config.signal).toEqual(before.config.signal);
    expect(after.version).toBe(before.version + 1);
  });

  it('lets one coin and one bot do otherwise, and says where each value comes from', async () => {
    const { rows } = (await call('GET', '/api/coins')).body;
    const symbol: string = rows.at(-1).symbol;
    const short = symbol.replace(/USDT$/, '').toLowerCase();
    const url = `/api/coins/${short}/settings`;
    expect((await call('PUT', url, { exit: { stopLossPct: 3 } })).status).toBe(200);
    expect((await call('GET', url)).body).toMatchObject({
      symbol,
      settings: { exit: { stopLossPct: 3, takeProfitPct: 50 } },
      origins: { 'exit.stopLossPct': 'instrument', 'exit.takeProfitPct': 'default' },
    });
    const settings = { exit: { stopLossPct: 1 } };
    expect((await call('POST', '/api/bots/create', { symbol, settings })).status).toBe(201);
    expect((await call('GET', url)).body.origins['exit.stopLossPct']).toBe('bot');
    expect((await call('GET', `/api/bots/${short}`)).body.settings).toEqual(settings);
    const changed = await call('PATCH', `/api/bots/${short}`, { settings: {}, reason: 'as the coin' });
    expect(changed.body.message).toContain(symbol);
    expect((await call('GET', url)).body.settings.exit.stopLossPct).toBe(3);
    const cleared = await call('DELETE', url);
    expect(cleared.body.changes).toEqual([{ path: `instruments.${symbol}.exit.stopLossPct`, before: 3 }]);
    const { version } = cleared.body;
    const diff = await call('GET', `/api/auto-bot/config/diff?from=${version - 1}&to=${version}`);
    expect(diff.body.changes).toEqual(cleared.body.changes);
    const back = await call('POST', '/api/auto-bot/config/rollback', { version: version - 1 });
    expect(back.body).toMatchObject({ version: version + 1 });
    expect((await call('GET', url)).body.settings.exit.stopLossPct).toBe(3);
    const { body } = await call('GET', '/api/auto-bot/config/versions?limit=1');
    expect(body.rows).toMatchObject([{ author: 'tester', reason: `rollback to ${version - 1}` }]);
    expect((await call('DELETE', `/api/bots/${short}`)).status).toBe(200);
  });

  it('says 404 to a command on a bot that is not there, as to a look at it', async () => {
    for (const [method, url, body] of [
      ['GET', '/api/bots/BTC', undefined],
      ['POST', '/api/bots/BTC/start', {}],
      ['POST', '/api/bots/BTC/stop', {}],
      ['PATCH', '/api/bots/BTC', { settings: {} }],
      ['DELETE', '/api/bots/BTC', undefined],
    ] as const) {
      const answer = await call(method, url, body);
      expect([url, answer.status, answer.body.code]).toEqual([url, 404, 'bot.unknown']);
    }
  });

  it('closes a position by hand through the exchange', async () => {
    const { body } = await call('GET', '/api/positions');
    const id: string = body.rows[0].id;
    await call('POST', '/api/auto-bot/disable', { reason: 'test' });
    expect((await call('POST', `/api/positions/${id}/close`, { reason: 'test' })).status).toBeLessThan(300);
    await world.time.advance(5_000);
    const after = await call('GET', '/api/positions');
    expect(after.body.rows.map((row: { id: string }) => row.id)).not.toContain(id);
    const trades = await call('GET', '/api/trades');
    expect(trades.body.rows[0]).toMatchObject({ symbol: id, exitReason: 'manual' });
  });

  it('names its workers and its state', async () => {
    expect((await call('GET', '/api/status')).body).toMatchObject({ service: 'bots', mode: 'ready' });
    const workers = await call('GET', '/api/workers');
    expect(JSON.stringify(workers.body)).toContain('position-sync');
    const asked = await call('POST', '/api/workers/protect/run', { reason: 'to see' });
    expect(asked.body).toMatchObject({ started: true, worker: { name: 'protect', lastError: null } });
    expect((await call('POST', '/api/workers/nothing/run', {})).status).toBe(404);
    expect((await call('GET', '/readyz')).status).toBe(200);
  });
});
