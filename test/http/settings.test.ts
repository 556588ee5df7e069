import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import { type BotsFixture, botsFixture } from './bots-fixture.ts';

let fixture: BotsFixture;
beforeEach(() => {
  fixture = botsFixture();
});
afterEach(() => fixture.server.close());

const CONFIG = '/api/auto-bot/config';
const admin = { name: 'the admin', role: 'admin' };

describe('settings of all coins', () => {
  it('PATCH passes on what was sent, with who and why, and answers the changes', async () => {
    const payload = { risk: { positionsMax: 3 }, filter: { blacklist: ['CCCUSDT'] } };
    const answer = await fixture.ask('admin', { method: 'PATCH', url: `${CONFIG}?reason=calmer`, payload });
    expect(answer.json()).toEqual({
      done: true,
      message: 'done',
      version: 4,
      changes: [
        { path: 'filter.blacklist', after: ['CCCUSDT'] },
        { path: 'risk.positionsMax', after: 3 },
      ],
      warnings: [],
    });
    expect(fixture.api.settings.edits).toEqual([
      {
        edit: { kind: 'patch-global', patch: payload },
        terms: { actor: admin, reason: 'calmer', expectedVersion: null, dryRun: false },
      },
    ]);
  });

  it('PUT replaces everything, and without a body nothing', async () => {
    const payload = { risk: { leverage: 2 } };
    expect((await fixture.ask('admin', { method: 'PUT', url: CONFIG, payload })).statusCode).toBe(200);
    expect(fixture.api.settings.edits[0]?.edit).toEqual({ kind: 'replace-global', patch: payload });
    const empty = await fixture.ask('admin', { method: 'PUT', url: CONFIG });
    expect(empty.statusCode).toBe(400);
    expect(fixture.api.settings.edits).toHaveLength(1);
  });

  it('names the nearest key where there is none of that name', async () => {
    const payload = { filter: { rsiTimeCandels: 5 } };
    const answer = await fixture.ask('admin', { method: 'PATCH', url: CONFIG, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([
      {
        path: 'filter.rsiTimeCandels',
        message: 'Unknown setting; did you mean filter.rsiTimeCandles?',
      },
    ]);
  });

  it('are compared with nothing but the version the caller saw', async () => {
    const read = await fixture.ask('viewer', { url: CONFIG });
    expect(read.headers['etag']).toBe('"3"');
    expect(read.json()).toEqual({ version: 3, config: DEFAULT_TRADING_SETTINGS });
    const headers = { 'if-match': '"2"' };
    const payload = { risk: { leverage: 2 } };
    await fixture.ask('admin', { method: 'PATCH', url: CONFIG, payload, headers });
    expect(fixture.api.settings.edits[0]?.terms.expectedVersion).toBe(2);
    fixture.api.settings.answer = { ok: false, kind: 'version-changed', version: 3 };
    const late = await fixture.ask('admin', { method: 'PATCH', url: CONFIG, payload, headers });
    expect(late.statusCode).toBe(412);
    expect(late.headers['etag']).toBe('"3"');
    expect(late.json().code).toBe('settings.version-changed');
    expect(late.json().detail).toContain('Version 3 is in force');
  });

  it.each(['x', 'W/"3"', '"3", "4"', '-1', ''])('refuse If-Match %j', async (match) => {
    const headers = { 'if-match': match };
    const answer = await fixture.ask('admin', { method: 'PATCH', url: CONFIG, payload: {}, headers });
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([400, 'If-Match']);
  });

  it('say what would change and store nothing', async () => {
    const payload = { risk: { leverage: 2 } };
    await fixture.ask('admin', { method: 'PATCH', url: `${CONFIG}?dryRun=true`, payload });
    expect(fixture.api.settings.edits[0]?.terms.dryRun).toBe(true);
  });
});

describe('versions', () => {
  it('are listed, and one that is not there is a 404', async () => {
    const list = await fixture.ask('viewer', { url: `${CONFIG}/versions` });
    expect(list.json().rows).toEqual([{ version: 3, author: 'maria', reason: 'calmer', createdMs: 1 }]);
    const foreign = await fixture.ask('viewer', { url: `${CONFIG}/versions?cursor=foreign` });
    expect(foreign.statusCode).toBe(400);
    const missing = await fixture.ask('viewer', { url: `${CONFIG}/versions/9` });
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'settings.version-unknown']);
    const badly = await fixture.ask('viewer', { url: `${CONFIG}/versions/none` });
    expect(badly.statusCode).toBe(400);
  });

  it('differ key by key', async () => {
    fixture.api.settings.content = {
      global: { exit: { takeProfitPct: null } },
      instruments: { BTCUSDT: { risk: { leverage: 2 } } },
    };
    const answer = await fixture.ask('viewer', { url: `${CONFIG}/diff?from=1&to=3` });
    expect(answer.json()).toEqual({
      from: 1,
      to: 3,
      changes: [
        { path: 'exit.takeProfitPct', after: null },
        { path: 'instruments.BTCUSDT.risk.leverage', after: 2 },
      ],
    });
  });

  it('go out as a file that comes in again', async () => {
    fixture.api.settings.content = { global: { risk: { leverage: 2 } }, instruments: {} };
    const file = await fixture.ask('viewer', { url: `${CONFIG}/export` });
    expect(file.json()).toEqual({
      format: 'infobot-settings',
      formatVersion: 1,
      global: { risk: { leverage: 2 } },
      instruments: {},
    });
    const url = `${CONFIG}/import?reason=moved`;
    const answer = await fixture.ask('admin', { method: 'POST', url, payload: file.json() });
    expect(answer.json()).toMatchObject({ done: true, changes: [] });
    expect(fixture.api.settings.edits[0]).toMatchObject({
      edit: { kind: 'import', document: file.json() },
      terms: { reason: 'moved' },
    });
  });

  it('come in whole or not at all', async () => {
    const payload = { global: {}, instruments: { BTCUSDT: { risk: { leverage: 99 } } } };
    const answer = await fixture.ask('admin', { method: 'POST', url: `${CONFIG}/import`, payload });
    expect([answer.statusCode, answer.json().errors[0].path]).toEqual([
      400,
      'instruments.BTCUSDT.risk.leverage',
    ]);
    expect(fixture.api.settings.edits).toEqual([]);
  });

  it("pass on a service's refusal with its code", async () => {
    const detail = 'There is no preset bold.';
    fixture.api.settings.answer = { ok: false, kind: 'not-found', code: 'settings.preset-unknown', detail };
    const answer = await fixture.ask('admin', { method: 'POST', url: '/api/auto-bot/presets/bold/apply' });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'settings.preset-unknown']);
  });
});

describe('settings of one coin', () => {
  it('say where each value comes from', async () => {
    const answer = await fixture.ask('viewer', { url: '/api/coins/btc/settings' });
    expect(answer.json()).toMatchObject({ symbol: 'BTCUSDT', version: 3, origins: { timeframe: 'default' } });
    const unknown = await fixture.ask('viewer', { url: '/api/coins/none/settings' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'coin.unknown']);
  });

  it('cannot hold what is set for all', async () => {
    const payload = { filter: { whitelist: ['AAAUSDT'] } };
    const answer = await fixture.ask('admin', { method: 'PUT', url: '/api/coins/BTC/settings', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0]).toEqual({
      path: 'filter.whitelist',
      message: 'It holds for all coins at once and can only be set for all of them',
    });
  });

  it('are copied to others', async () => {
    const url = '/api/coins/BTC/settings/copy';
    await fixture.ask('admin', { method: 'POST', url, payload: { to: ['ETH', 'sol'], reason: 'alike' } });
    expect(fixture.api.settings.edits[0]).toMatchObject({
      edit: { kind: 'copy-coin', symbol: 'BTC', to: ['ETH', 'sol'] },
      terms: { reason: 'alike' },
    });
  });
});

describe('the lists', () => {
  it('are read, and changed coin by coin', async () => {
    fixture.api.settings.content = { global: { filter: { blacklist: ['BTCUSDT'] } }, instruments: {} };
    const list = await fixture.ask('viewer', { url: '/api/lists/blacklist' });
    expect(list.json()).toEqual({ list: 'blacklist', symbols: ['BTCUSDT'] });
    await fixture.ask('admin', { method: 'POST', url: '/api/lists/blacklist', payload: { symbol: 'eth' } });
    await fixture.ask('admin', { method: 'DELETE', url: '/api/lists/blacklist/BTC?reason=fine' });
    expect(fixture.api.settings.edits.map(({ edit }) => edit)).toEqual([
      { kind: 'list', list: 'blacklist', change: 'add', symbols: ['eth'] },
      { kind: 'list', list: 'blacklist', change: 'remove', symbols: ['BTC'] },
    ]);
    expect((await fixture.ask('viewer', { url: '/api/lists/greylist' })).statusCode).toBe(400);
  });
});
