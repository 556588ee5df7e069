import { z } from 'zod';
import { err, ok, type Result } from '../core/base/result.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import { instrumentIdOf } from '../core/domain/typed-name.ts';
import { effectiveSettings, type SettingsLayer } from '../core/engine/effective-settings.ts';
import { DEFAULT_TRADING_SETTINGS, tradingSettingsSchema } from '../core/engine/settings.ts';
import {
  diffDocuments,
  SETTINGS_FORMAT,
  type SettingsChange,
  type SettingsDocument,
} from '../core/engine/settings-document.ts';
import { editDocument, type SettingsEdit } from '../core/engine/settings-edit.ts';
import {
  SETTINGS_PATHS,
  type SettingsFault,
  settingAt,
  unknownSetting,
} from '../core/engine/settings-fault.ts';
import { describeSettings, type SettingDescription } from '../core/engine/settings-outline.ts';
import { missingFolder, readJsonFile, writeFileAtomic } from '../platform/files.ts';
import type { AppConfig } from './config.ts';
import { type ConfigDesk, withConfigDesk, withStoredConfig } from './config-desk.ts';
import { readVersion } from './settings-history.ts';
import type { ChangeResult } from './settings-service.ts';

/** One effective value. */
export interface ShownSetting {
  readonly path: string;
  readonly value: unknown;
  readonly origin: SettingsLayer;
}

/** The settings of all coins, or of one. */
export interface ShownSettings {
  readonly version: number;
  readonly instrumentId: string | null;
  readonly rows: readonly ShownSetting[];
}

/** A version without its content. */
export interface ShownVersion {
  readonly version: number;
  readonly author: string;
  readonly reason: string;
  readonly createdMs: number;
}

/** What a change on the command line says besides itself. */
export interface ConfigTerms {
  readonly reason: string;
  readonly dryRun: boolean;
  /** The account whose bots must still fit; null for the one that traded last. */
  readonly account: string | null;
}

/** Wrong input, as faults with their places; everything else rejects with a sentence. */
export type ConfigOutcome = Result<ChangeResult, readonly SettingsFault[]>;

/** Effective values with their layers; an unknown coin follows those of all coins. */
export function showSettings(
  config: AppConfig,
  account: string | null,
  coin: string | null,
): Promise<Result<ShownSettings, readonly SettingsFault[]>> {
  return withStoredConfig(config, account, async (desk) => {
    const named = nameOf(coin);
    if (!named.ok) return named;
    const { version, document } = await desk.current();
    const id = named.value;
    const bot = [...desk.bots].find(({ instrumentId }) => instrumentId === id)?.settings ?? {};
    const instrument = id === null ? {} : (document.instruments[id] ?? {});
    const effective = effectiveSettings({ global: document.global, instrument, bot });
    if (!effective.ok) return effective;
    const { settings, origins } = effective.value;
    const rows = SETTINGS_PATHS.map((path) => ({
      path,
      value: settingAt(settings, path),
      origin: origins[path] ?? 'default',
    }));
    return ok({ version, instrumentId: id, rows });
  });
}

/** Sets a key, or gives it back to the layer below with `text` null. */
export function setSetting(
  config: AppConfig,
  { path, text, coin }: { readonly path: string; readonly text: string | null; readonly coin: string | null },
  terms: ConfigTerms,
): Promise<ConfigOutcome> {
  const named = nameOf(coin);
  if (!named.ok) return Promise.resolve(named);
  if (!SETTINGS_PATHS.includes(path)) return Promise.resolve(err([unknownSetting(path)]));
  const done = text === null ? `unset ${path}` : `set ${path}`;
  return changeBy(config, editOf(path, text, named.value), { ...terms, reason: terms.reason || done });
}

/** Brings back an earlier version as a further one. */
export function rollbackSettings(
  config: AppConfig,
  version: number,
  terms: ConfigTerms,
): Promise<ConfigOutcome> {
  return withConfigDesk(config, terms.account, async (desk) => {
    const document = await documentOf(desk, version);
    const done = `rollback to ${version}`;
    const reason = terms.reason === '' ? done : `${done}: ${terms.reason}`;
    return storeEdit(desk, { kind: 'replace', document }, { ...terms, reason });
  });
}

/** Replaces everything people set by a file, all of it or nothing. */
export async function importSettings(
  config: AppConfig,
  path: string,
  terms: ConfigTerms,
): Promise<ConfigOutcome> {
  const file = await readJsonFile(path);
  if (!file.ok) return err([{ path: '', message: file.error.detail }]);
  return changeBy(config, { kind: 'replace', document: file.value }, terms);
}

/** What people set, as text for a file; written to `path` when one is given. */
export async function exportSettings(
  config: AppConfig,
  account: string | null,
  path: string | null,
): Promise<string> {
  const missing = path === null ? null : await missingFolder(path);
  if (missing !== null) throw new Error(missing);
  const { document } = await withStoredConfig(config, account, (desk) => desk.current());
  const text = `${JSON.stringify({ format: SETTINGS_FORMAT, formatVersion: 1, ...document }, null, 2)}\n`;
  if (path !== null) await writeFileAtomic(path, text);
  return text;
}

/** What differs between two versions; `to` null for the one in force. */
export function diffVersions(
  config: AppConfig,
  account: string | null,
  { from, to }: { readonly from: number; readonly to: number | null },
): Promise<{ readonly from: number; readonly to: number; readonly changes: readonly SettingsChange[] }> {
  return withStoredConfig(config, account, async (desk) => {
    const before = await documentOf(desk, from);
    const current = await desk.current();
    const after = to === null ? current.document : await documentOf(desk, to);
    return { from, to: to ?? current.version, changes: diffDocuments(before, after) };
  });
}

/** Newest first, at most `limit`. */
export function settingsHistory(
  config: AppConfig,
  account: string | null,
  limit: number,
): Promise<readonly ShownVersion[]> {
  return withStoredConfig(config, account, async (desk) => {
    const { rows } = await desk.store.listSettings({ limit, cursor: null });
    return rows.map(({ version, author, reason, createdMs }) => ({ version, author, reason, createdMs }));
  });
}

/** Every key with its unit, default and range, for people. */
export function settingsKeys(): readonly SettingDescription[] {
  return describeSettings();
}

/** JSON Schema of whole settings, for programs. */
export function settingsJsonSchema(): unknown {
  return z.toJSONSchema(tradingSettingsSchema);
}

function changeBy(config: AppConfig, edit: SettingsEdit, terms: ConfigTerms): Promise<ConfigOutcome> {
  return withConfigDesk(config, terms.account, (desk) => storeEdit(desk, edit, terms));
}

async function storeEdit(desk: ConfigDesk, edit: SettingsEdit, terms: ConfigTerms): Promise<ConfigOutcome> {
  const { version, document } = await desk.current();
  const edited = editDocument(document, edit);
  if (!edited.ok) return edited;
  const { reason, dryRun } = terms;
  const change = { document: edited.value.document, reason, dryRun, expectedVersion: version };
  const result = await desk.change(change);
  return result.kind === 'invalid' ? err(result.faults) : ok(result);
}

async function documentOf(desk: ConfigDesk, version: number): Promise<SettingsDocument> {
  const row = await desk.store.settingsVersion(version);
  if (row !== null) return readVersion(row).document;
  throw new Error(`There is no version ${version}; "infobot config history" lists those there are.`);
}

function editOf(path: string, text: string | null, instrumentId: InstrumentId | null): SettingsEdit {
  if (text === null) return { kind: 'unset', path, instrumentId };
  const [group = '', key] = path.split('.');
  const value = typedValue(path, text);
  const patch = key === undefined ? { [group]: value } : { [group]: { [key]: value } };
  return instrumentId === null
    ? { kind: 'patch-global', patch }
    : { kind: 'patch-instruments', instrumentIds: [instrumentId], patch };
}

/** `5`, `true`, `null` and JSON as they are; `BTC,ETH` and nothing where a list belongs; else the text itself. */
function typedValue(path: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // Not JSON: a word, or a list of words.
    const isList = Array.isArray(settingAt(DEFAULT_TRADING_SETTINGS, path));
    if (!isList) return text;
    return text.trim() === '' ? [] : text.split(',').map((member) => member.trim());
  }
}

function nameOf(coin: string | null): Result<InstrumentId | null, readonly SettingsFault[]> {
  if (coin === null) return ok(null);
  const id = instrumentIdOf(coin);
  return id === null ? err([{ path: coin, message: 'No name of a coin' }]) : ok(id);
}
