import { expect, test } from 'vitest';
import { endingBooks } from './ending-books.ts';
import type { StartFailure } from './start-failure.ts';

/** What the end of books is told that fail with this result code of SQLite. */
function failureAt(errcode: number): StartFailure | undefined {
  const told: StartFailure[] = [];
  const save = (): never => {
    throw Object.assign(new Error('database or disk is full'), { errcode });
  };
  const books = endingBooks({ load: () => [], save }, '/home/venue.db', (failure) => told.push(failure));
  expect(() => books.save([])).toThrow('full');
  return told[0];
}

test('a venue that cannot write its books ends with what to do, and may be started again', () => {
  const failure = failureAt(13);
  expect(failure?.code).toBe(1);
  expect(failure?.detail).toMatch(
    /cannot write its books \/home\/venue\.db: The disk is full.* make room there/,
  );
});

test('books that are damaged are for a person to see to first', () => {
  expect(failureAt(11)?.code).toBe(3);
});
