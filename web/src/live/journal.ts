import { later } from '../browser.ts';
import { type Cell, createCell } from './cell.ts';

/** Entries kept; older ones fall out. The server has them all. */
const ENTRIES_MAX = 300;
/** A candle close brings hundreds of entries at once: they reach the screen together. */
const FLUSH_MS = 250;

interface JournalOptions<T> {
  readonly keyOf: (entry: T) => string;
  readonly timeMsOf: (entry: T) => number;
}

/** Newest first, each entry once, whether it came by the first load or live. Null until the first of either. */
export class Journal<T> {
  readonly entries: Cell<readonly T[] | null> = createCell<readonly T[] | null>(null);
  readonly #options: JournalOptions<T>;
  #waiting: T[] = [];
  #isFlushDue = false;

  constructor(options: JournalOptions<T>) {
    this.#options = options;
  }

  /** One live entry. */
  add(entry: T): void {
    this.#waiting.push(entry);
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    later(FLUSH_MS, () => this.#flush());
  }

  /** A loaded page of entries. */
  load(entries: readonly T[]): void {
    this.#merge(entries);
  }

  #flush(): void {
    this.#isFlushDue = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#merge(waiting);
  }

  #merge(incoming: readonly T[]): void {
    const { keyOf, timeMsOf } = this.#options;
    const byKey = new Map<string, T>();
    for (const entry of this.entries.get() ?? []) byKey.set(keyOf(entry), entry);
    for (const entry of incoming) byKey.set(keyOf(entry), entry);
    const newestFirst = [...byKey.values()].sort((a, b) => timeMsOf(b) - timeMsOf(a));
    this.entries.set(newestFirst.slice(0, ENTRIES_MAX));
  }
}
