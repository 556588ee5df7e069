import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDatabase } from './database-copy.ts';

test('a database that cannot be opened was not looked at, which is not called damage; a missing one was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-check-'));
  const [unopened, missing] = [checkDatabase(folder, []), checkDatabase(join(folder, 'none.db'), [])];
  rmSync(folder, { recursive: true });
  expect(unopened).toMatchObject({ looked: false, faults: [expect.stringContaining('not be looked at')] });
  expect(missing).toMatchObject({ looked: true, faults: ['It does not exist.'] });
});
