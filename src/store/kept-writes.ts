import { sleep, type Time } from '../platform/time.ts';
import { StoreError } from './store.ts';

/** Waits between the tries of the oldest write; the last one again and again. */
const WAITS_MS = [20, 50, 130, 300, 700, 1_000] as const;
/** More writes waiting than this are refused: hours of trading on a database that nobody can write. */
const WAITING_MAX = 20_000;

/**
 * Writes that must not be lost: done in the order they were asked for, each tried until the database is neither locked nor
 * full. One at a time is tried, and between two tries the event loop is free.
 */
export class KeptWrites {
  private readonly time: Time;
  private newest: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private ending = false;

  constructor(time: Time) {
    this.time = time;
  }

  /** Resolves when it is done; rejects when it fails for another reason, or the store is closed before. */
  async keep<T>(attempt: () => Promise<T>): Promise<T> {
    if (this.waiting >= WAITING_MAX) throw new StoreError('busy', 'Too many rows wait for the database.');
    this.waiting += 1;
    const before = this.newest;
    const done = before.then(() => this.untilDone(attempt));
    // What failed is its own caller's to hear of, not that of the write behind it.
    this.newest = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.waiting -= 1;
    }
  }

  /** From here on each is tried once more and then given up. */
  end(): void {
    this.ending = true;
  }

  private async untilDone<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (this.ending || !passes(error)) throw error;
      }
      await sleep(this.time, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 0);
    }
  }
}

/** Whether what stands in the way may go by itself. */
function passes(error: unknown): boolean {
  return error instanceof StoreError && (error.kind === 'busy' || error.kind === 'full');
}
