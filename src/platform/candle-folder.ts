import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { err, ok, type Result } from '../core/base/result.ts';

const FILE_NAME = /^(.+)\.csv(\.gz)?$/;
/** A candle file of ten years of minutes unpacks to about 400 MB; more than this is no candle file. */
const TEXT_BYTES_MAX = 512 * 1024 * 1024;
const unpack = promisify(gunzip);

/** A candle file by the name before `.csv` or `.csv.gz`. */
export interface CandleFileEntry {
  readonly name: string;
  readonly path: string;
}

/** Why a folder or a file gave nothing. */
export interface CandleFolderFault {
  readonly kind: 'unreadable' | 'no-files';
  readonly path: string;
  readonly detail: string;
}

/** The candle files of a folder in order of name; other files are passed over. None at all is a fault. */
export async function listCandleFiles(
  folder: string,
): Promise<Result<readonly CandleFileEntry[], CandleFolderFault>> {
  const listed = await attempt(folder, () => readdir(folder));
  if (!listed.ok) return listed;
  const entries = listed.value.sort().flatMap((file) => {
    const name = FILE_NAME.exec(file)?.[1];
    return name === undefined ? [] : [{ name, path: join(folder, file) }];
  });
  if (entries.length > 0) return ok(entries);
  return err({ kind: 'no-files', path: folder, detail: 'the folder holds no .csv or .csv.gz file' });
}

/** The text of a candle file, unpacked when its name ends in `.gz`. */
export async function readCandleFile(path: string): Promise<Result<string, CandleFolderFault>> {
  const bytes = await readCandleBytes(path);
  return bytes.ok ? ok(bytes.value.toString('utf8')) : bytes;
}

/** The same as bytes of UTF-8. */
export async function readCandleBytes(path: string): Promise<Result<Buffer, CandleFolderFault>> {
  return attempt(path, async () => {
    const bytes = await readFile(path);
    return path.endsWith('.gz') ? unpack(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
  });
}

async function attempt<T>(path: string, read: () => Promise<T>): Promise<Result<T, CandleFolderFault>> {
  try {
    return ok(await read());
  } catch (error) {
    return err({ kind: 'unreadable', path, detail: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'does not exist' : error.message;
}
