import { type Kysely, sql } from 'kysely';
import { retryWhileBusy } from '../platform/busy-retry.ts';
import type { EmergencyRoom } from '../platform/disk-reserve.ts';
import { sleep, type Time } from '../platform/time.ts';
import { KeptWrites } from './kept-writes.ts';
import { StoreError } from './store.ts';
import type { Tables } from './tables.ts';
import { WriteHealth } from './write-health.ts';

/** What differs between databases. */
export interface SqlStoreParts {
  readonly db: Kysely<Tables>;
  readonly time: Time;
  /** Library errors in the port's words. */
  readonly translate: (error: unknown) => Error;
  /** Throws when what is written now would be lost. */
  readonly assertWritable: () => void;
  readonly close: () => void;
  /** Given up when the disk is full; null: there is none. */
  readonly room: EmergencyRoom | null;
}

/** Work on the tables. */
type Work<T> = (db: Kysely<Tables>) => Promise<T>;

/**
 * The one way to the database: waits out locks off the event loop, translates errors, refuses after the end. On a full disk
 * it gives up the emergency room, and lets nothing through from then on but what protects positions.
 */
export class SqlDoor {
  private readonly parts: SqlStoreParts;
  private readonly kept: KeptWrites;
  private readonly health: WriteHealth;
  private readonly underWay = new Set<Promise<unknown>>();
  private closed = false;

  constructor(parts: SqlStoreParts) {
    this.parts = parts;
    this.kept = new KeptWrites(parts.time);
    this.health = new WriteHealth(parts);
  }

  /** What can be missed on a full disk. Waits out a short lock of another process. */
  write<T>(work: Work<T>): Promise<T> {
    return this.open(() => retryWhileBusy(this.parts.time, () => this.attemptUnlessScarce(work)));
  }

  /** The same, and waits for nothing. */
  writeOnce<T>(work: Work<T>): Promise<T> {
    return this.open(() => this.attemptUnlessScarce(work));
  }

  /** What protects positions, from a caller who tries again. Waits out a short lock of another process. */
  save<T>(work: Work<T>): Promise<T> {
    return this.open(() => retryWhileBusy(this.parts.time, () => this.attempt(work)));
  }

  /** What protects positions and nobody brings again: in the order of the calls, however long it takes. */
  keep<T>(work: Work<T>): Promise<T> {
    return this.open(() => this.kept.keep(() => this.attempt(work)));
  }

  read<T>(work: Work<T>): Promise<T> {
    return this.open(() => retryWhileBusy(this.parts.time, () => this.translated(work)));
  }

  /** Why writing fails, as a sentence; null: it does not. */
  fault(): string | null {
    return this.health.fault();
  }

  /** Tries whether what stands in the way of writing has gone. */
  async tend(): Promise<void> {
    if (this.health.isFailing()) {
      // A write that changes nothing. Its failure is what `fault` goes on telling of.
      const probe: Work<unknown> = (db) => sql`pragma user_version = 0`.execute(db);
      await this.open(() => this.attempt(probe)).catch(() => undefined);
    }
    await this.health.makeRoom();
  }

  /** Between two parts of long work: the trading loop goes on. */
  letOthers(): Promise<void> {
    return sleep(this.parts.time, 0);
  }

  /** Waits for what is under way. Calling it again is a no-op. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.kept.end();
    await Promise.allSettled(this.underWay);
    await this.parts.db.destroy();
    this.parts.close();
  }

  private open<T>(begin: () => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new StoreError('failed', 'The store is closed.'));
    const work = begin();
    const forget = (): void => {
      this.underWay.delete(work);
    };
    this.underWay.add(work);
    work.then(forget, forget);
    return work;
  }

  private async attemptUnlessScarce<T>(work: Work<T>): Promise<T> {
    const scarcity = this.health.scarcity();
    if (scarcity !== null) throw new StoreError('full', scarcity);
    try {
      return await this.tryWrite(work);
    } catch (error) {
      // The room that this may make is not for this.
      this.health.noteFailure(error);
      throw error;
    }
  }

  /** One try; a second one where the first has made room. */
  private async attempt<T>(work: Work<T>): Promise<T> {
    try {
      return await this.tryWrite(work);
    } catch (error) {
      if (!this.health.noteFailure(error)) throw error;
    }
    return this.tryWrite(work);
  }

  private async tryWrite<T>(work: Work<T>): Promise<T> {
    const done = await this.translated((db) => {
      this.parts.assertWritable();
      return work(db);
    });
    this.health.noteSuccess();
    return done;
  }

  private async translated<T>(work: Work<T>): Promise<T> {
    try {
      return await work(this.parts.db);
    } catch (error) {
      throw this.parts.translate(error);
    }
  }
}
