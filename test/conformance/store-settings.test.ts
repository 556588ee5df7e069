import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import type { SqlStore } from '../../src/store/sql-store.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';

let store: SqlStore;
beforeEach(async () => {
  store = openStore({ file: ':memory:', time: new VirtualTime(1) });
  for (const reason of ['first', 'second', 'third']) {
    await store.addSettings({ settingsJson: `"${reason}"`, author: 'maria', reason, createdMs: 9 });
  }
});
afterEach(() => store.close());

it('versions of the settings are listed newest first, page by page', async () => {
  const first = await store.listSettings({ limit: 2, cursor: null });
  expect(first.rows.map(({ version, reason }) => [version, reason])).toEqual([
    [3, 'third'],
    [2, 'second'],
  ]);
  const second = await store.listSettings({ limit: 2, cursor: first.nextCursor });
  expect(second).toEqual({
    rows: [{ version: 1, settingsJson: '"first"', author: 'maria', reason: 'first', createdMs: 9 }],
    nextCursor: null,
  });
  await expect(store.listSettings({ limit: 2, cursor: 'x' })).rejects.toMatchObject({ kind: 'cursor' });
});

it('a version of the settings is read by its number, and one that is not there is null', async () => {
  expect((await store.settingsVersion(2))?.reason).toBe('second');
  expect(await store.settingsVersion(4)).toBeNull();
});
