import type { BoundedLog } from '../../core/matching/bounded-log.ts';
import type { BookChange, BookRow } from './book-store.ts';

/** Things that are replaced and never changed: one that is no longer the one that was written has changed. */
export class MapShelf<T> {
  private readonly name: string;
  private readonly written = new Map<string, T>();

  constructor(name: string) {
    this.name = name;
  }

  /** Takes what stands on this shelf out of the books. */
  restore(rows: readonly BookRow[], decode: (text: string) => T): ReadonlyMap<string, T> {
    for (const row of rows) if (row.shelf === this.name) this.written.set(row.key, decode(row.text));
    return this.written;
  }

  /** What the books lack of these; they count as written from now on. */
  *changes(live: ReadonlyMap<string, T>): Generator<BookChange> {
    for (const [key, value] of live) {
      if (this.written.get(key) === value) continue;
      this.written.set(key, value);
      yield { shelf: this.name, key, text: JSON.stringify(value) };
    }
    if (this.written.size === live.size) return;
    for (const key of this.written.keys()) {
      if (live.has(key)) continue;
      this.written.delete(key);
      yield { shelf: this.name, key, text: null };
    }
  }
}

/** A log of a matching account: what it appends is written, what it forgets is taken off. */
export class LogShelf<T> {
  private readonly name: string;
  private readonly keyOf: (entry: T) => string;
  /** As they stand in the books; those before `forgotten` are off the shelf. */
  private keys: string[] = [];
  private forgotten = 0;

  constructor(name: string, keyOf: (entry: T) => string) {
    this.name = name;
    this.keyOf = keyOf;
  }

  /** Takes what stands on this shelf out of the books, oldest first. */
  restore(rows: readonly BookRow[], decode: (text: string) => T): readonly T[] {
    const own = rows.filter((row) => row.shelf === this.name);
    this.keys = own.map((row) => row.key);
    return own.map((row) => decode(row.text));
  }

  /** What the books lack of the log; it counts as written from now on. */
  *changes(log: Pick<BoundedLog<T>, 'all'>): Generator<BookChange> {
    const entries = log.all();
    const newestKey = this.keys.at(-1);
    let from = entries.length;
    while (from > 0 && this.keyAt(entries, from - 1) !== newestKey) from -= 1;
    for (const entry of entries.slice(from)) {
      this.keys.push(this.keyOf(entry));
      yield this.rewrite(entry);
    }
    yield* this.forget(entries);
  }

  /** An entry that was replaced in its place. */
  rewrite(entry: T): BookChange {
    return { shelf: this.name, key: this.keyOf(entry), text: JSON.stringify(entry) };
  }

  private *forget(entries: readonly T[]): Generator<BookChange> {
    while (this.keys.length - this.forgotten > entries.length) {
      const key = this.keys[this.forgotten];
      this.forgotten += 1;
      if (key !== undefined) yield { shelf: this.name, key, text: null };
    }
    if (this.forgotten <= entries.length) return;
    this.keys = this.keys.slice(this.forgotten);
    this.forgotten = 0;
  }

  private keyAt(entries: readonly T[], index: number): string | null {
    const entry = entries[index];
    return entry === undefined ? null : this.keyOf(entry);
  }
}
