import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { mintServiceTokens, verifyServiceToken } from '../../src/access/service-tokens.ts';
import type { AppConfig } from '../../src/app/config.ts';
import {
  diffVersions,
  exportSettings,
  importSettings,
  rollbackSettings,
  setSetting,
  settingsHistory,
  showSettings,
} from '../../src/app/config-commands.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import { DEFAULT_TRADING_SETTINGS } from '../../src/core/engine/settings.ts';
import { takeProcessLock } from '../../src/platform/process-lock.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { botsFixture } from './bots-fixture.ts';

const ACCOUNT = 'demo';
const terms = { reason: 'calmer', dryRun: false, account: ACCOUNT };
let config: AppConfig;
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'infobot-config-'));
  config = {
    home,
    host: '127.0.0.1',
    webPort: 1,
    botsPort: 1,
    venuePort: 1,
    logLevel: 'error',
    logFormat: 'json',
    journalDays: 7,
    journalMb: 2_048,
  };
});

async function shownAt(path: string, coin: string | null) {
  const shown = await showSettings(config, ACCOUNT, coin);
  const row = shown.ok ? shown.value.rows.find((candidate) => candidate.path === path) : undefined;
  return [row?.value, row?.origin];
}

describe('settings on the command line, with no service up', () => {
  it('are set for all coins and for one, and say where they come from', async () => {
    const all = { path: 'risk.leverage', text: '2', coin: null };
    expect(await setSetting(config, all, terms)).toMatchObject({ ok: true, value: { version: 2 } });
    await setSetting(config, { ...all, text: '3', coin: 'btc' }, terms);
    expect(await shownAt('risk.leverage', null)).toEqual([2, 'global']);
    expect(await shownAt('risk.leverage', 'ETH')).toEqual([2, 'global']);
    expect(await shownAt('risk.leverage', 'BTCUSDT')).toEqual([3, 'instrument']);
    await setSetting(config, { ...all, text: null, coin: 'BTC' }, terms);
    expect(await shownAt('risk.leverage', 'BTC')).toEqual([2, 'global']);
    expect(
      (await settingsHistory(config, ACCOUNT, 2)).map(({ version, author }) => [version, author]),
    ).toEqual([
      [4, 'command line'],
      [3, 'command line'],
    ]);
  });

  it('are not there where InfoBot has not run, and looking for them makes nothing', async () => {
    const nowhere = { ...config, home: join(config.home, 'none') };
    const looks = [
      showSettings(nowhere, null, null),
      settingsHistory(nowhere, null, 5),
      exportSettings(nowhere, null, null),
      diffVersions(nowhere, null, { from: 1, to: null }),
    ];
    for (const look of looks) await expect(look).rejects.toThrow(`no settings in ${nowhere.home}`);
    expect(existsSync(nowhere.home)).toBe(false);
  });

  it('count the bots of the account that traded last, and of another one by its name', async () => {
    const store = openStore({ file: join(config.home, 'trading.db'), time: new VirtualTime(1) });
    for (const [account, savedMs, leverage] of [
      ['demo-1', 1, 2],
      ['demo-2', 2, 3],
    ] as const) {
      const engine = new Engine({ settings: DEFAULT_TRADING_SETTINGS, settingsVersion: 1 });
      const { version, trading } = engine.snapshot();
      const bot = {
        instrumentId: 'BTCUSDT',
        origin: 'manual',
        paused: true,
        direction: null,
        createdMs: 1,
        settings: { risk: { leverage } },
      };
      const state = JSON.stringify({ version, trading: { ...trading, bots: [bot] }, market: null });
      const epoch = await store.takeEpoch(account, 1);
      await store.saveTradingState({ accountId: account, epoch }, state, savedMs);
    }
    await store.close();
    const leverage = async (account: string | null) => {
      const shown = await showSettings(config, account, 'BTC');
      return shown.ok && shown.value.rows.find(({ path }) => path === 'risk.leverage')?.value;
    };
    expect([await leverage(null), await leverage('demo-1'), await leverage('nobody')]).toEqual([3, 2, 1]);
  });

  it('say what was done where nobody said why', async () => {
    const all = { path: 'risk.leverage', text: '2', coin: null };
    await setSetting(config, all, { ...terms, reason: '' });
    await setSetting(config, { ...all, text: null }, { ...terms, reason: '' });
    const versions = await settingsHistory(config, ACCOUNT, 2);
    expect(versions.map(({ reason }) => reason)).toEqual(['unset risk.leverage', 'set risk.leverage']);
  });

  it('take words, numbers, null and lists as a person types them', async () => {
    const set = (path: string, text: string) => setSetting(config, { path, text, coin: null }, terms);
    await set('timeframe', '1h');
    await set('exit.takeProfitPct', 'null');
    await set('filter.blacklist', 'btc, ETHUSDT');
    expect(await shownAt('timeframe', null)).toEqual(['1h', 'global']);
    expect(await shownAt('exit.takeProfitPct', null)).toEqual([null, 'global']);
    expect(await shownAt('filter.blacklist', null)).toEqual([['BTCUSDT', 'ETHUSDT'], 'global']);
    await set('filter.blacklist', '');
    expect(await shownAt('filter.blacklist', null)).toEqual([[], 'global']);
  });

  it.each([
    { path: 'risk.leverag', text: '2', coin: null, place: 'risk.leverag', part: 'risk.leverage' },
    { path: 'risk.leverage.x', text: '2', coin: null, place: 'risk.leverage.x', part: 'Unknown setting' },
    { path: 'risk', text: '2', coin: null, place: 'risk', part: 'Unknown setting' },
    { path: 'risk.leverage', text: '99', coin: null, place: 'risk.leverage', part: '25' },
    { path: 'risk.leverage', text: 'much', coin: null, place: 'risk.leverage', part: 'number' },
    { path: 'timeframe', text: '1h', coin: 'BTC', place: 'timeframe', part: 'all coins at once' },
    { path: 'risk.leverage', text: '2', coin: '<b>', place: '<b>', part: 'name of a coin' },
  ])('refuse $path $text for $coin', async ({ place, part, ...change }) => {
    await setSetting(config, { path: 'risk.leverage', text: '3', coin: null }, terms);
    const refused = await setSetting(config, change, terms);
    expect(refused.ok ? null : refused.error[0]?.path).toBe(place);
    expect(refused.ok ? null : refused.error[0]?.message).toContain(part);
    expect(await settingsHistory(config, ACCOUNT, 5)).toHaveLength(2);
  });

  it('go out as a file, come in again, and are brought back', async () => {
    await setSetting(config, { path: 'exit.stopLossPct', text: '7', coin: null }, terms);
    const file = join(config.home, 'out.json');
    await exportSettings(config, ACCOUNT, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      format: 'infobot-settings',
      formatVersion: 1,
      global: { exit: { stopLossPct: 7 } },
      instruments: {},
    });
    await rollbackSettings(config, 1, terms);
    expect(await shownAt('exit.stopLossPct', null)).toEqual([15, 'default']);
    expect((await settingsHistory(config, ACCOUNT, 1))[0]?.reason).toBe('rollback to 1: calmer');
    const tried = await importSettings(config, file, { ...terms, dryRun: true });
    expect(tried).toMatchObject({ value: { version: 3, changes: [{ path: 'exit.stopLossPct', after: 7 }] } });
    expect(await importSettings(config, file, terms)).toMatchObject({ value: { version: 4 } });
    expect(await diffVersions(config, ACCOUNT, { from: 1, to: null })).toEqual({
      from: 1,
      to: 4,
      changes: [{ path: 'exit.stopLossPct', after: 7 }],
    });
    await expect(rollbackSettings(config, 9, terms)).rejects.toThrow('There is no version 9');
  });

  it('come in whole or not at all', async () => {
    const file = join(config.home, 'in.json');
    writeFileSync(file, '{"global":{"risk":{"leverage":2},"exit":{"stopLossPct":-1}}}');
    const refused = await importSettings(config, file, terms);
    expect(refused.ok ? null : refused.error[0]?.path).toBe('exit.stopLossPct');
    expect(await shownAt('risk.leverage', null)).toEqual([1, 'default']);
    writeFileSync(file, '{');
    expect((await importSettings(config, file, terms)).ok).toBe(false);
  });
});

describe('settings on the command line, with the bots service up', () => {
  it('are read from its database and changed by the service itself', async () => {
    const store = openStore({ file: join(config.home, 'trading.db'), time: new VirtualTime(1) });
    const row = { settingsJson: '{"global":{}}', author: 'maria', reason: '', createdMs: 1 };
    for (let version = 1; version <= 3; version += 1) await store.addSettings(row);
    await store.close();
    const lock = takeProcessLock(join(config.home, 'bots.lock'));
    const tokens = await mintServiceTokens(config.home);
    const fixture = botsFixture({
      port: 0,
      auth: {
        verifyToken: async () => null,
        verifyServiceToken: async (token) => verifyServiceToken(tokens, token),
      },
    });
    const up = { ...config, botsPort: await fixture.server.listen() };
    const warning = { path: 'instruments.BTCUSDT', message: 'It is not listed now.' };
    fixture.api.settings.warnings.push(warning);
    const change = { path: 'risk.leverage', text: '2', coin: 'BTC' };
    expect(await setSetting(up, change, terms)).toEqual({
      ok: true,
      value: {
        kind: 'done',
        version: 4,
        changes: [{ path: 'instruments.BTCUSDT.risk.leverage', after: 2 }],
        warnings: [warning],
      },
    });
    expect(fixture.api.settings.edits).toMatchObject([
      {
        edit: {
          kind: 'import',
          document: { global: {}, instruments: { BTCUSDT: { risk: { leverage: 2 } } } },
        },
        terms: {
          actor: { name: 'service:cli', role: 'admin' },
          reason: 'calmer',
          expectedVersion: 3,
          dryRun: false,
        },
      },
    ]);
    fixture.api.settings.answer = { ok: false, kind: 'version-changed', version: 5 };
    expect(await setSetting(up, change, terms)).toEqual({
      ok: true,
      value: { kind: 'version-changed', version: 5 },
    });
    await fixture.server.close();
    await expect(setSetting(up, change, terms)).rejects.toThrow('does not answer');
    lock?.release();
  });
});
