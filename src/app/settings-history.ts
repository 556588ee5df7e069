import type { Timeframe } from '../core/domain/timeframe.ts';
import { mergePatches } from '../core/engine/effective-settings.ts';
import {
  type CheckedDocument,
  checkDocument,
  EMPTY_DOCUMENT,
  parseSettingsDocument,
  type SettingsDocument,
} from '../core/engine/settings-document.ts';
import type { SettingsFault } from '../core/engine/settings-fault.ts';
import type { SettingsVersionRow } from '../store/settings-row.ts';
import type { Store } from '../store/store.ts';

/** A stored version of the settings, as its layers hold together. */
export interface VersionedSettings extends CheckedDocument {
  readonly version: number;
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
  const before = stored === null ? null : readVersion(stored);
  if (before !== null && (timeframe === null || timeframe === before.settings.timeframe)) return before;
  const document = withTimeframe(before?.document ?? EMPTY_DOCUMENT, timeframe);
  const version = await store.addSettings({
    settingsJson: JSON.stringify(document),
    author: 'system',
    reason: stored === null ? 'first start' : `started with timeframe ${timeframe}`,
    createdMs: nowMs,
  });
  return { version, ...checked(document, version) };
}

/** A row of the store. Throws when it cannot be read. */
export function readVersion(row: SettingsVersionRow): VersionedSettings {
  const parsed = parseSettingsDocument(JSON.parse(row.settingsJson));
  if (parsed.ok) return { version: row.version, ...parsed.value };
  throw unreadable(row.version, parsed.error);
}

function withTimeframe(document: SettingsDocument, timeframe: Timeframe | null): SettingsDocument {
  return timeframe === null
    ? document
    : { ...document, global: mergePatches(document.global, { timeframe }) };
}

function checked(document: SettingsDocument, version: number): CheckedDocument {
  const result = checkDocument(document);
  if (result.ok) return result.value;
  throw unreadable(version, result.error);
}

function unreadable(version: number, faults: readonly SettingsFault[]): Error {
  const [fault] = faults;
  return new Error(
    `Version ${version} of the settings cannot be read (${fault?.path}: ${fault?.message}). ` +
      'It was written by another version of InfoBot; start that one, or store a corrected version.',
  );
}
