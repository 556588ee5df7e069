import { ACCESS_MIGRATIONS, accessFile } from '../access/access.ts';
import type { Migration } from '../platform/migration.ts';
import { TRADING_MIGRATIONS } from '../store/sqlite/open-store.ts';
import { tradingFile } from './trading-store.ts';

/** A database of a home, with the steps of its schema. */
export interface HomeDatabase {
  readonly file: string;
  readonly migrations: readonly Migration[];
  /** Backups hold it. Where a home was restored that had none before, the next start makes the others. */
  readonly isBackedUp: boolean;
}

/** The databases that must be sound for InfoBot to start. */
export function databasesOf(home: string): readonly HomeDatabase[] {
  return [
    { file: tradingFile(home), migrations: TRADING_MIGRATIONS, isBackedUp: true },
    { file: accessFile(home), migrations: ACCESS_MIGRATIONS, isBackedUp: false },
  ];
}
