import { join } from 'node:path';
import type { BacktestRequest } from '../backtest/backtest-request.ts';
import type { BacktestResult } from '../backtest/backtest-result.ts';
import type { WorthPhase } from '../backtest/filter-worth/filter-worth.ts';
import { keptCandles } from '../backtest/kept-candles.ts';
import { loadPastMarket } from '../backtest/load-market.ts';
import { type BacktestOptions, backtestOptionsSchema } from '../backtest/options.ts';
import type { PastMarket } from '../backtest/past-market.ts';
import { type Err, err, ok, type Result } from '../core/base/result.ts';
import { parseTimeframe, type Timeframe } from '../core/domain/timeframe.ts';
import { applyPatch, parseSettingsPatch } from '../core/engine/effective-settings.ts';
import { DEFAULT_TRADING_SETTINGS, type TradingSettings } from '../core/engine/settings.ts';
import { type InstrumentPatches, parseSettingsDocument } from '../core/engine/settings-document.ts';
import type { SettingsFault } from '../core/engine/settings-fault.ts';
import { isThere, missingFolder, readJsonFile, writeFileAtomic } from '../platform/files.ts';
import { resolveHome } from '../platform/home.ts';
import { systemTime } from '../platform/time.ts';
import { productFacts } from './product-facts.ts';

const NO_PATCHES: InstrumentPatches = new Map();
/** Of the home folder: may be deleted at any time. */
const KEPT_FOLDER = 'cache/candles';
/** A result is for everybody to read: it holds no secret. */
const RESULT_FILE_MODE = 0o644;

/** What the command line asks of the past; null where it says nothing. */
export interface PastWish {
  readonly folder: string;
  readonly timeframe: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** JSON file of trading settings; what it leaves out is the default. */
  readonly configFile: string | null;
  readonly fundingFolder: string | null;
  /** What names the home folder, where files that were read are kept; null, or no such folder: none is kept. */
  readonly place: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly workingFolder: string;
  } | null;
  readonly symbols: readonly string[] | null;
  /** Options that were given; the others have their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly outFile: string | null;
  readonly onProgress: (phase: 'reading' | WorthPhase, share: number) => void;
}

/** What is to be shown. */
export interface PastAnswer {
  readonly json: string;
  readonly lines: readonly string[];
}

/** Why there is no answer: what was typed cannot be meant, or what it names holds nothing. */
export interface PastFault {
  readonly kind: 'usage' | 'nothing';
  /** A sentence for a person. */
  readonly detail: string;
}

/** What a walk is made of, read from files. */
export async function readPast(wish: PastWish): Promise<Result<BacktestRequest, PastFault>> {
  const options = readOptions(wish.options);
  if (!options.ok) return usage(options.error);
  const backwards = backwardsFault(wish);
  if (backwards !== null) return usage(backwards);
  // Said before a walk of hours, not after it.
  const missing = wish.outFile === null ? null : await missingFolder(wish.outFile);
  if (missing !== null) return usage(missing);
  const config = await readPastConfig(wish.configFile);
  if (!config.ok) return usage(config.error);
  if (!(await isThere(wish.folder))) return usage(`${wish.folder} does not exist.`);
  const market = await readMarket(wish, config.value);
  if (!market.ok) return nothing(market.error);
  const { fromMs, toMs } = wish;
  return ok({
    market: market.value,
    settings: { ...config.value.settings, timeframe: market.value.timeframe },
    instruments: config.value.instruments,
    options: options.value,
    fromMs,
    toMs,
    engineVersion: productFacts.version,
  });
}

/** A finished result as text, written to the file that was asked for. */
export async function answerOf<R extends Pick<BacktestResult, 'market'>>(
  result: R,
  { outFile, lines }: { readonly outFile: string | null; readonly lines: (result: R) => readonly string[] },
): Promise<Result<PastAnswer, PastFault>> {
  if (result.market.candles === 0) return nothing('No candle lies in the span that was asked for.');
  const json = JSON.stringify(result);
  if (outFile !== null) await writeFileAtomic(outFile, `${json}\n`, RESULT_FILE_MODE);
  return ok({ json, lines: lines(result) });
}

function usage(detail: string): Err<PastFault> {
  return err({ kind: 'usage', detail });
}

function nothing(detail: string): Err<PastFault> {
  return err({ kind: 'nothing', detail });
}

/** Null when the span that was asked for, if one was, ends after it begins. */
function backwardsFault({ fromMs, toMs }: PastWish): string | null {
  if (fromMs === null || toMs === null || fromMs < toMs) return null;
  const [from, to] = [fromMs, toMs].map((timeMs) => new Date(timeMs).toISOString());
  return `--from ${from} is not before --to ${to}.`;
}

function readOptions(given: PastWish['options']): Result<BacktestOptions, string> {
  const parsed = backtestOptionsSchema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err(`${issue?.path.join('.')}: ${issue?.message}.`);
}

/** Settings of a file; its timeframe is null where it names none. */
interface PastConfig {
  readonly settings: TradingSettings;
  readonly instruments: InstrumentPatches;
  readonly timeframe: Timeframe | null;
}

/**
 * Trading settings of a JSON file: only the keys that differ from the defaults, a whole set of settings, or what
 * `infobot config export` writes. Null: the defaults. The error is a sentence that names the file and the place in it.
 */
export async function readPastConfig(path: string | null): Promise<Result<PastConfig, string>> {
  if (path === null)
    return ok({ settings: DEFAULT_TRADING_SETTINGS, instruments: NO_PATCHES, timeframe: null });
  const read = await readJsonFile(path);
  if (!read.ok) return err(read.error.detail);
  const parsed = isDocument(read.value) ? fromDocument(read.value) : fromPatch(read.value);
  if (parsed.ok) return parsed;
  const [first] = parsed.error;
  const place = first === undefined || first.path === '' ? path : `${path}: ${first.path}`;
  return err(`${place}: ${first?.message ?? 'not readable'}`);
}

function isDocument(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('global' in value || 'format' in value);
}

function fromDocument(value: unknown): Result<PastConfig, readonly SettingsFault[]> {
  const parsed = parseSettingsDocument(value);
  if (!parsed.ok) return parsed;
  const { settings, instruments, document } = parsed.value;
  return ok({ settings, instruments, timeframe: document.global.timeframe ?? null });
}

function fromPatch(value: unknown): Result<PastConfig, readonly SettingsFault[]> {
  const patch = parseSettingsPatch(value);
  if (!patch.ok) return patch;
  const settings = applyPatch(DEFAULT_TRADING_SETTINGS, patch.value);
  if (!settings.ok) return settings;
  return ok({ settings: settings.value, instruments: NO_PATCHES, timeframe: patch.value.timeframe ?? null });
}

/** The timeframe of the command line wins over the file's, the file's over the recorded one. */
async function readMarket(
  { folder, timeframe, symbols, fundingFolder, place, onProgress }: PastWish,
  config: PastConfig,
): Promise<Result<PastMarket, string>> {
  const wanted = timeframe === null ? config.timeframe : parseTimeframe(timeframe);
  const report = (share: number): void => onProgress('reading', share);
  const request = { folder, timeframe: wanted, symbols, fundingFolder, onProgress: report };
  const home = place === null ? null : resolveHome(place.environment, place.workingFolder);
  if (home === null || !(await isThere(home))) return loadPastMarket(request);
  const kept = keptCandles(join(home, KEPT_FOLDER), systemTime);
  return loadPastMarket({ ...request, kept });
}
