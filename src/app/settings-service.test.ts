import { describe, expect, it } from 'vitest';
import { instrument } from '../../test/fixture/scripted-market.ts';
import { ensure } from '../core/base/assert.ts';
import { decimal } from '../core/base/decimal.ts';
import { type Instrument, parseInstrumentId } from '../core/domain/instrument.ts';
import type { LayeredSettings } from '../core/engine/own-settings.ts';
import { DEFAULT_TRADING_SETTINGS } from '../core/engine/settings.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { currentSettings, type VersionedSettings } from './settings-history.ts';
import { type ChangeTerms, SettingsService } from './settings-service.ts';

const BTC = ensure(parseInstrumentId('BTCUSDT'), 'a name');
const terms: ChangeTerms = { author: 'maria', reason: 'calmer', expectedVersion: null, dryRun: false };

async function serviceWith(
  bots: LayeredSettings['bots'] = [],
  listed: readonly Instrument[] = [],
  equity: number | null = null,
) {
  const store = openStore({ file: ':memory:', time: new VirtualTime(1_000) });
  const inForce: VersionedSettings[] = [];
  const answer = { accepted: true, message: '' };
  const service = new SettingsService({
    store,
    nowMs: () => 7,
    current: await currentSettings(store, 5, null),
    bots: () => bots,
    listed: () => listed,
    equity: () => equity,
    putInForce: (settings) => {
      inForce.push(settings);
      return answer;
    },
  });
  return { store, service, inForce, answer };
}

describe('a change of settings', () => {
  it('is stored as a further version with who, when and why, and then in force', async () => {
    const { service, store, inForce } = await serviceWith();
    const result = await service.change({ kind: 'patch-global', patch: { risk: { leverage: 2 } } }, terms);
    expect(result).toEqual({
      kind: 'done',
      version: 2,
      changes: [{ path: 'risk.leverage', after: 2 }],
      warnings: [],
    });
    expect(await store.settingsVersion(2)).toEqual({
      version: 2,
      settingsJson: '{"global":{"risk":{"leverage":2}},"instruments":{}}',
      author: 'maria',
      reason: 'calmer',
      createdMs: 7,
    });
    expect(inForce.map(({ version, settings }) => [version, settings.risk.leverage])).toEqual([[2, 2]]);
    expect(service.current().version).toBe(2);
  });

  it('that is refused leaves no trace', async () => {
    const { service, store, inForce } = await serviceWith();
    const refused = await service.change(
      { kind: 'patch-instruments', instrumentIds: [BTC], patch: { risk: { leverage: 99 } } },
      terms,
    );
    expect(refused).toMatchObject({ kind: 'invalid', faults: [{ path: 'risk.leverage' }] });
    const dry = await service.change(
      { kind: 'patch-global', patch: { risk: { leverage: 2 } } },
      { ...terms, dryRun: true },
    );
    expect(dry).toMatchObject({ kind: 'done', version: 1, changes: [{ path: 'risk.leverage' }] });
    const same = await service.change({ kind: 'patch-global', patch: {} }, terms);
    expect(same).toEqual({ kind: 'unchanged', version: 1 });
    expect((await store.latestSettings())?.version).toBe(1);
    expect(inForce).toEqual([]);
  });

  it('is refused when the values of several keys contradict each other, for one coin too', async () => {
    const { service } = await serviceWith();
    const global = { signal: { trendEmaShortLength: 50, trendEmaLongLength: 60 } };
    expect((await service.change({ kind: 'patch-global', patch: global }, terms)).kind).toBe('done');
    const own = { signal: { trendEmaShortLength: 70 } };
    const refused = await service.change(
      { kind: 'patch-instruments', instrumentIds: [BTC], patch: own },
      terms,
    );
    expect(refused.kind === 'invalid' && refused.faults[0]?.path).toMatch(/^instruments\.BTCUSDT\.signal/);
  });

  it('is refused when it contradicts what a bot sets', async () => {
    const { service } = await serviceWith([
      { instrumentId: BTC, settings: { signal: { trendEmaShortLength: 70 } } },
    ]);
    const patch = { signal: { trendEmaLongLength: 60 } };
    const refused = await service.change({ kind: 'patch-global', patch }, terms);
    expect(refused.kind === 'invalid' && refused.faults[0]?.path).toMatch(/^instruments\.BTCUSDT\.signal/);
  });

  it('made for another version than the one in force is refused and names it', async () => {
    const { service } = await serviceWith();
    const edit = { kind: 'patch-global', patch: { risk: { leverage: 2 } } } as const;
    // Both were made for version 1; they come one after the other.
    const both = await Promise.all([
      service.change(edit, { ...terms, expectedVersion: 1 }),
      service.change({ ...edit, patch: { risk: { leverage: 3 } } }, { ...terms, expectedVersion: 1 }),
    ]);
    expect(both).toMatchObject([
      { kind: 'done', version: 2 },
      { kind: 'version-changed', version: 2 },
    ]);
  });

  it('that cannot be put in force is kept and says so', async () => {
    const { service, answer } = await serviceWith();
    Object.assign(answer, { accepted: false, message: 'Trading has stopped.' });
    const edit = { kind: 'patch-global', patch: { risk: { leverage: 2 } } } as const;
    expect(await service.change(edit, terms)).toEqual({
      kind: 'not-in-force',
      version: 2,
      detail: 'Trading has stopped.',
    });
  });

  it('brings a whole document or nothing, and back again', async () => {
    const { service } = await serviceWith();
    const document = {
      global: { exit: { stopLossPct: 10 } },
      instruments: { BTCUSDT: { risk: { leverage: 3 } } },
    };
    await service.change({ kind: 'replace', document }, terms);
    expect(service.current().document).toEqual(document);
    const first = await service.versionOf(1);
    await service.change({ kind: 'replace', document: first?.document }, terms);
    expect(service.current()).toMatchObject({ version: 3, document: { global: {}, instruments: {} } });
    expect((await service.list({ limit: 2, cursor: null })).rows.map(({ version }) => version)).toEqual([
      3, 2,
    ]);
    expect(await service.versionOf(9)).toBeNull();
  });

  it('takes whole settings as what differs from the defaults', async () => {
    const { service } = await serviceWith();
    const whole = { ...DEFAULT_TRADING_SETTINGS, risk: { ...DEFAULT_TRADING_SETTINGS.risk, leverage: 2 } };
    await service.change({ kind: 'replace-global', patch: whole }, terms);
    expect(service.current().document.global).toEqual({ risk: { leverage: 2 } });
  });

  it('takes a key back to the layer below', async () => {
    const { service } = await serviceWith();
    const edit = { kind: 'patch-global', patch: { exit: { stopLossPct: 10, takeProfitPct: null } } } as const;
    await service.change(edit, terms);
    await service.change({ kind: 'unset', path: 'exit.takeProfitPct', instrumentId: null }, terms);
    expect(service.current().document.global).toEqual({ exit: { stopLossPct: 10 } });
    const unknown = await service.change(
      { kind: 'unset', path: 'exit.takeProfit', instrumentId: null },
      terms,
    );
    expect(unknown.kind === 'invalid' && unknown.faults[0]?.message).toContain('exit.takeProfitPct');
  });

  it('adds to a list once, and takes off', async () => {
    const { service } = await serviceWith();
    const list = { kind: 'list', list: 'blacklist', instrumentIds: [BTC] } as const;
    await service.change({ ...list, change: 'add' }, terms);
    expect(await service.change({ ...list, change: 'add' }, terms)).toMatchObject({ kind: 'unchanged' });
    expect(service.current().settings.filter.blacklist).toEqual(['BTCUSDT']);
    await service.change({ ...list, change: 'remove' }, terms);
    expect(service.current().settings.filter.blacklist).toEqual([]);
  });

  it('refuses an exit by funding that entries may already be beyond, for all coins, one, and with a bot', async () => {
    const { service } = await serviceWith([
      { instrumentId: BTC, settings: { filter: { fundingPctMaxPerDay: 0.9 } } },
    ]);
    const exit = (fundingExitPctMax: number) => ({ exit: { fundingExitPctMax } });
    const all = (pct: number) => service.change({ kind: 'patch-global', patch: exit(pct) }, terms);
    const faultOf = (result: Awaited<ReturnType<typeof all>>) =>
      result.kind === 'invalid' ? result.faults.map(({ path }) => path) : result.kind;
    expect(faultOf(await all(0.05))).toEqual(['exit.fundingExitPctMax']);
    expect(faultOf(await all(0.2))).toEqual(['instruments.BTCUSDT.exit.fundingExitPctMax']);
    expect(faultOf(await all(0.3))).toBe('done');
  });

  it('leaves a contradiction stored before the rule in force, and lets other keys be changed', async () => {
    const { store, service: first } = await serviceWith();
    await first.change({ kind: 'patch-global', patch: { exit: { fundingExitPctMax: 0.5 } } }, terms);
    const settingsJson = JSON.stringify({ global: { exit: { fundingExitPctMax: 0.01 } }, instruments: {} });
    await store.addSettings({ settingsJson, author: 'old', reason: '', createdMs: 8 });
    const service = new SettingsService({
      store,
      nowMs: () => 9,
      current: await currentSettings(store, 9, null),
      bots: () => [],
      listed: () => [],
      putInForce: () => ({ accepted: true, message: '' }),
    });
    const other = await service.change({ kind: 'patch-global', patch: { risk: { leverage: 2 } } }, terms);
    expect(other.kind).toBe('done');
    const worse = { kind: 'patch-global', patch: { exit: { fundingExitPctMax: 0.02 } } } as const;
    expect((await service.change(worse, terms)).kind).toBe('invalid');
  });
});

describe('a change that is in force all the same', () => {
  const ladder = { kind: 'patch-global', patch: { entry: { entryMethod: 'ladder' } } } as const;
  const sized = (positionNotionalUsdt: number) =>
    ({ kind: 'patch-global', patch: { risk: { positionNotionalUsdt } } }) as const;
  const warningsOf = async (change: ReturnType<SettingsService['change']>) => {
    const result = await change;
    return result.kind === 'done' ? result.warnings : result;
  };

  it('is told of a ladder whose rungs no exchange takes, with the size that is needed, once', async () => {
    const { service } = await serviceWith();
    expect(await warningsOf(service.change(ladder, terms))).toEqual([
      { path: 'entry.entryMethod', message: expect.stringMatching(/10 USDT over 5 rungs .* to 25 or more/) },
    ]);
    const calmer = { kind: 'patch-global', patch: { risk: { leverage: 2 } } } as const;
    expect(await warningsOf(service.change(calmer, terms))).toEqual([]);
    expect(await warningsOf(service.change(sized(24.99), terms))).toHaveLength(1);
    expect(await warningsOf(service.change(sized(25), terms))).toEqual([]);
    const dry = { ...terms, dryRun: true };
    expect(await warningsOf(service.change(sized(12), dry))).toHaveLength(1);
  });

  it('measures a ladder by what the exchange takes and by its smallest rung', async () => {
    const listed = [{ ...instrument('BTCUSDT'), notionalMin: decimal(2) }];
    const { service } = await serviceWith([], listed);
    await service.change(sized(9.99), terms);
    expect(await warningsOf(service.change(ladder, terms))).toMatchObject([
      { message: expect.stringContaining('to 10 or more') },
    ]);
    const rungs = [
      { offsetPct: 1, weight: 0.7 },
      { offsetPct: 2, weight: 0.1 },
    ];
    const uneven = { kind: 'patch-global', patch: { entry: { rungs } } } as const;
    expect(await warningsOf(service.change(uneven, terms))).toMatchObject([
      { message: expect.stringMatching(/9\.99 USDT over 2 rungs .* to 16 or more/) },
    ]);
  });

  it.each([
    // 25 USDT are needed: 2.5 % of 1,000.
    [{ sizing: 'equity', positionEquityPct: 2.49 }, 1_000, /24\.9 USDT .*positionEquityPct to 2\.5 or more/],
    [{ sizing: 'equity', positionEquityPct: 2.5 }, 1_000, null],
    [{ sizing: 'equity', positionEquityPct: 2 }, null, null],
    // A stop at 10 % and 0.1 % of fees at both ends lose 10.21 % of the value: 25 USDT lose 2.5525.
    [{ sizing: 'risk', positionRiskPct: 0.25, takerFeePct: 0.1 }, 1_000, /positionRiskPct to 0\.26 or more/],
    [{ sizing: 'risk', positionRiskPct: 0.26, takerFeePct: 0.1 }, 1_000, null],
    // Two rungs of half the value each, of a short: 1.01 times as many units at the price of now, 2.01 in all.
    [
      { sizing: 'quantity', positionQuantity: 0.002 },
      1_000,
      /0\.001 the .*positionQuantity to 0\.00201 or more/,
    ],
    [{ sizing: 'quantity', positionQuantity: 0.00202 }, 1_000, null],
  ] as const)('measures a ladder sized by %o at an equity of %s', async (risk, equity, message) => {
    const listed = [{ ...instrument('BTCUSDT'), notionalMin: decimal(5), quantityMin: decimal(0.001) }];
    const { service } = await serviceWith([], listed, equity);
    const rungs = [0, 1].map((offsetPct) => ({ offsetPct, weight: 0.5 }));
    const entry = { entryMethod: 'ladder' as const, ...(risk.sizing === 'quantity' ? { rungs } : {}) };
    const patch = { entry, exit: { stopLossPct: 10 }, risk };
    const warnings = await warningsOf(service.change({ kind: 'patch-global', patch }, terms));
    expect(warnings).toMatchObject(
      message === null ? [] : [{ path: 'entry.entryMethod', message: expect.stringMatching(message) }],
    );
  });

  it('is told of one coin’s ladder alone, and of coins that are not listed with the name that is meant', async () => {
    const { service } = await serviceWith(
      [],
      [instrument('BTCUSDT'), { ...instrument('1000PEPEUSDT'), base: 'PEPE', multiplier: 1000 }],
    );
    const own = { entry: { entryMethod: 'ladder' }, risk: { positionNotionalUsdt: 20 } };
    const instrumentIds = ['BTCUSDT', 'PEPEUSDT'].map((id) => ensure(parseInstrumentId(id), id));
    expect(
      await warningsOf(service.change({ kind: 'patch-instruments', instrumentIds, patch: own }, terms)),
    ).toEqual([
      { path: 'instruments.BTCUSDT.entry.entryMethod', message: expect.stringContaining('to 25 or more') },
      { path: 'instruments.PEPEUSDT.entry.entryMethod', message: expect.stringContaining('to 25 or more') },
      { path: 'instruments.PEPEUSDT', message: expect.stringContaining('Did you mean 1000PEPEUSDT?') },
    ]);
    const list = { kind: 'list', list: 'blacklist', change: 'add', instrumentIds } as const;
    expect(await warningsOf(service.change(list, terms))).toMatchObject([{ path: 'filter.blacklist' }]);
  });
});
