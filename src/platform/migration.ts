import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../core/base/assert.ts';
import { DatabaseError, databaseError } from './database-error.ts';
import { sha256Hex } from './random.ts';

/** One step of a schema. Immutable once shipped: its checksum is stored with it and compared at every open. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly schemaChecksum: string;
}

const TABLE = `create table schemaMigration (
  number integer primary key,
  name text not null,
  checksum text not null,
  schemaChecksum text not null,
  appliedMs integer not null
) strict`;

/**
 * Brings a writer's database to the newest schema, all steps in one transaction. Refuses, and changes nothing,
 * when the file is not ours, was written by a newer version, or its schema is not what the steps made.
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], nowMs: number): void {
  assert(
    migrations.every((migration, index) => migration.number === index + 1),
    'Migrations are numbered 1, 2, 3 …',
  );
  if (hasTable(database, 'schemaMigration') && checkApplied(database, migrations) === migrations.length)
    return;
  database.exec('begin immediate');
  try {
    if (!hasTable(database, 'schemaMigration')) createTable(database);
    const applied = checkApplied(database, migrations);
    for (const migration of migrations.slice(applied)) apply(database, migration, nowMs);
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw databaseError(error);
  }
}

/** Refuses a database that is not at the newest schema: a reader never changes it. */
export function checkMigrated(database: DatabaseSync, migrations: readonly Migration[]): void {
  if (appliedSteps(database, migrations) < migrations.length) {
    throw new DatabaseError(
      'refused',
      'The database has an older schema: start the service that writes it once, it brings the schema up to date.',
    );
  }
}

/** How many of the steps a database has. Refuses one that is not ours, newer, or not what the steps made. */
export function appliedSteps(database: DatabaseSync, migrations: readonly Migration[]): number {
  if (!hasTable(database, 'schemaMigration')) throw notOurs();
  return checkApplied(database, migrations);
}

function createTable(database: DatabaseSync): void {
  const { count } = database.prepare('select count(*) as count from sqlite_schema').get() ?? {};
  if (count !== 0) throw notOurs();
  database.exec(TABLE);
}

/** How many of the steps the database has. */
function checkApplied(database: DatabaseSync, migrations: readonly Migration[]): number {
  const applied = readApplied(database);
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (migration === undefined) throw newerSchema(row, migrations.length);
    if (migration.number !== row.number || checksumOf(migration) !== row.checksum) throw changedStep(row);
  }
  const newest = applied.at(-1);
  if (newest !== undefined && newest.schemaChecksum !== schemaChecksum(database)) throw changedSchema();
  return applied.length;
}

function readApplied(database: DatabaseSync): readonly Applied[] {
  const rows = database
    .prepare('select number, name, checksum, schemaChecksum from schemaMigration order by number')
    .all();
  return rows.map((row) => ({
    number: Number(row['number']),
    name: String(row['name']),
    checksum: String(row['checksum']),
    schemaChecksum: String(row['schemaChecksum']),
  }));
}

function apply(database: DatabaseSync, migration: Migration, nowMs: number): void {
  for (const statement of migration.statements) database.exec(statement);
  database
    .prepare(
      'insert into schemaMigration (number, name, checksum, schemaChecksum, appliedMs) values (?, ?, ?, ?, ?)',
    )
    .run(migration.number, migration.name, checksumOf(migration), schemaChecksum(database), nowMs);
}

function checksumOf(migration: Migration): string {
  return sha256Hex(JSON.stringify([migration.number, migration.name, migration.statements]));
}

/** Of every table and index as it stands now; SQLite's own tables come and go. */
function schemaChecksum(database: DatabaseSync): string {
  const rows = database
    .prepare(
      "select type, name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\' order by type, name",
    )
    .all();
  return sha256Hex(JSON.stringify(rows));
}

function hasTable(database: DatabaseSync, name: string): boolean {
  return (
    database.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined
  );
}

function notOurs(): DatabaseError {
  return new DatabaseError('refused', 'The file is a database of another program. Nothing was changed.');
}

function newerSchema(row: Applied, known: number): DatabaseError {
  return new DatabaseError(
    'refused',
    `The database has schema ${String(row.number)} (${row.name}), this version knows ${String(known)}. ` +
      'Start the newer version, or restore the backup made before the upgrade. Nothing was changed.',
  );
}

function changedStep(row: Applied): DatabaseError {
  return new DatabaseError(
    'refused',
    `Step ${String(row.number)} (${row.name}) of the schema differs from this version's: the file belongs to ` +
      'another service or to a changed build. Put back the matching file or version. Nothing was changed.',
  );
}

function changedSchema(): DatabaseError {
  return new DatabaseError(
    'refused',
    'The tables are not those the schema steps made: they were changed by hand. ' +
      'Restore a backup. Nothing was changed.',
  );
}
