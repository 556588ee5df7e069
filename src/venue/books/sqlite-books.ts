import { z } from 'zod';
import type { Migration } from '../../platform/migration.ts';
import { openSqlite, transaction } from '../../platform/sqlite.ts';
import type { BookChange, BookRow, BookStore } from './book-store.ts';

/** Books in a file. What they are of stands in them: the rows mean nothing beside another market. */
export interface SqliteBooks extends BookStore {
  /** What the books were opened with; null in a file that was just made. */
  opening(): unknown;
  /** Says once what the books are of: any JSON value. */
  open(opening: unknown): void;
  close(): void;
}

const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'books',
    statements: [
      'create table "opening" ("only" integer primary key check ("only" = 1), "json" text not null) strict',
      // Written anew in its place: the number a row got first is its place on the shelf.
      `create table "book" (
        "number" integer primary key,
        "shelf" text not null,
        "key" text not null,
        "text" text not null,
        unique ("shelf", "key")
      ) strict`,
    ],
  },
];

const rowsShape = z.array(z.object({ shelf: z.string(), key: z.string(), text: z.string() }));
const openingShape = z.object({ json: z.string() });

/**
 * Opens the books in a file, making it where there is none. A change is in the file before `save` comes back and
 * outlives the process however it ends; a power cut may take the last ones, all of a step or none.
 * Throws `DatabaseError` on a file that is damaged, foreign or of another version: it is left as it is.
 */
export function openSqliteBooks(file: string, nowMs: number): SqliteBooks {
  const opened = openSqlite({ file, migrations, nowMs });
  const { database } = opened;
  database.exec('pragma synchronous = normal');
  const all = database.prepare('select "shelf", "key", "text" from "book" order by "number"');
  const put = database.prepare(
    `insert into "book" ("shelf", "key", "text") values (?, ?, ?)
     on conflict ("shelf", "key") do update set "text" = excluded."text"`,
  );
  const drop = database.prepare('delete from "book" where "shelf" = ? and "key" = ?');
  const write = ({ shelf, key, text }: BookChange): void => {
    if (text === null) drop.run(shelf, key);
    else put.run(shelf, key, text);
  };
  return {
    opening: () => {
      const row = database.prepare('select "json" from "opening"').get();
      return row === undefined ? null : JSON.parse(openingShape.parse(row).json);
    },
    open: (opening) => {
      database.prepare('insert into "opening" ("only", "json") values (1, ?)').run(JSON.stringify(opening));
    },
    load: (): readonly BookRow[] => rowsShape.parse(all.all()),
    save: (changes) => {
      opened.assertInPlace();
      transaction(database, () => changes.forEach(write));
    },
    close: () => opened.close(),
  };
}
