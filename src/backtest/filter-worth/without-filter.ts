import { ensure } from '../../core/base/assert.ts';
import { applyPatch } from '../../core/engine/effective-settings.ts';
import { type InstrumentPatch, SETTINGS_GROUPS, type SettingsPatch } from '../../core/engine/settings.ts';
import type { InstrumentPatches } from '../../core/engine/settings-document.ts';
import type { BacktestRequest } from '../backtest-request.ts';

/** Settings under which a filter of that name vetoes nothing; null for one that cannot be switched off. */
export const FILTER_OFF: Readonly<Record<string, SettingsPatch | null>> = {
  'trading-switch': { filter: { tradingEnabled: true } },
  'entries-allowed': null,
  scope: { filter: { scope: 'all', blacklist: [] } },
  instrument: null,
  data: null,
  quarantine: { filter: { quarantineEnabled: false } },
  'adaptive-level': { signal: { adaptiveEnabled: false } },
  'signal-confirmation': { signal: { confirmEnabled: false } },
  trend: { filter: { avoidDownTrend: false, avoidUpTrend: false } },
  maturity: { filter: { maturityEnabled: false } },
  'rsi-time': { filter: { rsiTimeEnabled: false } },
  'exit-scam': { filter: { exitScamEnabled: false } },
  'rsi-recheck': { filter: { rsiRecheckEnabled: false } },
  'loss-reentry': { filter: { lossReentryEnabled: false } },
  'cool-down': null,
  liquidity: { filter: { liquidityTurnoverMinUsdt: null } },
  spread: { filter: { spreadPctMax: null } },
  volatility: { filter: { volatilityPctMin: null, volatilityPctMax: null } },
  'funding-cost': { filter: { fundingPctMaxPerDay: null } },
  correlation: { filter: { correlationPositionsMax: null } },
};

/** The same walk without one filter, for every instrument; null when it cannot be switched off. */
export function withoutFilter(request: BacktestRequest, filter: string): BacktestRequest | null {
  const off = FILTER_OFF[filter] ?? null;
  if (off === null) return null;
  const applied = applyPatch(request.settings, off);
  const settings = ensure(applied.ok ? applied.value : null, 'What is switched off contradicts nothing.');
  return { ...request, settings, instruments: withoutKeys(request.instruments, off) };
}

/** What single instruments do otherwise with those keys is left out: off is off for all. */
function withoutKeys(instruments: InstrumentPatches, off: SettingsPatch): InstrumentPatches {
  return new Map([...instruments].map(([id, patch]) => [id, patchWithout(patch, off)] as const));
}

function patchWithout(patch: InstrumentPatch, off: SettingsPatch): InstrumentPatch {
  const left = SETTINGS_GROUPS.flatMap((group) => {
    const set = patch[group];
    if (set === undefined) return [];
    const keys = Object.entries(set).filter(([key]) => !Object.hasOwn(off[group] ?? {}, key));
    return keys.length === 0 ? [] : [[group, Object.fromEntries(keys)] as const];
  });
  return Object.fromEntries(left);
}
