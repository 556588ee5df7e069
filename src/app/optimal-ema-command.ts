import { join } from 'node:path';
import { emaEvidenceSchema, type OptimalEma } from '../api/optimal-ema.ts';
import { loadPastMarket } from '../backtest/load-market.ts';
import { searchOptimalEma } from '../backtest/optimal-ema/optimal-ema.ts';
import { type EmaSearchRule, emaSearchSettingsSchema } from '../backtest/optimal-ema/settings.ts';
import { err, ok, type Result } from '../core/base/result.ts';
import { parseTimeframe } from '../core/domain/timeframe.ts';
import { DEFAULT_TRADING_SETTINGS } from '../core/engine/settings.ts';
import { isThere } from '../platform/files.ts';
import { systemTime } from '../platform/time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { EmaSearchRow } from '../store/store.ts';
import type { AppConfig } from './config.ts';
import { type PastFault, readPastConfig } from './past-request.ts';
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
export async function searchFolder(wish: FolderSearch): Promise<Result<readonly SearchedEma[], PastFault>> {
  const { folder, symbols, search, onProgress } = wish;
  const config = await readPastConfig(wish.configFile);
  if (!config.ok) return err({ kind: 'usage', detail: config.error });
  if (!(await isThere(folder))) return err({ kind: 'usage', detail: `${folder} does not exist.` });
  const market = await loadPastMarket({
    folder,
    timeframe: parseTimeframe(wish.timeframe ?? ''),
    symbols,
    fundingFolder: null,
    onProgress: (share) => onProgress(share / 2),
  });
  if (!market.ok) return err({ kind: 'nothing', detail: market.error });
  const { signal } = config.value.settings;
  const rule: EmaSearchRule = { search: emaSearchSettingsSchema.parse(search), signal };
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
