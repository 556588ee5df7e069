import type { InstrumentId } from '../../core/domain/instrument.ts';
import { instrumentIdOf } from '../../core/domain/typed-name.ts';
import { type Bot, pausedBot, plainBot } from '../../core/engine/bot.ts';
import {
  effectiveSettings,
  leavesOf,
  mergePatches,
  sameValue,
  withoutPath,
} from '../../core/engine/effective-settings.ts';
import { type LayeredSettings, ownSettings } from '../../core/engine/own-settings.ts';
import {
  DEFAULT_TRADING_SETTINGS,
  type SettingsPatch,
  type TradingSettings,
} from '../../core/engine/settings.ts';
import { checkDocument, type SettingsDocument } from '../../core/engine/settings-document.ts';
import { type SettingsFault, settingAt } from '../../core/engine/settings-fault.ts';
import type { EmaSearchRow } from '../../store/store.ts';
import { FileReport, type ReportLine } from './import-report.ts';
import { type Fields, isFields, parseFields } from './json-text.ts';
import { readOptimalEma } from './optimal-ema-file.ts';
import { type ReadBot, readBots } from './read-bots.ts';
import { type ReadKeys, readSettings, refuse } from './read-settings.ts';
import { AUTO_BOT_RULES, SYSTEM_RULES } from './settings-table.ts';

/** The predecessor's files by name; one that is not there is left out. */
export type FileTexts = ReadonlyMap<PredecessorFile, string>;

/** In the order they are read: what is for all coins, for one, for its bot. */
export const PREDECESSOR_FILES = [
  'system_config.json',
  'auto_bot_config.json',
  'individual_coin_settings.json',
  'bots_state.json',
  'optimal_ema.json',
  'mature_coins.json',
  'rsi_cache.json',
  'process_state.json',
] as const;

/** One of them. */
export type PredecessorFile = (typeof PREDECESSOR_FILES)[number];

/** What is ours before an import. */
export interface OwnState {
  readonly document: SettingsDocument;
  readonly bots: LayeredSettings['bots'];
  /** Why bots cannot be taken now; null when they can. */
  readonly botsBlocked: string | null;
  readonly searches: readonly EmaSearchRow[];
  readonly nowMs: number;
}

/** What an import would do. */
export interface ImportPlan {
  readonly lines: readonly ReportLine[];
  readonly document: SettingsDocument;
  /** Bots to add, all of them paused. */
  readonly bots: readonly Bot[];
  readonly searches: readonly EmaSearchRow[];
}

/** Layers as they grow file by file. */
interface Draft {
  readonly document: SettingsDocument;
  readonly bots: readonly Bot[];
  readonly searches: readonly EmaSearchRow[];
}

/** Why nothing is read from a file that only held what is computed anew. */
const NOT_KEPT: Readonly<Partial<Record<PredecessorFile, string>>> = {
  'mature_coins.json': 'maturity is seen anew from the candles at every start',
  'rsi_cache.json': 'RSI is computed anew from the candles at every start',
  'process_state.json': 'it told how its own workers ran',
};

/**
 * What the files would change of ours. Each file is taken whole or not at all; whatever is in it, nothing turns Auto
 * Bot on, opens a position or starts a bot.
 */
export function planImport(texts: FileTexts, own: OwnState): ImportPlan {
  let draft: Draft = { document: own.document, bots: [], searches: [] };
  const lines: ReportLine[] = [];
  for (const file of PREDECESSOR_FILES) {
    const text = texts.get(file);
    if (text === undefined) continue;
    const report = new FileReport(file);
    const after = readText(text, { file, texts, own, draft, report });
    if (!report.isRefused()) draft = after;
    lines.push(...report.lines());
  }
  return { lines, ...draft };
}

interface FileReading {
  readonly file: PredecessorFile;
  readonly texts: FileTexts;
  readonly own: OwnState;
  readonly draft: Draft;
  readonly report: FileReport;
}

/** The draft with a file in it; to be dropped when the report says that the file is refused. */
function readText(text: string, reading: FileReading): Draft {
  const fields = parseFields(text);
  if (fields.ok) return readFile(fields.value, reading);
  reading.report.note('refused', fields.error.place, fields.error.detail);
  return reading.draft;
}

function readFile(fields: Fields, reading: FileReading): Draft {
  const { file, draft, report } = reading;
  switch (file) {
    case 'system_config.json':
      return withGlobal(fields, { ...reading, rules: SYSTEM_RULES, prefix: '' });
    case 'auto_bot_config.json':
      return withGlobal(fields, { ...reading, rules: AUTO_BOT_RULES, prefix: '' });
    case 'individual_coin_settings.json':
      return withCoins(fields, reading);
    case 'bots_state.json':
      return withBotsState(fields, reading);
    case 'optimal_ema.json':
      return withPairs(fields, reading);
    default:
      report.note('ignored', '', `not taken: ${NOT_KEPT[file] ?? ''}`);
      return draft;
  }
}

function withGlobal(
  fields: Fields,
  reading: FileReading & Pick<Parameters<typeof readSettings>[1], 'rules' | 'prefix'>,
): Draft {
  const { draft, report, rules, prefix } = reading;
  const base = settingsWithin(draft.document);
  const read = readSettings(fields, { rules, report, prefix, ofOne: false, base });
  const patch = withoutSame(read.patch, base);
  const document = { ...draft.document, global: mergePatches(draft.document.global, patch) };
  return judged({ ...draft, document }, null, { ...reading, ...read, prefix });
}

function withCoins(fields: Fields, reading: FileReading): Draft {
  const { report } = reading;
  let { draft } = reading;
  for (const [name, value] of Object.entries(fields)) {
    const id = instrumentIdOf(name);
    if (id === null || !isFields(value)) {
      report.note('refused', name, id === null ? 'no name of a coin' : 'it takes an object of settings');
      continue;
    }
    const base = settingsWithin(draft.document, id);
    const prefix = `${name}.`;
    const read = readSettings(value, { rules: AUTO_BOT_RULES, report, prefix, ofOne: true, base });
    const patch = mergePatches(draft.document.instruments[id] ?? {}, read.patch);
    if (Object.keys(patch).length === 0) continue;
    const instruments = { ...draft.document.instruments, [id]: patch };
    const document = { ...draft.document, instruments };
    draft = judged({ ...draft, document }, id, { ...reading, ...read, prefix });
  }
  return draft;
}

function withPairs(fields: Fields, { report, own, draft }: FileReading): Draft {
  const searches = readOptimalEma(fields, { report, stored: own.searches, nowMs: own.nowMs });
  return { ...draft, searches };
}

function withBotsState(fields: Fields, reading: FileReading): Draft {
  const { report, own, texts } = reading;
  const { bots: stored, auto_bot_config: config, ...others } = fields;
  for (const key of Object.keys(others)) report.note('ignored', key, 'not taken: statistics of its own run');
  let { draft } = reading;
  const prefix = 'auto_bot_config.';
  if (config !== undefined && texts.has('auto_bot_config.json')) {
    report.note('ignored', 'auto_bot_config', 'auto_bot_config.json is there and counts');
  } else if (isFields(config)) {
    draft = withGlobal(config, { ...reading, draft, rules: AUTO_BOT_RULES, prefix });
  } else if (config !== undefined && config !== null) {
    report.note('refused', 'auto_bot_config', 'it takes an object of settings');
  }
  const known = new Set([...own.bots].map(({ instrumentId }) => instrumentId));
  const base = (id: InstrumentId) => settingsWithin(draft.document, id);
  const read = readBots(stored, { report, base, known, nowMs: own.nowMs });
  if (read.length > 0 && own.botsBlocked !== null) report.note('refused', 'bots', own.botsBlocked);
  for (const bot of read) draft = withBot(draft, bot, reading);
  return draft;
}

function withBot(draft: Draft, read: ReadBot, reading: FileReading): Draft {
  const { instrumentId, createdMs, patch: settings } = read;
  const bot = { ...pausedBot(plainBot(instrumentId, 'manual', createdMs), 'person'), settings };
  return judged({ ...draft, bots: [...draft.bots, bot] }, instrumentId, { ...reading, ...read });
}

/** Notes in the report where layers that are sound alone contradict each other together; `id` null: for anybody. */
function judged(
  draft: Draft,
  id: InstrumentId | null,
  { keys, report, own, prefix }: FileReading & Pick<ReadKeys, 'keys'> & { readonly prefix: string },
): Draft {
  const faults = id === null ? faultsOf(draft, own) : faultsOfOne(draft, own, id);
  if (faults.length > 0 && !report.isRefused()) refuse(faults, keys, { report, prefix });
  return draft;
}

function faultsOf({ document, bots }: Draft, own: OwnState): readonly SettingsFault[] {
  const checked = checkDocument(document);
  if (!checked.ok) return checked.error;
  const { settings, instruments } = checked.value;
  const fits = ownSettings({ settings, instruments, bots: [...own.bots, ...bots] });
  return fits.ok ? [] : fits.error;
}

function faultsOfOne({ document, bots }: Draft, own: OwnState, id: InstrumentId): readonly SettingsFault[] {
  const { global, instruments } = document;
  const bot = [...own.bots, ...bots].find(({ instrumentId }) => instrumentId === id)?.settings ?? {};
  const fits = effectiveSettings({ global, instrument: instruments[id] ?? {}, bot });
  return fits.ok ? [] : fits.error;
}

/** What holds for all coins, or one; layers that contradict each other are refused already and left out. */
function settingsWithin({ global, instruments }: SettingsDocument, id?: InstrumentId): TradingSettings {
  const instrument = id === undefined ? {} : (instruments[id] ?? {});
  for (const layers of [{ global, instrument }, { global }]) {
    const effective = effectiveSettings(layers);
    if (effective.ok) return effective.value.settings;
  }
  return DEFAULT_TRADING_SETTINGS;
}

/** A patch without the keys that change nothing: no version tells of a change that is none. */
function withoutSame(patch: SettingsPatch, base: TradingSettings): SettingsPatch {
  const same = leavesOf(patch).filter(([path, value]) => sameValue(value, settingAt(base, path)));
  return same.reduce((rest, [path]) => withoutPath(rest, path), patch);
}
