import { parentPort, workerData } from 'node:worker_threads';
import { sleep, systemTime } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';

/** What one reader of the API asks at a time, and how long it looks at it. */
const PAGE_ROWS = 100;
const PAUSE_MS = 50;

/** Pages through the events of a database on a connection of its own, over and over, until its thread is ended. */
async function read(file: string): Promise<never> {
  const store = openStore({ file, time: systemTime, readOnly: true });
  parentPort?.postMessage('reading');
  for (;;) {
    let cursor: string | null = null;
    do {
      const page: { readonly nextCursor: string | null } = await store.listEvents({
        limit: PAGE_ROWS,
        cursor,
      });
      cursor = page.nextCursor;
      await sleep(systemTime, PAUSE_MS);
    } while (cursor !== null);
  }
}

await read(String(workerData));
