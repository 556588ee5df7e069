import { err, ok, type Result } from '../core/base/result.ts';
import { readCandleColumns } from '../core/domain/candle-file-scan.ts';
import { type CandleFileEntry, readCandleBytes } from '../platform/candle-folder.ts';
import type { DerivedFiles } from '../platform/derived-files.ts';
import { sha256Hex } from '../platform/random.ts';
import { bytesOfCandles, candlesOfBytes, type ReadCandles } from './kept-candles.ts';

/** Files on their way at a time: threads of the runtime read and unpack the next ones while one is worked on. */
const FILES_AHEAD = 8;

/** A candle file and what is in it, or why it cannot be trusted: a sentence with its path and line. */
interface CandleFileRead {
  readonly entry: CandleFileEntry;
  readonly candles: Result<ReadCandles, string>;
}

/**
 * Reads candle files in the order given, a few ahead of the one that is asked for. With `kept` those that stand as
 * they were read before are taken from there, and the others kept for the next time.
 */
export async function* readCandleFiles(
  entries: readonly CandleFileEntry[],
  kept: DerivedFiles | null,
): AsyncGenerator<CandleFileRead> {
  const read = async (entry: CandleFileEntry): Promise<CandleFileRead> => {
    return { entry, candles: await readCandles(entry.path, kept) };
  };
  const started = entries.slice(0, FILES_AHEAD).map(read);
  for (const ahead of entries.slice(FILES_AHEAD)) {
    const next = started.shift();
    started.push(read(ahead));
    if (next !== undefined) yield next;
  }
  yield* started;
}

async function readCandles(path: string, kept: DerivedFiles | null): Promise<Result<ReadCandles, string>> {
  const stamp = kept?.stamp(path) ?? null;
  if (kept === null || stamp === null) return parseCandles(path);
  const bytes = kept.find(stamp);
  const known = bytes === null ? null : candlesOfBytes(bytes);
  if (known !== null) return ok(known);
  const candles = await parseCandles(path);
  if (candles.ok) await kept.keep(stamp, bytesOfCandles(candles.value));
  return candles;
}

async function parseCandles(path: string): Promise<Result<ReadCandles, string>> {
  const bytes = await readCandleBytes(path);
  if (!bytes.ok) return err(`${path}: ${bytes.error.detail}`);
  const columns = readCandleColumns(bytes.value, () => bytes.value.toString('utf8'));
  if (columns.ok) return ok({ columns: columns.value, sha256: sha256Hex(bytes.value) });
  const { line, kind, detail } = columns.error;
  return err(`${path}, line ${line}: ${kind}: ${detail}`);
}
