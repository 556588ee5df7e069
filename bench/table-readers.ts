import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Store } from '../src/store/store.ts';
import { START_MS } from './scripted-engine.ts';

const BATCH = 2_000;

/** Something to read, as long as what a service of weeks has. */
export async function addHistory(store: Store, events: number): Promise<void> {
  for (let from = 0; from < events; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, events - from) }, (_, index) => ({
      timeMs: START_MS + from + index,
      severity: 'info' as const,
      code: 'bench.event',
      instrumentId: null,
      message: 'Something happened to a coin that a person reads about afterwards.',
      detailJson: '{"value":"0.12345678","threshold":"0.5"}',
    }));
    await store.addEvents(rows);
  }
}

/** Threads that read the database, each on a connection of its own; resolves when all of them do. */
export async function startReaders(file: string, count: number): Promise<readonly Worker[]> {
  const threads = Array.from(
    { length: count },
    () => new Worker(new URL('./table-reader.ts', import.meta.url), { workerData: file }),
  );
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  return threads;
}
