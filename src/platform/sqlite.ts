import { existsSync, linkSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DatabaseError, databaseError } from './database-error.ts';
import { flushFolderSync, privateEmptyFileSync } from './files.ts';
import { appliedSteps, checkMigrated, type Migration, migrate } from './migration.ts';
import { secureHex } from './random.ts';

/** Longest wait for a lock inside one statement: it blocks the event loop. */
const BUSY_WAIT_MS = 50;
/** The log file is cut back to this after a checkpoint. */
const LOG_SIZE_MAX_BYTES = 64 * 1024 * 1024;
/** Fixes of the write-ahead log that we rely on. */
const VERSION_MIN = [3, 51, 3] as const;

export interface SqliteOptions {
  /** Path of the file, or `:memory:`. */
  readonly file: string;
  readonly migrations: readonly Migration[];
  readonly nowMs: number;
  /** A reader never creates, migrates or checkpoints. */
  readonly readOnly?: boolean;
}

/** An open database. */
export interface SqliteFile {
  readonly database: DatabaseSync;
  /**
   * Stops with `corrupt` when the file we hold open is no longer the one at its path (deleted, replaced): what is
   * written to it would be gone at the next start.
   */
  assertInPlace(): void;
  close(): void;
}

/**
 * Opens a database for one writer or many readers: write-ahead log, every commit flushed to disk, checked for
 * damage, brought to the newest schema. A missing file is created whole or not at all; one that is damaged, empty,
 * newer or not ours is refused as it is, never made anew. Throws `DatabaseError`.
 */
export function openSqlite(options: SqliteOptions): SqliteFile {
  try {
    assertVersion();
    if (options.file === ':memory:') return openMemory(options);
    if (!existsSync(options.file)) create(options);
    return openFile(options);
  } catch (error) {
    const { kind, message } = databaseError(error);
    const isForeign = kind === 'corrupt' && !(error instanceof DatabaseError);
    const said = isForeign ? damaged(`The system says: ${message}`).message : message;
    throw new DatabaseError(kind, `${options.file} cannot be opened. ${said}`, error);
  }
}

/** Runs `work` as one transaction: all of it or, when it throws, nothing. Not nested. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

function openMemory(options: SqliteOptions): SqliteFile {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  migrate(database, options.migrations, options.nowMs);
  return { database, assertInPlace: () => undefined, close: () => database.close() };
}

/** Made under another name and then linked to its own: a file of this name is complete, or it is damaged. */
function create(options: SqliteOptions): void {
  const { file } = options;
  if (options.readOnly === true) {
    throw new DatabaseError('refused', 'It does not exist yet: start the service that writes it first.');
  }
  if (existsSync(`${file}-wal`)) {
    throw new DatabaseError(
      'corrupt',
      `The file is gone but its log ${file}-wal is there: put the file back or restore a backup, ` +
        'or move the log away to start anew.',
    );
  }
  const temporary = `${file}.${secureHex(8)}.new`;
  try {
    privateEmptyFileSync(temporary);
    const database = connect(temporary, false);
    migrate(database, options.migrations, options.nowMs);
    database.close();
    linkUnlessThere(temporary, file);
    flushFolderSync(dirname(file));
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${temporary}${suffix}`, { force: true });
  }
}

/** Another process may have created it meanwhile: then its file stands. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function openFile(options: SqliteOptions): SqliteFile {
  const { file } = options;
  const readOnly = options.readOnly === true;
  const opened = statSync(file);
  if (opened.size === 0) throw damaged('It is empty');
  if (!readOnly) inspect(options);
  const database = connect(file, readOnly);
  try {
    if (readOnly) checkMigrated(database, options.migrations);
    else migrate(database, options.migrations, options.nowMs);
  } catch (error) {
    database.close();
    throw error;
  }
  return { database, assertInPlace: () => assertSameFile(file, opened.ino), close: () => database.close() };
}

/** By a reader: a writer that closes what it refuses would write the log of a killed process into it. */
function inspect({ file, migrations }: SqliteOptions): void {
  const database = connect(file, true);
  try {
    quickCheck(database);
    appliedSteps(database, migrations);
  } finally {
    database.close();
  }
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, {
    readOnly,
    timeout: BUSY_WAIT_MS,
    enableForeignKeyConstraints: true,
  });
  try {
    if (!readOnly) {
      database.exec('pragma journal_mode = wal');
      database.exec('pragma synchronous = full');
      database.exec(`pragma journal_size_limit = ${String(LOG_SIZE_MAX_BYTES)}`);
    }
    // Memory-mapped reads turn an I/O error into a crash of the process.
    database.exec('pragma mmap_size = 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function quickCheck(database: DatabaseSync): void {
  const row = database.prepare('pragma quick_check(1)').get();
  const answer = Object.values(row ?? {})[0];
  if (answer !== 'ok') throw damaged(`The check for damage says: ${String(answer)}`);
}

function damaged(what: string): DatabaseError {
  return new DatabaseError('corrupt', `${what}. Nothing was changed: keep the file and restore a backup.`);
}

function assertSameFile(file: string, inode: number): void {
  const now = statSync(file, { throwIfNoEntry: false });
  if (now?.ino !== inode) throw damaged(`${file} was deleted or replaced while it was open`);
}

function assertVersion(): void {
  const memory = new DatabaseSync(':memory:');
  const { version } = memory.prepare('select sqlite_version() as version').get() ?? {};
  memory.close();
  if (!atLeast(String(version).split('.').map(Number), VERSION_MIN)) {
    throw new DatabaseError(
      'refused',
      `This Node brings SQLite ${String(version)}; ${VERSION_MIN.join('.')} is needed: update Node.`,
    );
  }
}

/** Whether `version` is `wanted` or later, part by part. */
export function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, part] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
