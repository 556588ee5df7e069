import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../src/platform/sqlite.ts';
import { systemTime } from '../../src/platform/time.ts';
import { openStore, storeOver, TRADING_MIGRATIONS } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { decision, event, fill, intent, trade } from './store-rows.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function withStore(file: string, work: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore({ file, time: systemTime });
  await work(store);
  await store.close();
}

describe('a store in a file', () => {
  const file = (): string => join(folder, 'trading.db');

  test('S23: everything is there at the next start, and epochs go on rising', async () => {
    await withStore(file(), async (store) => {
      await store.takeEpoch('demo', 1);
      await store.addIntent(intent(), null);
      await store.addFills([fill({ quantity: '0.0005' })]);
      await store.addTrade(trade());
      await store.saveTradingState({ accountId: 'demo', epoch: 1 }, '{}', 1);
    });
    await withStore(file(), async (store) => {
      expect(await store.takeEpoch('demo', 1)).toBe(2);
      expect(await store.openIntents()).toEqual([intent()]);
      expect(await store.lastFillMs()).toBe(1_000);
      expect((await store.listTrades({ limit: 5, cursor: null })).rows).toEqual([
        { ...trade(), funding: null, pnl: null },
      ]);
      expect(await store.loadTradingState('demo')).toBe('{}');
    });
  });

  test('S24: while another process holds the lock an intent is told busy at once, other rows wait for it', async () => {
    await withStore(file(), async (store) => {
      const other = new DatabaseSync(file());
      other.exec('begin immediate');
      await expect(store.addIntent(intent(), null)).rejects.toMatchObject({ kind: 'busy' });
      const waiting = [store.addEvents([event()]), store.addFills([fill()]), store.addTrade(trade())];
      const read = await store.openIntents();
      other.exec('rollback');
      await Promise.all(waiting);
      expect(read).toEqual([]);
      expect((await store.listEvents({ limit: 5, cursor: null })).rows).toHaveLength(1);
      await store.addIntent(intent(), null);
      other.close();
    });
  });

  test('S25: nothing is acknowledged into a file that was deleted while open', async () => {
    const store = openStore({ file: file(), time: systemTime });
    rmSync(file());
    await expect(store.addIntent(intent(), null)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(store.takeEpoch('demo', 1)).rejects.toMatchObject({ kind: 'corrupt' });
    await store.close();
  });

  test('S26: a full disk is told as such, reading goes on, and writing too once there is space', async () => {
    await withStore(file(), async (store) => {
      await store.addIntent(intent(), null);
      await store.addDecisions([decision()]);
    });
    // No disk is filled: SQLite is told that the file may not grow.
    const opened = openSqlite({ file: file(), migrations: TRADING_MIGRATIONS, nowMs: 1 });
    opened.database.exec('pragma max_page_count = 40');
    const limited = storeOver(opened, systemTime);
    const rows = Array.from({ length: 500 }, () => decision({ recordJson: 'x'.repeat(2_000) }));
    await expect(limited.addDecisions(rows)).rejects.toMatchObject({ kind: 'full' });
    expect(await limited.openIntents()).toEqual([intent()]);
    await limited.settleIntent('ib1', 'accepted', '', 2_000);
    await limited.close();
  });

  test('S27: a reader sees what the writer committed and can write nothing', async () => {
    await withStore(file(), async (store) => {
      await store.addIntent(intent(), null);
      const reader = openStore({ file: file(), time: systemTime, readOnly: true });
      expect(await reader.openIntents()).toEqual([intent()]);
      await expect(reader.addEvents([event()])).rejects.toMatchObject({ kind: 'failed' });
      await reader.close();
    });
  });

  test('S28: a damaged file is refused in the port’s words', () => {
    const database = new DatabaseSync(file());
    database.exec('create table theirs (x)');
    database.close();
    expect(() => openStore({ file: file(), time: systemTime })).toThrow(
      expect.objectContaining({ name: 'StoreError', kind: 'refused' }),
    );
  });
});
