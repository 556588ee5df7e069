import { nearestName } from '../base/nearest-name.ts';
import type { Instrument } from '../domain/instrument.ts';
import { ladderNotionalMin } from '../risk/ladder-agreement.ts';
import { applyPatch } from './effective-settings.ts';
import type { TradingSettings } from './settings.ts';
import type { CheckedDocument } from './settings-document.ts';
import type { SettingsFault } from './settings-fault.ts';

/** What most contracts take at least, USDT; told by where no instrument is known. */
const USUAL_ORDER_MIN_USDT = 5;

/**
 * What a person should know of settings that may be in force all the same: an entry that would be refused every time,
 * names that mean nothing now. `listed` empty: the exchange's instruments are not known, and no name is judged. `equity`
 * in USDT; null: not known, and no share of it is judged.
 */
export function settingsWarnings(
  checked: CheckedDocument,
  listed: readonly Instrument[],
  equity: number | null,
): readonly SettingsFault[] {
  return [...sizeWarnings(checked, listed, equity), ...unlistedWarnings(checked, listed)];
}

/** What an instrument has from all of them is said once. */
function sizeWarnings(
  { settings, instruments }: CheckedDocument,
  listed: readonly Instrument[],
  equity: number | null,
): readonly SettingsFault[] {
  const termsOf = (those: readonly Instrument[]): SizeTerms => ({
    orderMinUsdt: least(those.map(({ notionalMin }) => notionalMin.toNumber())) ?? USUAL_ORDER_MIN_USDT,
    quantityMin: least(those.map(({ quantityMin }) => quantityMin.toNumber())),
    equity,
  });
  const all = sizeWarning(settings, termsOf(listed));
  if (all !== null) return [{ path: 'entry.entryMethod', message: all }];
  return [...instruments].flatMap(([id, patch]) => {
    const own = applyPatch(settings, patch);
    const its = listed.filter((each) => each.id === id);
    const message = own.ok ? sizeWarning(own.value, termsOf(its.length === 0 ? listed : its)) : null;
    return message === null ? [] : [{ path: `instruments.${id}.entry.entryMethod`, message }];
  });
}

function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

/** What an entry must come to; of several instruments, of the one that takes the least. */
interface SizeTerms {
  readonly orderMinUsdt: number;
  /** Base units; null: not known. */
  readonly quantityMin: number | null;
  /** USDT; null: not known. */
  readonly equity: number | null;
}

function sizeWarning(settings: TradingSettings, terms: SizeTerms): string | null {
  const { entry, risk } = settings;
  if (entry.entryMethod !== 'ladder') return null;
  if (risk.sizing === 'quantity') return quantityWarning(settings, terms.quantityMin);
  const sized = sizeOf(settings, terms.equity);
  const needed = ladderNotionalMin(entry.rungs, terms.orderMinUsdt);
  if (sized === null || sized.valueUsdt >= needed) return null;
  const { valueUsdt, key, set } = sized;
  const enough = Math.ceil(rounded((set * needed * 100) / valueUsdt)) / 100;
  return (
    `Every entry would be refused: ${rounded(valueUsdt)} USDT over ${entry.rungs.length} rungs leave the ` +
    `smallest below the ${terms.orderMinUsdt} USDT the exchange takes. Set risk.${key} to ${enough} or more, or fewer rungs.`
  );
}

/** Value of a whole entry, with the setting it comes from; null while the equity it is a share of is not known. */
function sizeOf(
  { risk, exit }: TradingSettings,
  equity: number | null,
): { readonly valueUsdt: number; readonly key: string; readonly set: number } | null {
  const { sizing, positionNotionalUsdt, positionEquityPct, positionRiskPct, takerFeePct } = risk;
  if (sizing === 'notional')
    return { valueUsdt: positionNotionalUsdt, key: 'positionNotionalUsdt', set: positionNotionalUsdt };
  if (equity === null || equity <= 0) return null;
  if (sizing === 'equity')
    return {
      valueUsdt: (equity * positionEquityPct) / 100,
      key: 'positionEquityPct',
      set: positionEquityPct,
    };
  // What a position loses at its stop, % of its value, fees of both ways included.
  const lossPct = exit.stopLossPct + (2 + exit.stopLossPct / 100) * takerFeePct;
  return { valueUsdt: (equity * positionRiskPct) / lossPct, key: 'positionRiskPct', set: positionRiskPct };
}

function quantityWarning({ entry, risk }: TradingSettings, quantityMin: number | null): string | null {
  const { rungs } = entry;
  if (quantityMin === null || risk.positionQuantity === null) return null;
  const share = Math.max(smallestShare(rungs, -1), smallestShare(rungs, 1));
  if (risk.positionQuantity * share >= quantityMin) return null;
  return (
    `Every entry would be refused: ${risk.positionQuantity} over ${rungs.length} rungs leave the smallest below the ` +
    `${quantityMin} the exchange takes. Set risk.positionQuantity to ${rounded(quantityMin / share)} or more, or fewer rungs.`
  );
}

/** Of all units. Weights share the value, so that a lower price gets more of them. `side` -1: a long; 1: a short. */
function smallestShare(rungs: TradingSettings['entry']['rungs'], side: 1 | -1): number {
  const units = rungs.map(({ weight, offsetPct }) => weight / (1 + (side * offsetPct) / 100));
  return Math.min(...units) / units.reduce((sum, each) => sum + each, 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function unlistedWarnings(
  { document, settings }: CheckedDocument,
  listed: readonly Instrument[],
): readonly SettingsFault[] {
  if (listed.length === 0) return [];
  const known = new Set<string>(listed.map(({ id }) => id));
  const named = [
    ...Object.keys(document.instruments).map((id) => ({ id, path: `instruments.${id}` })),
    ...settings.filter.whitelist.map((id) => ({ id, path: 'filter.whitelist' })),
    ...settings.filter.blacklist.map((id) => ({ id, path: 'filter.blacklist' })),
  ];
  return named
    .filter(({ id }) => !known.has(id))
    .map(({ id, path }) => {
      const sameBase = listed.find(({ base, quote }) => `${base}${quote}` === id);
      const meant = sameBase?.id ?? nearestName(id, known);
      const hint = meant === null ? '' : ` Did you mean ${meant}?`;
      return { path, message: `${id} is not listed now; what is set for it waits until it is.${hint}` };
    });
}
