import type { Trend } from '../../core/domain/trend.ts';
import type { CloseRecord, InstrumentAtClose } from '../../core/engine/close-record.ts';
import { effectiveSettings } from '../../core/engine/effective-settings.ts';
import { DEFAULT_TRADING_SETTINGS, type TradingSettings } from '../../core/engine/settings.ts';
import type { SettingsDocument } from '../../core/engine/settings-document.ts';
import type { TradingSnapshot } from '../../core/engine/snapshot.ts';
import type { EmaSearchRow } from '../../store/store.ts';
import type { Fields } from './json-text.ts';
import { writeOptimalEma } from './optimal-ema-file.ts';
import { shortName } from './plain-rules.ts';
import type { PredecessorFile } from './plan-import.ts';
import { AUTO_BOT_RULES, SYSTEM_RULES } from './settings-table.ts';
import { writeBots } from './write-bots.ts';
import { type WrittenKeys, writePatch, writeSettings } from './write-settings.ts';

/** What is ours, as it is stored. */
export interface StoredState {
  readonly document: SettingsDocument;
  /** Null before the first save of the account. */
  readonly trading: TradingSnapshot | null;
  /** The newest candle close; null before the first. */
  readonly close: CloseRecord | null;
  readonly searches: readonly EmaSearchRow[];
  readonly nowMs: number;
}

/** Files in the predecessor's shapes, and what they could not say. */
export interface WrittenFiles {
  readonly files: ReadonlyMap<PredecessorFile, Fields>;
  readonly unsaid: readonly string[];
}

/** Its own number for these shapes. */
const SHAPE_VERSION = '1.0';
const TRENDS: Readonly<Record<Trend, string>> = { up: 'UP', down: 'DOWN', neutral: 'NEUTRAL' };
const SIGNALS = { 'enter-long': 'ENTER_LONG', 'enter-short': 'ENTER_SHORT', wait: 'WAIT' } as const;

/** Our state in the predecessor's files. Auto Bot is off in them: a program that reads them starts nothing by itself. */
export function writeFiles(state: StoredState): WrittenFiles {
  const { document, trading, close, searches, nowMs } = state;
  const effective = effectiveSettings({ global: document.global });
  // A stored document is checked before it is stored; an effective one that is not whole has nothing to say.
  const settings = effective.ok ? effective.value.settings : null;
  if (settings === null) return { files: new Map(), unsaid: [] };
  const savedAt = new Date(nowMs).toISOString();
  const config = { enabled: false, ...writeSettings(AUTO_BOT_RULES, settings) };
  const coins = writeCoins(document, settings);
  const bots = writeBots(trading, document, settings);
  const saved = { last_saved: savedAt, version: SHAPE_VERSION };
  const files = new Map<PredecessorFile, Fields>([
    ['system_config.json', writeSettings(SYSTEM_RULES, settings)],
    ['auto_bot_config.json', config],
    ['individual_coin_settings.json', coins.fields],
    ['bots_state.json', { bots: bots.fields, auto_bot_config: config, ...saved }],
    ['optimal_ema.json', writeOptimalEma(searches)],
    ['mature_coins.json', writeMature(close, settings)],
    ['rsi_cache.json', writeRsiCache(close, savedAt)],
    ['process_state.json', { process_state: { auto_bot_worker: { enabled: false } }, ...saved }],
  ]);
  const all = writePatch([...AUTO_BOT_RULES, ...SYSTEM_RULES], document.global, DEFAULT_TRADING_SETTINGS);
  return { files, unsaid: [...all.unsaid, ...coins.unsaid, ...bots.unsaid] };
}

function writeCoins({ instruments }: SettingsDocument, settings: TradingSettings): WrittenKeys {
  const unsaid: string[] = [];
  const coins = Object.entries(instruments).flatMap(([id, patch]): [string, Fields][] => {
    const own = writePatch(AUTO_BOT_RULES, patch, settings);
    unsaid.push(...own.unsaid.map((path) => `instruments.${id}.${path}`));
    return Object.keys(own.fields).length === 0 ? [] : [[shortName(id), own.fields]];
  });
  return { fields: Object.fromEntries(coins), unsaid };
}

/** Coins that nothing called immature at the newest close. With the filter off nobody looked: none. */
function writeMature(close: CloseRecord | null, { filter }: TradingSettings): Fields {
  if (close === null || !filter.maturityEnabled) return {};
  const details = {
    min_required: filter.maturityCandlesMin,
    config_min_rsi_low: filter.maturityRsiLowMax,
    config_max_rsi_high: filter.maturityRsiHighMin,
  };
  const entry = { timestamp: close.closeTimeMs / 1000, maturity_data: { is_mature: true, details } };
  const mature = close.instruments.filter((row) => row.rsi !== null && !isImmature(row));
  return Object.fromEntries(mature.map(({ instrumentId }) => [shortName(instrumentId), entry]));
}

function isImmature({ blockers }: InstrumentAtClose): boolean {
  return blockers.some((code) => code.startsWith('filter.maturity.') || code.startsWith('filter.data.'));
}

function writeRsiCache(close: CloseRecord | null, savedAt: string): Fields {
  if (close === null) return { timestamp: savedAt, coins: {}, stats: { total_coins: 0 } };
  const { timeframe, closeTimeMs } = close;
  const timestamp = new Date(closeTimeMs).toISOString();
  const known = close.instruments.filter(({ rsi }) => rsi !== null);
  const coins = known.map((row): [string, Fields] => {
    const symbol = shortName(row.instrumentId);
    const readings = {
      [`rsi${timeframe}`]: row.rsi,
      [`trend${timeframe}`]: row.trend === null ? 'NEUTRAL' : TRENDS[row.trend],
    };
    return [
      symbol,
      { symbol, ...readings, signal: SIGNALS[row.signal], price: row.close, last_update: timestamp },
    ];
  });
  return { timestamp, coins: Object.fromEntries(coins), stats: { total_coins: coins.length } };
}
