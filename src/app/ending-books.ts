import { DatabaseError, databaseError } from '../platform/database-error.ts';
import type { BookStore } from '../venue/books/book-store.ts';
import { failureOf, type StartFailure } from './start-failure.ts';

/**
 * Books of a venue that ends with them: an exchange that goes on without its books would forget what it has said. `end` gets
 * the reason, with what to do; it does not come back in a service. What it was told last stands in the books or not at all.
 */
export function endingBooks(books: BookStore, file: string, end: (failure: StartFailure) => void): BookStore {
  return {
    load: () => books.load(),
    save: (changes) => {
      try {
        books.save(changes);
      } catch (error) {
        const { kind, message } = databaseError(error);
        const said = `The venue ends, for it cannot write its books ${file}: ${message} Started again it goes on from them.`;
        end(failureOf(new DatabaseError(kind, said, error)));
        throw error;
      }
    },
  };
}
