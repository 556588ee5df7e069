import { closeSync, fsyncSync, openSync } from 'node:fs';
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Result } from '../core/base/result.ts';
import { secureHex } from './random.ts';

/** Owner reads and writes; nobody else. */
const PRIVATE_FILE_MODE = 0o600;
/** Owner enters; nobody else. */
const PRIVATE_FOLDER_MODE = 0o700;

/** Why a file gave no value. `detail` is a sentence that names the file. */
export interface FileFault {
  readonly kind: 'missing' | 'unreadable' | 'not-json';
  readonly detail: string;
}

/**
 * Replaces a file's whole content so that a crash or power cut leaves either the old or the new one: written
 * beside it, flushed, renamed over it, the folder flushed. Rejects with the system's error; then the old stays.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode: number = PRIVATE_FILE_MODE,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${secureHex(8)}.tmp`);
  try {
    await writeFlushed(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

/**
 * Makes a private file, whole and durable, unless there is one: of several processes that make it at once the first one's
 * stands. Whoever needs to know which reads it. Rejects with the system's error.
 */
export async function writeFileOnce(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${secureHex(8)}.tmp`);
  try {
    await writeFlushed(temporary, content, PRIVATE_FILE_MODE);
    await link(temporary, path);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await flushFolder(dirname(path));
}

/** True when something is at `path`, as far as this user may see. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Makes a folder and those above it; the last one is the owner's alone, also when it was there before. */
export async function preparePrivateFolder(path: string): Promise<void> {
  await makeFolders(path);
  await chmod(path, PRIVATE_FOLDER_MODE);
}

/** Level by level: where the system has no such place (`/proc`), the runtime's own recursion does not come to an end. */
async function makeFolders(path: string): Promise<void> {
  const first = await tryFolder(path);
  if (first === null) return;
  const parent = dirname(path);
  if (first.code !== 'ENOENT' || parent === path) throw first;
  await makeFolders(parent);
  const second = await tryFolder(path);
  if (second !== null) throw second;
}

/** Null when the folder is there now; else what the system says. */
async function tryFolder(path: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await mkdir(path, { mode: PRIVATE_FOLDER_MODE });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const there = await stat(path).catch(() => null);
    return there?.isDirectory() === true ? null : error;
  }
}

/** The parsed content of a JSON file; its shape is for the caller to parse. */
export async function readJsonFile(path: string): Promise<Result<unknown, FileFault>> {
  const text = await readTextFile(path);
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    return ok(value);
  } catch (error) {
    return err({ kind: 'not-json', detail: `${path} is not valid JSON: ${reasonOf(error)}` });
  }
}

/** The content of a text file; one larger than `bytesMax` is not read at all. */
export async function readTextFile(
  path: string,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<Result<string, FileFault>> {
  try {
    const { size } = await stat(path);
    if (size <= bytesMax) return ok(await readFile(path, 'utf8'));
    return err({ kind: 'unreadable', detail: `${path} has ${size} bytes, more than ${bytesMax}.` });
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return err({ kind: 'missing', detail: `${path} does not exist.` });
    return err({ kind: 'unreadable', detail: `${path} cannot be read: ${reasonOf(error)}` });
  }
}

/** A sentence when there is no folder to hold a file at `path`; null when there is. */
export async function missingFolder(path: string): Promise<string | null> {
  const folder = dirname(path);
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isThere ? null : `There is no folder ${folder}; make it first.`;
}

async function writeFlushed(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    // The process's umask may have taken bits away from, never added to, what `open` set.
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable only when the folder that holds the name is flushed. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** True for an error of the system with this code, such as `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes an empty file only its owner may read. Throws when there is one. */
export function privateEmptyFileSync(path: string): void {
  closeSync(openSync(path, 'wx', PRIVATE_FILE_MODE));
}

/** Makes a change of names in a folder durable. */
export function flushFolderSync(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
