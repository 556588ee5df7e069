import { Kysely } from 'kysely';
import { DatabaseError, type DatabaseErrorKind, databaseError } from '../../platform/database-error.ts';
import { openSqlite, type SqliteFile } from '../../platform/sqlite.ts';
import type { Time } from '../../platform/time.ts';
import { tradingMigration } from '../migrations/0001-trading.ts';
import { decisionByOutcomeMigration } from '../migrations/0002-decision-by-outcome.ts';
import { intentEntryMigration } from '../migrations/0003-intent-entry.ts';
import { decisionCloseMigration } from '../migrations/0004-decision-close.ts';
import { emaSearchMigration } from '../migrations/0005-ema-search.ts';
import { closeVerdictsMigration } from '../migrations/0006-close-verdicts.ts';
import { intentLadderMigration } from '../migrations/0007-intent-ladder.ts';
import { filterWorthMigration } from '../migrations/0008-filter-worth.ts';
import { SqlStore } from '../sql-store.ts';
import { StoreError, type StoreErrorKind } from '../store.ts';
import type { Tables } from '../tables.ts';
import { nodeSqliteDialect } from './dialect.ts';

/** The steps of `trading.db`, oldest first. */
export const TRADING_MIGRATIONS = [
  tradingMigration,
  decisionByOutcomeMigration,
  intentEntryMigration,
  decisionCloseMigration,
  emaSearchMigration,
  closeVerdictsMigration,
  intentLadderMigration,
  filterWorthMigration,
] as const;

export interface OpenStoreOptions {
  /** Path of `trading.db`, or `:memory:`. */
  readonly file: string;
  readonly time: Time;
  /** For every process but the one that trades. */
  readonly readOnly?: boolean;
}

/**
 * Opens the trading database; a missing file is created, a damaged, newer or foreign one is refused as it is.
 * Throws `StoreError`: `corrupt` (restore a backup), `busy`, `full`, `failed`; its message says what to do.
 */
export function openStore(options: OpenStoreOptions): SqlStore {
  return storeOver(open(options), options.time);
}

/** The store over a database that is open and at the newest schema. It closes the file with itself. */
export function storeOver(file: SqliteFile, time: Time): SqlStore {
  return new SqlStore({
    db: new Kysely<Tables>({ dialect: nodeSqliteDialect(file.database) }),
    time,
    translate: storeError,
    assertWritable: () => file.assertInPlace(),
    close: () => file.close(),
  });
}

function open(options: OpenStoreOptions): SqliteFile {
  const { file, time, readOnly } = options;
  try {
    return openSqlite({
      file,
      migrations: TRADING_MIGRATIONS,
      nowMs: time.nowMs(),
      readOnly: readOnly === true,
    });
  } catch (error) {
    throw storeError(error);
  }
}

/** The library's errors in the port's words; an error of our own program stays what it is. */
function storeError(error: unknown): Error {
  if (error instanceof StoreError) return error;
  const fromLibrary = error instanceof DatabaseError || (error instanceof Error && 'errcode' in error);
  if (!fromLibrary && error instanceof Error && error.name === 'AssertionError') return error;
  const { kind, message } = databaseError(error);
  return new StoreError(storeKind(kind), message);
}

function storeKind(kind: DatabaseErrorKind): StoreErrorKind {
  return kind === 'refused' ? 'failed' : kind;
}
