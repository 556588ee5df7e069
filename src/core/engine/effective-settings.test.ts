import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPatch,
  effectiveSettings,
  mergePatches,
  parseInstrumentPatch,
  parseSettingsPatch,
  patchBetween,
  pathsOf,
  withoutPath,
} from './effective-settings.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  GLOBAL_ONLY,
  SETTINGS_GROUPS,
  type SettingsPatch,
  tradingSettingsSchema,
} from './settings.ts';
import { SETTINGS_PATHS, settingAt } from './settings-fault.ts';

const key = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const list = fc.uniqueArray(fc.constantFrom('AAAUSDT', 'BBBUSDT', 'CCCUSDT'), { maxLength: 3 });

/** Patches whose every merge is valid: no two of these keys depend on one another. */
const patches: fc.Arbitrary<SettingsPatch> = fc
  .record({
    timeframe: key(fc.constantFrom('1m' as const, '1h' as const, '6h' as const)),
    signal: key(fc.record({ rsiLongMax: key(fc.integer({ min: 1, max: 50 })) })),
    filter: key(fc.record({ whitelist: key(list), avoidUpTrend: key(fc.boolean()) })),
    exit: key(fc.record({ takeProfitPct: key(fc.constantFrom(null, 20, 80)) })),
  })
  .map((drawn) => JSON.parse(JSON.stringify(drawn)));

describe('effectiveSettings', () => {
  it('takes each value from the highest layer that sets it, and says which', () => {
    const effective = effectiveSettings({
      global: { signal: { rsiLongMax: 25, rsiShortMin: 75 }, risk: { leverage: 2 } },
      instrument: { signal: { rsiLongMax: 20 }, exit: { takeProfitPct: null } },
      bot: { risk: { leverage: 3 } },
    });
    expect(effective.ok && effective.value.settings).toEqual({
      ...DEFAULT_TRADING_SETTINGS,
      signal: { ...DEFAULT_TRADING_SETTINGS.signal, rsiLongMax: 20, rsiShortMin: 75 },
      risk: { ...DEFAULT_TRADING_SETTINGS.risk, leverage: 3 },
      exit: { ...DEFAULT_TRADING_SETTINGS.exit, takeProfitPct: null },
    });
    expect(effective.ok && effective.value.origins).toMatchObject({
      'signal.rsiLongMax': 'instrument',
      'signal.rsiShortMin': 'global',
      'risk.leverage': 'bot',
      'exit.takeProfitPct': 'instrument',
      'exit.stopLossPct': 'default',
      timeframe: 'default',
    });
  });

  it('names an origin for every key there is, and for no other', () => {
    const effective = effectiveSettings({});
    expect(effective.ok && Object.keys(effective.value.origins)).toEqual(SETTINGS_PATHS);
    for (const path of SETTINGS_PATHS) expect(settingAt(DEFAULT_TRADING_SETTINGS, path), path).toBeDefined();
  });

  it('knows every group of the schema', () => {
    expect(Object.keys(tradingSettingsSchema.shape)).toEqual(['timeframe', ...SETTINGS_GROUPS]);
  });

  it('replaces lists and never mixes them', () => {
    const effective = effectiveSettings({ global: { filter: { whitelist: ['AAAUSDT', 'BBBUSDT'] } } });
    const changed = effective.ok
      ? applyPatch(effective.value.settings, { filter: { whitelist: ['CCCUSDT'] } })
      : effective;
    expect(changed.ok && changed.value.filter.whitelist).toEqual(['CCCUSDT']);
  });

  it('gives the same whether patches are put over one by one or merged first', () => {
    fc.assert(
      fc.property(patches, patches, (a, b) => {
        const one = applyPatch(DEFAULT_TRADING_SETTINGS, a);
        const stepwise = one.ok ? applyPatch(one.value, b) : one;
        expect(stepwise).toEqual(applyPatch(DEFAULT_TRADING_SETTINGS, mergePatches(a, b)));
      }),
    );
  });

  it('merges associatively', () => {
    fc.assert(
      fc.property(patches, patches, patches, (a, b, c) => {
        expect(mergePatches(mergePatches(a, b), c)).toEqual(mergePatches(a, mergePatches(b, c)));
      }),
    );
  });

  it('finds the patch between two settings, which leads from one to the other', () => {
    fc.assert(
      fc.property(patches, patches, (a, b) => {
        const from = applyPatch(DEFAULT_TRADING_SETTINGS, a);
        const to = applyPatch(DEFAULT_TRADING_SETTINGS, b);
        if (!from.ok || !to.ok) throw new Error('these patches always fit');
        expect(applyPatch(from.value, patchBetween(from.value, to.value))).toEqual(to);
        expect(patchBetween(to.value, to.value)).toEqual({});
      }),
    );
  });
});

describe('a patch from outside', () => {
  it('holds what was set and is not filled with defaults', () => {
    expect(parseSettingsPatch({ risk: { leverage: 1 }, exit: {} })).toEqual({
      ok: true,
      value: { risk: { leverage: 1 } },
    });
  });

  it.each([
    [{ exit: { stopLoss: 5 } }, 'exit.stopLoss', 'did you mean exit.stopLossPct?'],
    [{ exit: { leverage: 5 } }, 'exit.leverage', 'did you mean risk.leverage?'],
    [{ rsiLongMax: 5 }, 'rsiLongMax', 'did you mean signal.rsiLongMax?'],
    [{ riskk: {} }, 'riskk', 'did you mean risk?'],
    [{ exit: { banana: 5 } }, 'exit.banana', 'Unknown setting'],
    [{ exit: { stopLossPct: -5 } }, 'exit.stopLossPct', '>=0.1'],
    [{ exit: { stopLossPct: Number.NaN } }, 'exit.stopLossPct', 'NaN'],
  ])('is refused with the place: %j', (patch, path, part) => {
    const parsed = parseSettingsPatch(patch);
    expect(parsed.ok ? null : parsed.error[0]?.path).toBe(path);
    expect(parsed.ok ? null : parsed.error[0]?.message).toContain(part);
  });

  it('cannot set for one instrument what holds for all', () => {
    for (const path of GLOBAL_ONLY) {
      if (!SETTINGS_PATHS.includes(path)) continue;
      const [group, name] = path.split('.');
      const value = settingAt(DEFAULT_TRADING_SETTINGS, path);
      const parsed = parseInstrumentPatch(
        name === undefined ? { [path]: value } : { [String(group)]: { [name]: value } },
      );
      expect(parsed.ok ? null : parsed.error).toEqual([
        { path, message: 'It holds for all coins at once and can only be set for all of them' },
      ]);
    }
  });

  it('lets a key go back to the layer below', () => {
    const patch: SettingsPatch = { timeframe: '1h', risk: { leverage: 2 }, exit: { stopLossPct: 5 } };
    expect(withoutPath(patch, 'risk.leverage')).toEqual({ timeframe: '1h', exit: { stopLossPct: 5 } });
    expect(withoutPath(patch, 'timeframe')).toEqual({ risk: { leverage: 2 }, exit: { stopLossPct: 5 } });
    expect(withoutPath(patch, 'filter.scope')).toEqual(patch);
    expect(pathsOf(patch)).toEqual(['timeframe', 'risk.leverage', 'exit.stopLossPct']);
  });
});
