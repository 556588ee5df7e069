import { err, ok, type Result } from '../core/base/result.ts';
import type { CandleColumns } from '../core/domain/candle-file.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import { type CandleFileEntry, listCandleFiles, readCandleFile } from '../platform/candle-folder.ts';
import type { DerivedFiles } from '../platform/derived-files.ts';
import { parseFundingFile } from './funding-file.ts';
import type { ReadCandles } from './kept-candles.ts';
import { longerCandles } from './longer-candles.ts';
import { pastInstrument } from './past-instrument.ts';
import { endMsOf, type FundingPoint, type PastInstrument, type PastMarket } from './past-market.ts';
import { readCandleFiles } from './read-candles.ts';

/** What to read. */
export interface MarketRequest {
  /** Folder of candle files (`BTCUSDT.csv.gz`), all of one timeframe. */
  readonly folder: string;
  /** Timeframe of decisions; null for the recorded one. */
  readonly timeframe: Timeframe | null;
  /** Names of the files to take, without `.csv`; null for all. */
  readonly symbols: readonly string[] | null;
  /** Folder of funding files of the same names; null where no funding is known. */
  readonly fundingFolder: string | null;
  /** Where files that were read before are kept as columns; absent: every file is read anew. */
  readonly kept?: DerivedFiles;
  /** Called with the share of files that are read, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/**
 * Reads the candle files of a folder. The first file that cannot be trusted ends it, with its name and line: a past
 * with a hole in it proves nothing.
 */
export async function loadPastMarket(request: MarketRequest): Promise<Result<PastMarket, string>> {
  const entries = await chosenFiles(request);
  if (!entries.ok) return entries;
  const instruments: PastInstrument[] = [];
  for await (const { entry, candles } of readCandleFiles(entries.value, request.kept ?? null)) {
    const loaded = candles.ok ? await instrumentOf(entry, candles.value, request) : candles;
    if (!loaded.ok) return loaded;
    const misfit = misfitOf(loaded.value, instruments);
    if (misfit !== null) return err(`${entry.path}: ${misfit}`);
    instruments.push(loaded.value);
    request.onProgress(instruments.length / entries.value.length);
  }
  const first = instruments[0];
  if (first === undefined) return err(`${request.folder}: the folder holds no candle file.`);
  instruments.sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1));
  const { recorded, decided } = first;
  return ok({ recordedTimeframe: recorded.timeframe, timeframe: decided.timeframe, instruments });
}

async function chosenFiles({
  folder,
  symbols,
}: MarketRequest): Promise<Result<readonly CandleFileEntry[], string>> {
  const listed = await listCandleFiles(folder);
  if (!listed.ok) return err(`${listed.error.path}: ${listed.error.detail}`);
  if (symbols === null) return ok(listed.value);
  const missing = symbols.find((symbol) => !listed.value.some(({ name }) => name === symbol));
  if (missing !== undefined)
    return err(`${folder}: there is no candle file ${missing}.csv or ${missing}.csv.gz.`);
  return ok(listed.value.filter(({ name }) => symbols.includes(name)));
}

async function instrumentOf(
  { name, path }: CandleFileEntry,
  { columns, sha256 }: ReadCandles,
  request: MarketRequest,
): Promise<Result<PastInstrument, string>> {
  const instrument = pastInstrument(name, columns);
  if (instrument === null) return err(`${path}: the name must be an instrument against USDT.`);
  const decided = decidedCandles(columns, request.timeframe, path);
  if (!decided.ok) return decided;
  const fundings = await loadFundings(name, request.fundingFolder);
  if (!fundings.ok) return fundings;
  const { firstOpenMs, count: rows, timeframe } = columns;
  const lengthMs = timeframeMs(timeframe);
  const lastOpenMs = endMsOf(columns, lengthMs) - lengthMs;
  const file = { name, rows, firstOpenMs, lastOpenMs, sha256 };
  return ok({ instrument, file, recorded: columns, decided: decided.value, fundings: fundings.value });
}

function decidedCandles(
  recorded: CandleColumns,
  timeframe: Timeframe | null,
  path: string,
): Result<CandleColumns, string> {
  const decided = longerCandles(recorded, timeframe ?? recorded.timeframe);
  if (decided !== null) return ok(decided);
  return err(`${path}: candles of ${recorded.timeframe} do not make whole candles of ${timeframe}.`);
}

/** An instrument without a funding file has no known funding. */
async function loadFundings(
  name: string,
  folder: string | null,
): Promise<Result<readonly FundingPoint[], string>> {
  if (folder === null) return ok([]);
  const listed = await listCandleFiles(folder);
  if (!listed.ok) return err(`${listed.error.path}: ${listed.error.detail}`);
  const entry = listed.value.find((candidate) => candidate.name === name);
  if (entry === undefined) return ok([]);
  const text = await readCandleFile(entry.path);
  if (!text.ok) return err(`${entry.path}: ${text.error.detail}`);
  const parsed = parseFundingFile(text.value);
  if (parsed.ok) return parsed;
  return err(`${entry.path}, line ${parsed.error.line}: ${parsed.error.detail}`);
}

function misfitOf(
  { instrument, recorded }: PastInstrument,
  others: readonly PastInstrument[],
): string | null {
  const twin = others.find((other) => other.instrument.id === instrument.id);
  if (twin !== undefined) return `the same instrument as ${twin.file.name}.`;
  const first = others[0];
  if (first === undefined || first.recorded.timeframe === recorded.timeframe) return null;
  return `candles of ${recorded.timeframe}, but ${first.file.name} has ${first.recorded.timeframe}.`;
}
