import type { Kysely } from 'kysely';
import { retryWhileBusy } from '../platform/busy-retry.ts';
import { sleep, type Time } from '../platform/time.ts';
import { StoreError } from './store.ts';
import type { Tables } from './tables.ts';

/** What differs between databases. */
export interface SqlStoreParts {
  readonly db: Kysely<Tables>;
  readonly time: Time;
  /** Library errors in the port's words. */
  readonly translate: (error: unknown) => Error;
  /** Throws when what is written now would be lost. */
  readonly assertWritable: () => void;
  readonly close: () => void;
}

/** The one way to the database: waits out short locks, translates errors, refuses after the end. */
export class SqlDoor {
  private readonly parts: SqlStoreParts;
  private closed = false;

  constructor(parts: SqlStoreParts) {
    this.parts = parts;
  }

  /** Waits out a short lock of another process. */
  write<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return retryWhileBusy(this.parts.time, () => this.writeOnce(work));
  }

  /** Waits for nothing. */
  writeOnce<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.once((db) => {
      this.parts.assertWritable();
      return work(db);
    });
  }

  read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return retryWhileBusy(this.parts.time, () => this.once(work));
  }

  /** Between two parts of long work: the trading loop goes on. */
  letOthers(): Promise<void> {
    return sleep(this.parts.time, 0);
  }

  /** Waits for what is under way. Calling it again is a no-op. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    // A query of its own queues behind all that were asked for before.
    await this.parts.db.connection().execute(() => Promise.resolve());
    await this.parts.db.destroy();
    this.parts.close();
  }

  private async once<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreError('failed', 'The store is closed.');
    try {
      return await work(this.parts.db);
    } catch (error) {
      throw this.parts.translate(error);
    }
  }
}
