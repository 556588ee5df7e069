import { applyPatch, pathsOf } from '../../core/engine/effective-settings.ts';
import type { SettingsPatch, TradingSettings } from '../../core/engine/settings.ts';
import type { Fields } from './json-text.ts';
import type { KeyRule } from './key-rule.ts';

/** Keys in the predecessor's words, and what it has none for. */
export interface WrittenKeys {
  readonly fields: Fields;
  /** Settings of ours, `group.key`. */
  readonly unsaid: readonly string[];
}

/** Every key of the rules, as the settings have it. */
export function writeSettings(rules: readonly KeyRule[], settings: TradingSettings): Fields {
  return Object.assign({}, ...rules.map((rule) => rule.write(settings)));
}

/** The keys of what a layer sets over `base`, and no others. */
export function writePatch(
  rules: readonly KeyRule[],
  patch: SettingsPatch,
  base: TradingSettings,
): WrittenKeys {
  const set = pathsOf(patch);
  const over = applyPatch(base, patch);
  const settings = over.ok ? over.value : base;
  const saying = rules.filter((rule) => Object.keys(rule.write(settings)).length > 0);
  const said = new Set(saying.flatMap(({ paths }) => paths));
  const own = saying.filter(({ paths }) => paths.some((path) => set.includes(path)));
  return { fields: writeSettings(own, settings), unsaid: set.filter((path) => !said.has(path)) };
}
