import { z } from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import { type InstrumentId, parseInstrumentId } from '../domain/instrument.ts';
import {
  applyPatch,
  effectiveSettings,
  leavesOf,
  parseInstrumentPatch,
  parseSettingsPatch,
  patchBetween,
  sameValue,
} from './effective-settings.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type InstrumentPatch,
  type SettingsPatch,
  type TradingSettings,
  tradingSettingsSchema,
} from './settings.ts';
import { type SettingsFault, settingsFaults } from './settings-fault.ts';

/** Own settings of instruments, by instrument. */
export type InstrumentPatches = ReadonlyMap<InstrumentId, InstrumentPatch>;

/** One version of the settings: what people set, and nothing that follows from it. */
export interface SettingsDocument {
  readonly global: SettingsPatch;
  /** By instrument id. */
  readonly instruments: Readonly<Record<string, InstrumentPatch>>;
}

/** A document as its layers hold together. */
export interface CheckedDocument {
  readonly document: SettingsDocument;
  /** The defaults with the global patch over them. */
  readonly settings: TradingSettings;
  readonly instruments: InstrumentPatches;
}

/** A key that differs between two documents; a side left out does not set it. */
export interface SettingsChange {
  /** `filter.rsiTimeCandles`, or `instruments.BTCUSDT.filter.rsiTimeCandles`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What an exported file says it is. */
export const SETTINGS_FORMAT = 'infobot-settings';

const outlineSchema = z.strictObject({
  /** Marks of an exported file. */
  format: z.literal(SETTINGS_FORMAT).optional(),
  formatVersion: z.literal(1).optional(),
  global: z.unknown(),
  instruments: z.record(z.string(), z.unknown()).default({}),
});

/** The document in which nobody set anything. */
export const EMPTY_DOCUMENT: SettingsDocument = { global: {}, instruments: {} };

/**
 * A document from outside or from the store, whole or not at all. A whole set of settings, as versions were
 * stored before there were layers, is read as the global patch of what differs from the defaults.
 */
export function parseSettingsDocument(value: unknown): Result<CheckedDocument, readonly SettingsFault[]> {
  const whole = isWholeSettings(value) ? tradingSettingsSchema.safeParse(value) : null;
  if (whole !== null && !whole.success) return err(settingsFaults(whole.error));
  if (whole !== null) {
    return checkDocument({ global: patchBetween(DEFAULT_TRADING_SETTINGS, whole.data), instruments: {} });
  }
  const outline = outlineSchema.safeParse(value);
  if (!outline.success) return err(settingsFaults(outline.error));
  const global = parseSettingsPatch(outline.data.global ?? {});
  if (!global.ok) return global;
  const instruments: Record<string, InstrumentPatch> = {};
  for (const [id, stored] of Object.entries(outline.data.instruments)) {
    const patch = parseInstrumentPatch(stored);
    if (!patch.ok) return err(within(`instruments.${id}`, patch.error));
    if (Object.keys(patch.value).length > 0) instruments[id] = patch.value;
  }
  return checkDocument({ global: global.value, instruments });
}

/** Refuses a document when the settings of all instruments or of any one of them contradict themselves. */
export function checkDocument(document: SettingsDocument): Result<CheckedDocument, readonly SettingsFault[]> {
  const global = effectiveSettings({ global: document.global });
  if (!global.ok) return global;
  const { settings } = global.value;
  const instruments = new Map<InstrumentId, InstrumentPatch>();
  for (const [text, patch] of Object.entries(document.instruments)) {
    const id = parseInstrumentId(text);
    const path = `instruments.${text}`;
    if (id === null) return err([{ path, message: 'A coin is named by 2 to 40 capital letters and digits' }]);
    const merged = applyPatch(settings, patch);
    if (!merged.ok) return err(within(path, merged.error));
    instruments.set(id, patch);
  }
  return ok({ document, settings, instruments });
}

/** What differs, in the order of the keys: global first, then instrument by instrument. */
export function diffDocuments(before: SettingsDocument, after: SettingsDocument): readonly SettingsChange[] {
  const old = leavesOfDocument(before);
  const changes: SettingsChange[] = [];
  const now = leavesOfDocument(after);
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort(globalFirst)) {
    const was = old.get(path);
    const is = now.get(path);
    if (old.has(path) && now.has(path) && sameValue(was, is)) continue;
    changes.push({
      path,
      ...(old.has(path) ? { before: was } : {}),
      ...(now.has(path) ? { after: is } : {}),
    });
  }
  return changes;
}

function leavesOfDocument({ global, instruments }: SettingsDocument): ReadonlyMap<string, unknown> {
  const leaves = new Map(leavesOf(global));
  for (const [id, patch] of Object.entries(instruments)) {
    for (const [path, value] of leavesOf(patch)) leaves.set(`instruments.${id}.${path}`, value);
  }
  return leaves;
}

function globalFirst(a: string, b: string): number {
  const order = Number(a.startsWith('instruments.')) - Number(b.startsWith('instruments.'));
  if (order !== 0) return order;
  return a < b ? -1 : 1;
}

/** Versions before layers held every group; a document has none of them at its top. */
function isWholeSettings(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !('global' in value) && 'timeframe' in value;
}

function within(parent: string, faults: readonly SettingsFault[]): readonly SettingsFault[] {
  return faults.map(({ path, message }) => ({
    path: path === '' ? parent : `${parent}.${path}`,
    message,
  }));
}
