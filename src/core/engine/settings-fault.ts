import type { z } from 'zod';
import { nearestName } from '../base/nearest-name.ts';
import { DEFAULT_TRADING_SETTINGS, GLOBAL_ONLY, SETTINGS_GROUPS, type TradingSettings } from './settings.ts';

/** What is wrong with settings: where (`filter.rsiTimeCandles`; empty for the whole) and a sentence. */
export interface SettingsFault {
  readonly path: string;
  readonly message: string;
}

/** Every key there is, `group.key`, in the order of the schema. Lists count as one key. */
export const SETTINGS_PATHS: readonly string[] = [
  'timeframe',
  ...SETTINGS_GROUPS.flatMap((group) =>
    Object.keys(DEFAULT_TRADING_SETTINGS[group]).map((key) => `${group}.${key}`),
  ),
];

/** The value of a path of `SETTINGS_PATHS`. */
export function settingAt(settings: TradingSettings, path: string): unknown {
  if (path === 'timeframe') return settings.timeframe;
  const [group, key] = path.split('.');
  const found = SETTINGS_GROUPS.find((name) => name === group);
  return found === undefined ? undefined : Reflect.get(settings[found], key ?? '');
}

/** A schema's findings in our words; an unknown key is named with the nearest known one. */
export function settingsFaults(error: z.ZodError): readonly SettingsFault[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => unknownSetting([...path, key].join('.')));
  });
}

/** Why a key that no schema knows is refused. */
export function unknownSetting(path: string): SettingsFault {
  if (GLOBAL_ONLY.has(path)) {
    return { path, message: 'It holds for all coins at once and can only be set for all of them' };
  }
  const meant = nearestPath(path);
  return { path, message: `Unknown setting${meant === null ? '' : `; did you mean ${meant}?`}` };
}

/**
 * `filter.rsiTimeCandels` and `rsiTimeCandles` both mean `filter.rsiTimeCandles`; null when nothing is close. A key
 * spelt right is found in whatever group it is; a misspelt one is looked for in the group that was named alone.
 */
function nearestPath(path: string): string | null {
  const typed = keyOf(path);
  const exact = SETTINGS_PATHS.find((known) => keyOf(known).toLowerCase() === typed.toLowerCase());
  if (exact !== undefined) return exact;
  const named = path.split('.').at(-2);
  const group = SETTINGS_GROUPS.find((name) => name === named);
  const near = SETTINGS_PATHS.filter((known) => group === undefined || known.startsWith(`${group}.`));
  const byKey = new Map(near.map((known) => [keyOf(known), known]));
  const key = nearestName(typed, byKey.keys());
  if (key !== null) return byKey.get(key) ?? null;
  return path.includes('.') ? null : nearestName(path, SETTINGS_GROUPS);
}

function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
