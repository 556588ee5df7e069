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
 * names that mean nothing now. `listed` empty: the exchange's instruments are not known, and no name is judged.
 */
export function settingsWarnings(
  checked: CheckedDocument,
  listed: readonly Instrument[],
): readonly SettingsFault[] {
  return [...sizeWarnings(checked, listed), ...unlistedWarnings(checked, listed)];
}

/** What an instrument has from all of them is said once. */
function sizeWarnings(
  { settings, instruments }: CheckedDocument,
  listed: readonly Instrument[],
): readonly SettingsFault[] {
  const minima = new Map(listed.map(({ id, notionalMin }) => [id, notionalMin.toNumber()]));
  const leastMin = minima.size === 0 ? USUAL_ORDER_MIN_USDT : Math.min(...minima.values());
  const all = sizeWarning(settings, leastMin);
  if (all !== null) return [{ path: 'entry.entryMethod', message: all }];
  return [...instruments].flatMap(([id, patch]) => {
    const own = applyPatch(settings, patch);
    const message = own.ok ? sizeWarning(own.value, minima.get(id) ?? leastMin) : null;
    return message === null ? [] : [{ path: `instruments.${id}.entry.entryMethod`, message }];
  });
}

/** Only a size in USDT is known before there is a price and an account. */
function sizeWarning({ entry, risk }: TradingSettings, orderMinUsdt: number): string | null {
  if (entry.entryMethod !== 'ladder' || risk.sizing !== 'notional') return null;
  const needed = ladderNotionalMin(entry.rungs, orderMinUsdt);
  if (risk.positionNotionalUsdt >= needed) return null;
  return (
    `Every entry would be refused: ${risk.positionNotionalUsdt} USDT over ${entry.rungs.length} rungs leave the ` +
    `smallest below the ${orderMinUsdt} USDT the exchange takes. Set risk.positionNotionalUsdt to ${needed} or more, or fewer rungs.`
  );
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
