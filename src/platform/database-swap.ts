import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flushFolderSync, privateEmptyFileSync } from './files.ts';
import { secureHex } from './random.ts';

/** What SQLite keeps beside a database. */
const COMPANIONS = ['-wal', '-shm'] as const;

/**
 * Puts `fresh`, a database in one file beside `file`, in the place of `file`, and what is there aside into the folder `aside`.
 * Step by step, each durable before the next: whoever is cut off after any of them leaves the old database whole, or none but
 * its log (which nobody opens or makes anew), or the fresh one. Asked again, with another `aside`, it goes on from there.
 */
export function* swapDatabase(file: string, fresh: string, aside: string): Generator<string, void> {
  const folder = dirname(file);
  const old = [file, ...COMPANIONS.map((suffix) => `${file}${suffix}`)].filter((name) => existsSync(name));
  if (old.length > 0) {
    mkdirSync(aside, { mode: 0o700 });
    for (const name of old) linkSync(name, join(aside, basename(name)));
    flush(aside, folder);
  }
  yield 'the old files stand in both places';
  // An empty log belongs to any database, and to a missing one: that it is there keeps a missing one from being made anew.
  if (!existsSync(`${file}-wal`)) privateEmptyFileSync(`${file}-wal`);
  flush(folder);
  yield 'a log is there';
  rmSync(file, { force: true });
  flush(folder);
  yield 'the old database is gone';
  const empty = `${file}.${secureHex(8)}.new`;
  privateEmptyFileSync(empty);
  renameSync(empty, `${file}-wal`);
  rmSync(`${file}-shm`, { force: true });
  flush(folder);
  yield 'the old log is gone';
  renameSync(fresh, file);
  flush(folder);
  yield 'the fresh database is there';
}

function flush(...folders: readonly string[]): void {
  for (const folder of folders) flushFolderSync(folder);
}
