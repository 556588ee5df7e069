import { later } from '../browser.ts';
import { type Cell, createCell } from './cell.ts';

/** Entries kept; beyond them the oldest fall out. The server has them all. */
const ENTRIES_MAX = 3000;
/** A candle close brings hundreds of entries at once: they reach the screen together. */
const FLUSH_MS = 250;

interface JournalOptions<T> {
  readonly keyOf: (entry: T) => string;
  readonly timeMsOf: (entry: T) => number;
}

/** One page of a list of the server, newest first; `nextCursor` is null on the last one. */
export interface JournalPage<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

/** What lies below the oldest entry: not known yet, more pages, nothing, or more than this page keeps. */
export type Older = 'unknown' | 'more' | 'end' | 'full';

/**
 * Newest first, each entry once, whether it came live or by page, and without a hole: what is below an entry is
 * what the server has below it. Null until the first entries of either way.
 */
export class Journal<T> {
  readonly entries: Cell<readonly T[] | null> = createCell<readonly T[] | null>(null);
  readonly older: Cell<Older> = createCell<Older>('unknown');
  readonly #options: JournalOptions<T>;
  #waiting: T[] = [];
  #isFlushDue = false;
  /** Where the page below the oldest entry begins; null when there is none, or not known yet. */
  #cursor: string | null = null;
  /** Keys held at the first and the latest break that no page has mended yet; null without one. */
  #broken: { readonly first: ReadonlySet<string>; readonly latest: ReadonlySet<string> } | null = null;

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

  /** Live messages were missed: what comes next may not join what is held. The next `load` finds out. */
  breakOff(): void {
    const latest = new Set(this.#held().map(this.#options.keyOf));
    this.#broken = { first: this.#broken?.first ?? latest, latest };
  }

  /** The newest page. Entries it does not reach down to are dropped: better short than with a hole. */
  load(page: JournalPage<T>): void {
    const { keyOf } = this.#options;
    const broken = this.#broken;
    this.#broken = null;
    const isWhole = broken === null || page.rows.some((row) => broken.first.has(keyOf(row)));
    if (!isWhole) {
      this.entries.set(this.#held().filter((entry) => !broken.latest.has(keyOf(entry))));
    }
    const isFirst = this.older.get() === 'unknown';
    if (isFirst || !isWhole || page.nextCursor === null) this.#pointAt(page.nextCursor);
    this.#merge([this.#held(), page.rows]);
  }

  /** Reads the page below the oldest entry; a no-op when there is none. Throws what `read` throws. */
  async loadOlder(read: (cursor: string) => Promise<JournalPage<T>>): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === null || this.older.get() !== 'more') return;
    const page = await read(cursor);
    // A break meanwhile has put another page below: this one would leave a hole.
    if (this.#cursor !== cursor || this.older.get() !== 'more') return;
    this.#pointAt(page.nextCursor);
    this.#merge([this.#held(), page.rows]);
  }

  #pointAt(cursor: string | null): void {
    this.#cursor = cursor;
    this.older.set(cursor === null ? 'end' : 'more');
  }

  #flush(): void {
    this.#isFlushDue = false;
    const newestFirst = this.#waiting.reverse();
    this.#waiting = [];
    // What is told again has changed: it keeps its place, and the newest word stands.
    this.#merge([newestFirst, this.#held(), newestFirst]);
  }

  #held(): readonly T[] {
    return this.entries.get() ?? [];
  }

  /** Entries of one moment keep the order they are given in, upper part first. */
  #merge(parts: readonly (readonly T[])[]): void {
    const { keyOf, timeMsOf } = this.#options;
    const byKey = new Map(parts.flat().map((entry) => [keyOf(entry), entry]));
    const newestFirst = [...byKey.values()].sort((a, b) => timeMsOf(b) - timeMsOf(a));
    if (newestFirst.length > ENTRIES_MAX) this.older.set('full');
    this.entries.set(newestFirst.slice(0, ENTRIES_MAX));
  }
}
