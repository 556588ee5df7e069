import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { applyPatch, mergePatches } from './effective-settings.ts';
import type { InstrumentPatch, TradingSettings } from './settings.ts';
import type { InstrumentPatches } from './settings-document.ts';
import type { SettingsFault } from './settings-fault.ts';

/** Settings of the instruments that do not simply follow the global ones. */
export type OwnSettings = ReadonlyMap<InstrumentId, TradingSettings>;

/** The layers above the defaults as the engine holds them. */
export interface LayeredSettings {
  /** Defaults and global patch. */
  readonly settings: TradingSettings;
  readonly instruments: InstrumentPatches;
  /** What each bot sets for its instrument; a bot that sets nothing may be left out. */
  readonly bots: Iterable<{ readonly instrumentId: InstrumentId; readonly settings: InstrumentPatch }>;
}

/** The settings that hold for an instrument. */
export function settingsOf(
  { settings, own }: { readonly settings: TradingSettings; readonly own: OwnSettings },
  instrumentId: InstrumentId,
): TradingSettings {
  return own.get(instrumentId) ?? settings;
}

/**
 * Computed once per change, so that a decision only looks up. The error names the instrument whose layers
 * contradict each other together: such a change is refused, and what is in force stays.
 */
export function ownSettings(layers: LayeredSettings): Result<OwnSettings, readonly SettingsFault[]> {
  const patches = new Map(layers.instruments);
  for (const { instrumentId, settings } of layers.bots) {
    if (Object.keys(settings).length === 0) continue;
    patches.set(instrumentId, mergePatches(patches.get(instrumentId) ?? {}, settings));
  }
  const own = new Map<InstrumentId, TradingSettings>();
  for (const [id, patch] of patches) {
    const settings = applyPatch(layers.settings, patch);
    if (!settings.ok) {
      return err(settings.error.map((fault) => ({ ...fault, path: `instruments.${id}.${fault.path}` })));
    }
    own.set(id, settings.value);
  }
  return ok(own);
}
