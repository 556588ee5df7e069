import { AccountBooks } from '../../src/venue/books/account-books.ts';
import type { BookRow } from '../../src/venue/books/book-store.ts';
import type { Venue } from '../../src/venue/venue.ts';
import { MemoryBooks } from '../fixture/memory-books.ts';

/** What books of the venue's accounts would say if they were written now, from nothing. */
export function fullBooks(venue: Venue): readonly string[] {
  const books = new MemoryBooks();
  for (const account of venue.floor.accounts()) {
    books.save([...new AccountBooks(account.uid).changes(account.records())]);
  }
  return bookLines(books.load());
}

/** By shelf, in the order of each; those of accounts alone. */
export function bookLines(rows: readonly BookRow[]): readonly string[] {
  const own = rows.filter(({ shelf }) => shelf.includes('/'));
  // Sorting is stable: what stands on one shelf keeps its order.
  const byShelf = own.toSorted((one, other) =>
    one.shelf < other.shelf ? -1 : Number(one.shelf > other.shelf),
  );
  return byShelf.map(({ shelf, key, text }) => `${shelf} ${key} ${sorted(text)}`);
}

/** The same whatever the order in which its fields were written. */
function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Throws at the first line that differs. */
export function compareBooks(what: string, written: readonly string[], live: readonly string[]): void {
  const at = written.findIndex((line, index) => line !== live[index]);
  if (at < 0 && written.length === live.length) return;
  throw new Error(`${what}: "${written[at] ?? 'nothing more'}" for "${live[at] ?? 'nothing more'}"`);
}
