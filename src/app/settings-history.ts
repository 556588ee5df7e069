import type { Timeframe } from '../core/domain/timeframe.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type TradingSettings,
  tradingSettingsSchema,
} from '../core/engine/settings.ts';
import type { Store } from '../store/store.ts';

export interface VersionedSettings {
  readonly version: number;
  readonly settings: TradingSettings;
}

/**
 * The settings in force: the newest stored version, else the defaults as version 1. A timeframe asked for at
 * start that differs becomes a new version, so that the history stays whole. Throws when the stored version
 * is not readable: settings are never silently replaced by defaults.
 */
export async function currentSettings(
  store: Store,
  nowMs: number,
  timeframe: Timeframe | null,
): Promise<VersionedSettings> {
  const stored = await store.latestSettings();
  const before = stored === null ? null : parseStored(stored.settingsJson, stored.version);
  const base = before ?? DEFAULT_TRADING_SETTINGS;
  const wanted = timeframe === null ? base : { ...base, timeframe };
  if (stored !== null && wanted.timeframe === base.timeframe)
    return { version: stored.version, settings: base };
  const version = await store.addSettings({
    settingsJson: JSON.stringify(wanted),
    author: 'system',
    reason: stored === null ? 'first start' : `started with timeframe ${wanted.timeframe}`,
    createdMs: nowMs,
  });
  return { version, settings: wanted };
}

function parseStored(settingsJson: string, version: number): TradingSettings {
  const parsed = tradingSettingsSchema.safeParse(JSON.parse(settingsJson));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `Version ${version} of the settings cannot be read (${issue?.path.join('.')}: ${issue?.message}). ` +
      'It was written by another version of InfoBot; start that one, or store a corrected version.',
  );
}
