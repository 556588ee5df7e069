import { Kysely } from 'kysely';
import { DatabaseError, databaseError } from '../../platform/database-error.ts';
import type { EmergencyRoom } from '../../platform/disk-reserve.ts';
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
import { intentEvidenceMigration } from '../migrations/0009-intent-evidence.ts';
import { tradeProtectionMigration } from '../migrations/0010-trade-protection.ts';
import { ledgerMigration } from '../migrations/0011-ledger.ts';
import { equityMarkMigration } from '../migrations/0012-equity-mark.ts';
import { tradeFundingMigration } from '../migrations/0013-trade-funding.ts';
import { differenceMigration } from '../migrations/0014-difference.ts';
import { fundingByInstrumentMigration } from '../migrations/0015-funding-by-instrument.ts';
import { SqlStore } from '../sql-store.ts';
import { StoreError } from '../store.ts';
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
  intentEvidenceMigration,
  tradeProtectionMigration,
  ledgerMigration,
  equityMarkMigration,
  tradeFundingMigration,
  differenceMigration,
  fundingByInstrumentMigration,
] as const;

export interface OpenStoreOptions {
  /** Path of `trading.db`, or `:memory:`. */
  readonly file: string;
  readonly time: Time;
  /** For every process but the one that trades. */
  readonly readOnly?: boolean;
  /** Given up for exits, fills and the trading state when the disk is full. */
  readonly room?: EmergencyRoom;
}

/**
 * Opens the trading database; a missing file is created, a damaged, newer or foreign one is refused as it is.
 * Throws `StoreError`: `corrupt`, `refused` (restore a backup), `busy`, `full`, `failed`; its message says what to do.
 */
export function openStore(options: OpenStoreOptions): SqlStore {
  return storeOver(open(options), options.time, options.room ?? null);
}

/** The store over a database that is open and at the newest schema. It closes the file with itself. */
export function storeOver(file: SqliteFile, time: Time, room: EmergencyRoom | null = null): SqlStore {
  // Trading goes on in this very thread: whoever waits for a lock waits off the event loop.
  file.database.exec('pragma busy_timeout = 0');
  return new SqlStore({
    room,
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
  return new StoreError(kind, message);
}
