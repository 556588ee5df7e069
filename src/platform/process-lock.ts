import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { databaseError } from './database-error.ts';

/** Held until released; the system lets go of it when the process ends, however it ends. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the lock of a file, which is made where it is missing and holds nothing; null when another process has
 * it. No process id is written or believed: a lock of SQLite's cannot outlive its process. Throws `DatabaseError`.
 */
export function takeProcessLock(file: string): ProcessLock | null {
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = memory; begin exclusive');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    const failure = databaseError(error);
    if (failure.kind === 'busy') return null;
    throw failure;
  }
}
