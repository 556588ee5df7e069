import { join } from 'node:path';
import { emaEvidenceSchema, type OptimalEma } from '../api/optimal-ema.ts';
import { loadPastMarket } from '../backtest/load-market.ts';
import { searchOptimalEma } from '../backtest/optimal-ema/optimal-ema.ts';
import { type EmaSearchRule, emaSearchSettingsSchema } from '../backtest/optimal-ema/settings.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { DEFAULT_TRADING_SETTINGS, tradingSettingsSchema } from '../core/engine/settings.ts';
import type { SignalSettings } from '../core/signal/settings.ts';
import { readJsonFile } from '../platform/files.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { EmaSearchRow } from '../store/store.ts';
import type { AppConfig } from './config.ts';
import { readVersion } from './settings-history.ts';

/** A searched pair as the command line shows it. */
export type SearchedEma = Pick<OptimalEma, 'symbol' | 'timeframe' | 'verdict' | 'pair' | 'evidence'>;

/** What to search in a folder; null where the command line says nothing. */
export interface FolderSearch {
  readonly folder: string;
  readonly timeframe: string | null;
  /** Names of candle files, `BTCUSDT`; null for all. */
  readonly symbols: readonly string[] | null;
  /** Search settings that were given; the others have their defaults. */
  readonly search: Readonly<Record<string, unknown>>;
  /** JSON file of trading settings; what it leaves out is the default. */
  readonly configFile: string | null;
  readonly onProgress: (share: number) => void;
}

/** Searches recorded candles. Nothing is stored: the bots go by candles they have seen themselves. */
export async function searchFolder(wish: FolderSearch): Promise<Result<readonly SearchedEma[], string>> {
  const { folder, symbols, search, onProgress } = wish;
  const signal = await signalOf(wish.configFile);
  if (!signal.ok) return signal;
  const market = await loadPastMarket({
    folder,
    timeframe: parseTimeframe(wish.timeframe ?? ''),
    symbols,
    fundingFolder: null,
    onProgress: (share) => onProgress(share / 2),
  });
  if (!market.ok) return market;
  const rule: EmaSearchRule = { search: emaSearchSettingsSchema.parse(search), signal: signal.value };
  const { instruments, timeframe } = market.value;
  const found = instruments.map(({ instrument, decided }, place): SearchedEma => {
    onProgress(0.5 + place / instruments.length / 2);
    return { symbol: instrument.id, timeframe, ...searchOptimalEma(decided, rule) };
  });
  return ok(found);
}

/** What the bots service has stored, for the timeframe of its settings unless another one is named. */
export async function listStored(
  config: AppConfig,
  { timeframe, symbols }: { readonly timeframe: string | null; readonly symbols: readonly string[] | null },
): Promise<readonly SearchedEma[]> {
  const store = openStore({ file: join(config.home, 'trading.db'), time: systemTime, readOnly: true });
  try {
    const newest = await store.latestSettings();
    const ofSettings = newest === null ? DEFAULT_TRADING_SETTINGS : readVersion(newest).settings;
    const rows = await store.emaSearches.list(timeframe ?? ofSettings.timeframe);
    return rows.filter(({ instrumentId }) => symbols === null || symbols.includes(instrumentId)).map(shown);
  } finally {
    await store.close();
  }
}

async function signalOf(configFile: string | null): Promise<Result<SignalSettings, string>> {
  if (configFile === null) return ok(DEFAULT_TRADING_SETTINGS.signal);
  const read = await readJsonFile(configFile);
  if (!read.ok) return err(read.error.detail);
  const parsed = tradingSettingsSchema.safeParse(read.value);
  if (parsed.success) return ok(parsed.data.signal);
  const [issue] = parsed.error.issues;
  return err(`${configFile}: ${issue?.path.join('.')}: ${issue?.message}.`);
}

function shown(row: EmaSearchRow): SearchedEma {
  const { instrumentId: symbol, timeframe, verdict, shortLength, longLength } = row;
  const pair = shortLength === null || longLength === null ? null : { shortLength, longLength };
  return {
    symbol,
    timeframe,
    verdict,
    pair,
    evidence: emaEvidenceSchema.parse(JSON.parse(row.evidenceJson)),
  };
}
