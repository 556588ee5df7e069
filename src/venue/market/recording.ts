import type { CandleColumns } from '../../core/domain/candle-file.ts';
import { readCandleColumns } from '../../core/domain/candle-file-scan.ts';
import { parseBase } from '../../core/domain/exchange-name.ts';
import { listCandleFiles, readCandleBytes } from '../../platform/candle-folder.ts';
import { QUOTE_CURRENCY } from './coin-instrument.ts';

/** One file of a recording. */
export interface RecordedCoin {
  /** Traded unit with its multiplier in figures: `1000000BABYDOGE` for the file `1MBABYDOGEUSDT`. */
  readonly exchangeBase: string;
  readonly path: string;
  readonly columns: CandleColumns;
}

/** A folder of candle files cannot be replayed; the message names the file and the line. */
class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/**
 * Reads every candle file of a folder: all of one timeframe, named by their instrument (`BTCUSDT.csv.gz`).
 * Rejects with a `RecordingError` at the first file or row that cannot be trusted.
 */
export async function readRecording(folder: string): Promise<readonly RecordedCoin[]> {
  const entries = await listCandleFiles(folder);
  if (!entries.ok) throw new RecordingError(`${entries.error.path}: ${entries.error.detail}`);
  const coins: RecordedCoin[] = [];
  for (const { name, path } of entries.value) {
    const coin = { exchangeBase: baseOf(name, path), path, columns: await readColumns(path) };
    checkFits(coin, coins);
    coins.push(coin);
  }
  return coins;
}

async function readColumns(path: string): Promise<CandleColumns> {
  const bytes = await readCandleBytes(path);
  if (!bytes.ok) throw new RecordingError(`${path}: ${bytes.error.detail}`);
  const columns = readCandleColumns(bytes.value, () => bytes.value.toString('utf8'));
  if (columns.ok) return columns.value;
  const { line, kind, detail } = columns.error;
  throw new RecordingError(`${path}, line ${line}: ${kind}: ${detail}`);
}

function baseOf(name: string, path: string): string {
  const base = name.endsWith(QUOTE_CURRENCY) ? name.slice(0, -QUOTE_CURRENCY.length) : '';
  if (!/^[A-Z0-9]{1,30}$/.test(base)) {
    throw new RecordingError(`${path}: the name must be an instrument against ${QUOTE_CURRENCY}`);
  }
  const parsed = parseBase(base);
  return `${parsed.multiplier > 1 ? parsed.multiplier : ''}${parsed.base}`;
}

function checkFits(coin: RecordedCoin, others: readonly RecordedCoin[]): void {
  const twin = others.find((other) => other.exchangeBase === coin.exchangeBase);
  if (twin !== undefined) throw new RecordingError(`${coin.path}: the same instrument as ${twin.path}`);
  const first = others[0];
  if (first === undefined || first.columns.timeframe === coin.columns.timeframe) return;
  throw new RecordingError(
    `${coin.path}: candles of ${coin.columns.timeframe}, but ${first.path} has ${first.columns.timeframe}`,
  );
}
