import { statSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { DatabaseError, databaseError } from './database-error.ts';
import { appliedSteps, type Migration } from './migration.ts';

/** A database in use is waited for this long, for a look or a copy. */
const BUSY_WAIT_MS = 5_000;
/** Faults named of one database; the rest says the same. */
const FAULTS_MAX = 10;
/** All pages in one step, on what stands at its beginning: a writer goes on beside it, and cannot make it begin again. */
const ALL_PAGES = 2 ** 31 - 1;

/** What a full look at a database found. */
export interface DatabaseReport {
  readonly file: string;
  readonly bytes: number;
  /** Steps of the schema it has; null: it cannot be told. */
  readonly schema: number | null;
  /** False: this user may not, or another program holds it. Its faults say nothing about what is in it then. */
  readonly looked: boolean;
  /** What is wrong with it, a sentence each; empty: it is sound and ours. */
  readonly faults: readonly string[];
}

/**
 * Reads every page of a database, in use or not, and changes nothing: pages, indexes, references, schema. An older schema is
 * none of the faults: the service that writes it brings it up to date. Throws nothing that the file can cause.
 */
export function checkDatabase(file: string, migrations: readonly Migration[]): DatabaseReport {
  const nothing = { file, bytes: 0, schema: null, looked: true };
  try {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size;
    if (bytes === undefined) return { ...nothing, faults: ['It does not exist.'] };
    if (bytes === 0) return { ...nothing, faults: ['It is empty.'] };
    return reading(file, (database) => {
      const faults = [...damage(database), ...brokenReferences(database)];
      if (faults.length > 0) return { ...nothing, bytes, faults };
      return { ...nothing, bytes, ...schemaOf(database, migrations) };
    });
  } catch (error) {
    const { kind, message } = databaseError(error);
    const looked = kind === 'corrupt';
    const fault = looked ? 'It cannot be read' : 'It could not be looked at';
    return { ...nothing, looked, faults: [`${fault}: ${message}.`] };
  }
}

/**
 * Copies a database, as it stands at one moment, to `to`: one file that needs no other. A service may write it meanwhile.
 * Rejects with `DatabaseError`, which names the file.
 */
export async function copyDatabase(file: string, to: string): Promise<void> {
  try {
    const source = connect(file);
    try {
      await backup(source, to, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(to);
    copy.exec('pragma journal_mode = delete');
    copy.close();
  } catch (error) {
    const { kind, message } = databaseError(error);
    throw new DatabaseError(kind, `${file} cannot be copied: ${message}.`, error);
  }
}

function reading<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = connect(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

function connect(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_WAIT_MS });
}

function damage(database: DatabaseSync): readonly string[] {
  const rows = database.prepare(`pragma integrity_check(${FAULTS_MAX})`).all();
  const said = rows.map((row) => String(Object.values(row)[0]));
  return said[0] === 'ok' ? [] : said.map((what) => `It is damaged: ${what}.`);
}

function brokenReferences(database: DatabaseSync): readonly string[] {
  const rows = database.prepare('pragma foreign_key_check').all().slice(0, FAULTS_MAX);
  return rows.map(
    (row) =>
      `Row ${String(row['rowid'])} of ${String(row['table'])} names a missing row of ${String(row['parent'])}.`,
  );
}

function schemaOf(
  database: DatabaseSync,
  migrations: readonly Migration[],
): Pick<DatabaseReport, 'schema' | 'faults'> {
  try {
    return { schema: appliedSteps(database, migrations), faults: [] };
  } catch (error) {
    return { schema: null, faults: [databaseError(error).message] };
  }
}
