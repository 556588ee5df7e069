import { sleep, type Time } from './time.ts';

/** Waits between tries of a locked database: 1.2 s together, then the caller is told `busy`. */
const BUSY_WAITS_MS = [20, 50, 130, 300, 700] as const;

/** Runs `work` again, a bounded number of times, while it fails because another process holds the lock. */
export async function retryWhileBusy<T>(time: Time, work: () => T | Promise<T>): Promise<T> {
  for (const waitMs of BUSY_WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await sleep(time, waitMs);
  }
  return work();
}

/** Errors of databases and of the store name their kind alike. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'busy';
}
