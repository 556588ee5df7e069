import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyDatabase } from './database-copy.ts';
import { DatabaseError } from './database-error.ts';
import { swapDatabase } from './database-swap.ts';
import { openSqlite } from './sqlite.ts';

const MIGRATIONS = [{ number: 1, name: 'a', statements: ['create table a (x integer) strict'] }];
const STEPS = 5;

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-swap-'));
  file = join(folder, 'x.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The row of the database as the service that writes it would find it, or why it refuses. */
function found(path: string): number | string {
  try {
    const { database, close } = openSqlite({ file: path, migrations: MIGRATIONS, nowMs: 1 });
    const row = database.prepare('select x from a').get();
    close();
    return Number(row?.['x'] ?? -1);
  } catch (error) {
    if (error instanceof DatabaseError) return error.kind;
    throw error;
  }
}

function write(path: string, x: number): void {
  const { database, close } = openSqlite({ file: path, migrations: MIGRATIONS, nowMs: 1 });
  database.exec(`insert into a values (${x})`);
  close();
}

/** A database whose row stands in its log alone, as a killed process leaves it. */
function writeAndDie(path: string, x: number): void {
  const source = join(folder, 'source.db');
  const { database, close } = openSqlite({ file: source, migrations: MIGRATIONS, nowMs: 1 });
  database.exec('pragma wal_checkpoint(truncate)');
  database.exec('pragma wal_autocheckpoint = 0');
  database.exec(`insert into a values (${x})`);
  for (const suffix of ['', '-wal']) {
    // While it is open: closing would fold the log in.
    copyFileSync(`${source}${suffix}`, `${path}${suffix}`);
  }
  close();
}

async function freshCopy(x: number): Promise<string> {
  const other = join(folder, 'other.db');
  write(other, x);
  const fresh = join(folder, 'fresh.db');
  await copyDatabase(other, fresh);
  return fresh;
}

describe.each([
  ['that was closed', write],
  ['of a killed process', writeAndDie],
])('swapping a database %s', (_what, make) => {
  test.each([0, 1, 2, 3, 4, 5])(
    'cut off after step %i leaves the old, the fresh, or one that nobody opens; asked again it is done',
    async (steps) => {
      make(file, 1);
      const fresh = await freshCopy(2);
      const aside = join(folder, 'aside');
      const swap = swapDatabase(file, fresh, aside);
      for (let step = 0; step < steps; step += 1) swap.next();
      const expected = steps < 3 ? 1 : 'corrupt';
      if (steps < STEPS) {
        expect(found(file)).toBe(expected);
        for (const _step of swapDatabase(file, fresh, join(folder, 'aside-again')));
      }
      expect(found(file)).toBe(2);
      const kept = readdirSync(folder)
        .filter((name) => name.startsWith('aside'))
        .map((name) => join(folder, name, 'x.db'))
        .filter((path) => existsSync(path));
      expect(kept.map(found)).toContain(1);
    },
  );
});

test('swapping into an empty place', async () => {
  const fresh = await freshCopy(2);
  for (const _step of swapDatabase(file, fresh, join(folder, 'aside')));
  expect(found(file)).toBe(2);
});
