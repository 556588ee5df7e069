import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Journal as JournalOf, JournalPage } from './journal.ts';

interface Entry {
  readonly id: number;
}

let Journal: typeof JournalOf;
let journal: JournalOf<Entry>;

beforeAll(async () => {
  // The module asks the browser for its timers.
  vi.stubGlobal('window', { addEventListener: () => undefined });
  ({ Journal } = await import('./journal.ts'));
});

beforeEach(() => {
  vi.useFakeTimers();
  journal = new Journal<Entry>({ keyOf: ({ id }) => String(id), timeMsOf: ({ id }) => id });
  return () => vi.useRealTimers();
});

/** The entries from `newest` down to `oldest`, as the server would give them. */
function page(newest: number, oldest: number): JournalPage<Entry> {
  const rows = Array.from({ length: newest - oldest + 1 }, (_, at) => ({ id: newest - at }));
  return { rows, nextCursor: oldest > 1 ? `below ${oldest}` : null };
}

function live(...ids: number[]): void {
  for (const id of ids) journal.add({ id });
  vi.runAllTimers();
}

const shown = () => journal.entries.get()?.map(({ id }) => id);

describe('a journal', () => {
  test('shows what came live and by page once, newest first', () => {
    live(6, 7);
    journal.load(page(6, 4));
    expect(shown()).toEqual([7, 6, 5, 4]);
  });

  test('of one moment, the later comes above the earlier, however they came', () => {
    journal = new Journal<Entry>({ keyOf: ({ id }) => String(id), timeMsOf: () => 0 });
    journal.load(page(4, 1));
    live(5, 6);
    live(7);
    expect(shown()).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('goes down page by page until the end', async () => {
    journal.load(page(9, 7));
    const asked: string[] = [];
    const read = async (cursor: string) => {
      asked.push(cursor);
      return cursor === 'below 7' ? page(6, 4) : page(3, 1);
    };
    expect(journal.older.get()).toBe('more');
    await journal.loadOlder(read);
    live(10);
    await journal.loadOlder(read);
    await journal.loadOlder(read);
    expect(shown()).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect([asked, journal.older.get()]).toEqual([['below 7', 'below 4'], 'end']);
  });

  test('keeps the pages below when a reload joins what is held', async () => {
    journal.load(page(9, 7));
    await journal.loadOlder(async () => page(6, 4));
    journal.breakOff();
    journal.load(page(11, 9));
    expect(shown()).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
    await journal.loadOlder(async (cursor) => {
      expect(cursor).toBe('below 4');
      return page(3, 1);
    });
  });

  test('drops what is below a hole, and goes on from above it', async () => {
    journal.load(page(9, 7));
    journal.breakOff();
    live(30, 31);
    journal.load(page(31, 29));
    expect(shown()).toEqual([31, 30, 29]);
    await journal.loadOlder(async (cursor) => {
      expect(cursor).toBe('below 29');
      return page(28, 26);
    });
    expect(shown()).toEqual([31, 30, 29, 28, 27, 26]);
  });

  test('is not fooled by what came between two breaks', () => {
    journal.load(page(9, 7));
    journal.breakOff();
    live(20, 21);
    journal.breakOff();
    journal.load(page(22, 20));
    expect(shown()).toEqual([22, 21, 20]);
  });

  test('a page that a break has overtaken is not shown', async () => {
    journal.load(page(9, 7));
    const reading = journal.loadOlder(async () => page(6, 4));
    journal.breakOff();
    journal.load(page(31, 29));
    await reading;
    expect(shown()).toEqual([31, 30, 29]);
  });

  test('keeps a bounded number, and says that there is more', () => {
    journal.load(page(3000, 2901));
    live(...Array.from({ length: 2901 }, (_, at) => 3001 + at));
    expect(shown()?.length).toBe(3000);
    expect(shown()?.[0]).toBe(5901);
    expect(journal.older.get()).toBe('full');
  });
});
