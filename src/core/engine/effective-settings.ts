import { err, ok, type Result } from '../base/result.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type InstrumentPatch,
  instrumentPatchSchema,
  type SettingsPatch,
  settingsPatchSchema,
  type TradingSettings,
  tradingSettingsSchema,
} from './settings.ts';
import { SETTINGS_PATHS, type SettingsFault, settingsFaults } from './settings-fault.ts';

/** Who set a value; each overrules those before it. */
export type SettingsLayer = 'default' | 'global' | 'search' | 'instrument' | 'bot';

/** What was set above the defaults. A layer left out sets nothing. */
export interface SettingsLayers {
  readonly global?: SettingsPatch;
  /** What a search found for the instrument. */
  readonly search?: InstrumentPatch;
  readonly instrument?: InstrumentPatch;
  readonly bot?: InstrumentPatch;
}

/** Settings as they hold, and for each key the layer its value comes from. */
export interface EffectiveSettings {
  readonly settings: TradingSettings;
  readonly origins: Readonly<Record<string, SettingsLayer>>;
}

/**
 * The only merge there is: bot over instrument over search over global over default, key by key; lists replace, never mix.
 * The error names what is wrong when the layers are sound alone and contradict each other together.
 */
export function effectiveSettings(
  layers: SettingsLayers,
): Result<EffectiveSettings, readonly SettingsFault[]> {
  const origins: Record<string, SettingsLayer> = {};
  for (const path of SETTINGS_PATHS) origins[path] = 'default';
  let merged: SettingsPatch = {};
  for (const layer of ['global', 'search', 'instrument', 'bot'] as const) {
    const patch = layers[layer];
    if (patch === undefined) continue;
    merged = mergePatches(merged, patch);
    for (const path of pathsOf(patch)) origins[path] = layer;
  }
  const settings = applyPatch(DEFAULT_TRADING_SETTINGS, merged);
  return settings.ok ? ok({ settings: settings.value, origins }) : settings;
}

/** Settings with a patch over them; the error names what no longer fits together. */
export function applyPatch(
  base: TradingSettings,
  patch: SettingsPatch,
): Result<TradingSettings, readonly SettingsFault[]> {
  const parsed = tradingSettingsSchema.safeParse(overlay(base, patch));
  return parsed.success ? ok(parsed.data) : err(settingsFaults(parsed.error));
}

/** One patch that does what `base` and then `over` do. Associative. */
export function mergePatches<Patch extends SettingsPatch>(base: Patch, over: Patch): Patch {
  return overlay(base, over) as Patch;
}

/** What takes `base` to `settings`: the keys whose values differ. */
export function patchBetween(base: TradingSettings, settings: TradingSettings): SettingsPatch {
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const before: unknown = Reflect.get(base, name);
    if (!isGroup(value)) {
      if (value !== before) patch[name] = value;
      continue;
    }
    const changed = Object.entries(value).filter(([key, leaf]) => !sameValue(leaf, groupOf(before)[key]));
    if (changed.length > 0) patch[name] = Object.fromEntries(changed);
  }
  return patch;
}

/** A global patch from outside. */
export function parseSettingsPatch(value: unknown): Result<SettingsPatch, readonly SettingsFault[]> {
  const parsed = settingsPatchSchema.safeParse(value);
  return parsed.success ? ok(withoutEmpty(parsed.data)) : err(settingsFaults(parsed.error));
}

/** A patch of one instrument or one bot from outside. */
export function parseInstrumentPatch(value: unknown): Result<InstrumentPatch, readonly SettingsFault[]> {
  const parsed = instrumentPatchSchema.safeParse(value);
  return parsed.success ? ok(withoutEmpty(parsed.data)) : err(settingsFaults(parsed.error));
}

/** A patch without one key, `group.key`; the same when it is not set there. */
export function withoutPath<Patch extends SettingsPatch>(patch: Patch, path: string): Patch {
  const kept = Object.entries(patch).flatMap(([name, value]) => {
    if (!isGroup(value)) return name === path ? [] : [[name, value]];
    return [[name, Object.fromEntries(Object.entries(value).filter(([key]) => `${name}.${key}` !== path))]];
  });
  return withoutEmpty(Object.fromEntries(kept) as Patch);
}

/** The keys a patch sets, `group.key`. */
export function pathsOf(patch: SettingsPatch): readonly string[] {
  return leavesOf(patch).map(([path]) => path);
}

/** The keys a patch sets, with their values. */
export function leavesOf(patch: SettingsPatch): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(patch).flatMap(([name, value]): [string, unknown][] =>
    isGroup(value) ? Object.entries(value).map(([key, leaf]) => [`${name}.${key}`, leaf]) : [[name, value]],
  );
}

/** Equal values of a setting; lists by their members in order. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function overlay(base: SettingsPatch, over: SettingsPatch): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(base));
  for (const [name, value] of Object.entries(over)) {
    merged[name] = isGroup(value) ? { ...groupOf(merged[name]), ...value } : value;
  }
  return merged;
}

/** What sets nothing is not kept: two patches that do the same are the same. */
function withoutEmpty<Patch extends SettingsPatch>(patch: Patch): Patch {
  const groups = Object.entries(patch).filter(
    ([, value]) => !isGroup(value) || Object.keys(value).length > 0,
  );
  return Object.fromEntries(groups) as Patch;
}

function groupOf(value: unknown): Readonly<Record<string, unknown>> {
  return isGroup(value) ? value : {};
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
