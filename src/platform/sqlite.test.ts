import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DatabaseError } from './database-error.ts';
import type { Migration } from './migration.ts';
import { atLeast, openSqlite, transaction } from './sqlite.ts';

const FIRST: Migration = { number: 1, name: 'first', statements: ['create table a (x integer) strict'] };
const SECOND: Migration = { number: 2, name: 'second', statements: ['create table b (y text) strict'] };

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-sqlite-'));
  file = join(folder, 'x.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(migrations: readonly Migration[] = [FIRST], readOnly = false) {
  return openSqlite({ file, migrations, nowMs: 1, readOnly });
}

function refusal(work: () => unknown): DatabaseError {
  try {
    work();
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

function filled(): void {
  const opened = open();
  transaction(opened.database, () => {
    for (let x = 0; x < 2_000; x += 1) opened.database.prepare('insert into a values (?)').run(x);
  });
  opened.close();
}

describe('opening', () => {
  test('creates the file for its owner alone, flushed at every commit', () => {
    const { database, close } = open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(database.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    expect(database.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 });
    expect(database.prepare('pragma foreign_keys').get()).toMatchObject({ foreign_keys: 1 });
    expect(database.prepare('pragma busy_timeout').get()).toMatchObject({ timeout: 50 });
    close();
  });

  test('adds the steps an older file lacks and keeps its rows', () => {
    filled();
    const { database, close } = open([FIRST, SECOND]);
    expect(database.prepare('select count(*) as count from a').get()).toMatchObject({ count: 2_000 });
    expect(database.prepare('select count(*) as count from b').get()).toMatchObject({ count: 0 });
    close();
  });

  test('takes back all steps when one fails', () => {
    filled();
    const broken: Migration = {
      number: 3,
      name: 'broken',
      statements: ['create table c (z integer)', 'nonsense'],
    };
    expect(refusal(() => open([FIRST, SECOND, broken])).kind).toBe('failed');
    const { database, close } = open();
    expect(database.prepare('select name from sqlite_schema where name in (?, ?)').all('b', 'c')).toEqual([]);
    close();
  });

  test('lets readers read beside the writer and keeps them from writing', () => {
    const writer = open();
    const reader = open([FIRST], true);
    writer.database.exec('insert into a values (5)');
    expect(reader.database.prepare('select x from a').get()).toMatchObject({ x: 5 });
    expect(() => reader.database.exec('insert into a values (6)')).toThrow('readonly');
    reader.close();
    writer.close();
  });
});

describe('a file is refused as it is when', () => {
  /** Damages the file, sees it refused, and sees that not a byte was changed by that. */
  function refusedUntouched(damage: () => void, migrations: readonly Migration[] = [FIRST]): DatabaseError {
    filled();
    damage();
    const before = readFileSync(file);
    const error = refusal(() => open(migrations));
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(error.message).toContain(file);
    return error;
  }

  test('its schema is newer', () => {
    const error = refusedUntouched(() => open([FIRST, SECOND]).close());
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('newer version') });
  });

  test('a shipped step was changed', () => {
    const changed = { ...FIRST, statements: ['create table a (x text) strict'] };
    expect(refusedUntouched(() => undefined, [changed]).kind).toBe('refused');
  });

  test('its tables were changed by hand', () => {
    const error = refusedUntouched(() => {
      const database = new DatabaseSync(file);
      database.exec('alter table a add column extra text');
      database.close();
    });
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('by hand') });
  });

  test('it is a database of another program', () => {
    const error = refusedUntouched(() => {
      rmSync(file);
      const database = new DatabaseSync(file);
      database.exec('pragma journal_mode = wal; create table theirs (x)');
      database.close();
    });
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('another program') });
  });

  test('it is no database', () => {
    expect(refusedUntouched(() => writeFileSync(file, 'x'.repeat(10_000))).kind).toBe('corrupt');
  });

  test('it is empty', () => {
    expect(refusedUntouched(() => truncateSync(file, 0)).kind).toBe('corrupt');
  });

  test('it is cut off', () => {
    expect(refusedUntouched(() => truncateSync(file, 4_096 * 3)).kind).toBe('corrupt');
  });

  test('a page is overwritten', () => {
    const error = refusedUntouched(() => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4_096 * 2, 4_096 * 3);
      writeFileSync(file, bytes);
    });
    expect(error.kind).toBe('corrupt');
  });

  test('it is damaged and has the log of a killed process, which stays a log', () => {
    filled();
    const killed = open();
    killed.database.exec('insert into a values (7)');
    const log = readFileSync(`${file}-wal`);
    killed.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096 * 2, 4_096 * 3);
    writeFileSync(file, bytes);
    writeFileSync(`${file}-wal`, log);
    expect(refusal(() => open()).kind).toBe('corrupt');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
  });

  test('a reader finds it older', () => {
    filled();
    expect(refusal(() => open([FIRST, SECOND], true))).toMatchObject({ kind: 'refused' });
  });
});

test('a missing file whose log is there is not made anew', () => {
  writeFileSync(`${file}-wal`, 'rows of a lost database');
  expect(refusal(() => open()).kind).toBe('corrupt');
  expect(existsSync(file)).toBe(false);
});

test('a reader does not create a missing file', () => {
  expect(refusal(() => open([FIRST], true)).kind).toBe('refused');
  expect(existsSync(file)).toBe(false);
});

test('a file deleted or replaced while open is noticed', () => {
  const opened = open();
  opened.assertInPlace();
  copyFileSync(file, `${file}.copy`);
  rmSync(file);
  expect(refusal(() => opened.assertInPlace()).kind).toBe('corrupt');
  copyFileSync(`${file}.copy`, file);
  expect(refusal(() => opened.assertInPlace()).kind).toBe('corrupt');
  opened.close();
});

test('a transaction that throws leaves nothing', () => {
  const { database, close } = open();
  expect(() =>
    transaction(database, () => {
      database.exec('insert into a values (1)');
      throw new Error('midway');
    }),
  ).toThrow('midway');
  expect(database.prepare('select * from a').all()).toEqual([]);
  close();
});

test.each([
  ['3.51.3', true],
  ['3.51.2', false],
  ['3.53.0', true],
  ['4.0.0', true],
  ['3.9.99', false],
])('SQLite %s is late enough: %s', (version, enough) => {
  expect(atLeast(version.split('.').map(Number), [3, 51, 3])).toBe(enough);
});
