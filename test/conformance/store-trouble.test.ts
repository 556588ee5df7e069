import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../src/platform/sqlite.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { openStore, storeOver, TRADING_MIGRATIONS } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { decision, event, fill, intent, trade } from './store-rows.ts';

let folder = '';
let time = new VirtualTime(1_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-store-'));
  time = new VirtualTime(1_000);
});
afterEach(() => rmSync(folder, { recursive: true }));

const exit = (clientOrderId: string) => intent({ clientOrderId, reduceOnly: true });

/** Each as `done` or the kind of its failure, as it ended; what has not ended is missing. */
function watched(work: Readonly<Record<string, Promise<unknown>>>): Readonly<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const [name, promise] of Object.entries(work)) {
    promise.then(
      () => {
        ends[name] = 'done';
      },
      (error: { kind: string }) => {
        ends[name] = error.kind;
      },
    );
  }
  return ends;
}

describe('a database that another program has locked for 30 s', () => {
  async function locked(work: (store: Store, lock: DatabaseSync) => Promise<void>): Promise<void> {
    const file = join(folder, 'trading.db');
    const store = openStore({ file, time });
    const lock = new DatabaseSync(file);
    lock.exec('begin exclusive');
    await work(store, lock);
    lock.close();
    await store.close();
  }

  test('S40: an entry is told at once; what tells of exits and fills waits, in order, and is stored', () =>
    locked(async (store, lock) => {
      const entry = store.addIntent(intent({ clientOrderId: 'entry' }), null);
      const kept = [
        store.addIntent(exit('exit'), null),
        store.settleIntent('exit', 'filled', '', 2_000),
        store.addFills([fill()]),
      ];
      const decisions = store.addDecisions([decision()]);
      const ends = watched({ entry, decisions, kept: Promise.all(kept) });
      await time.advance(1);
      expect(ends).toEqual({ entry: 'busy' });
      await time.advance(30_000);
      expect(ends).toEqual({ entry: 'busy', decisions: 'busy' });
      lock.exec('rollback');
      await time.advance(1_000);
      await Promise.all(kept);
      expect(await store.openIntents()).toEqual([]);
      expect(await store.lastFillMs()).toBe(1_000);
    }));

  test('S41: it is a fault after a second, and none once something was written again', () =>
    locked(async (store, lock) => {
      const saving = watched({ events: store.addEvents([event()]) });
      await time.advance(900);
      expect(store.fault()).toBeNull();
      await time.advance(600);
      expect(saving).toEqual({ events: 'busy' });
      expect(store.fault()).toContain('locked');
      await store.tend();
      expect(store.fault()).toContain('locked');
      lock.exec('rollback');
      expect(store.fault()).toContain('locked');
      await store.tend();
      expect(store.fault()).toBeNull();
    }));

  test('S42: the end does not wait for the lock', () =>
    locked(async (store) => {
      const ends = watched({ exit: store.addIntent(exit('exit'), null), end: store.close() });
      await time.advance(1_000);
      expect(ends).toEqual({ exit: 'busy', end: 'done' });
    }));
});

describe('a full disk', () => {
  /** No disk is filled: SQLite is told that the file may not grow, and by how much the room lets it. */
  async function full(work: (store: Store, disk: { hasSpace: boolean }) => Promise<void>): Promise<void> {
    const opened = openSqlite({
      file: join(folder, 'trading.db'),
      migrations: TRADING_MIGRATIONS,
      nowMs: 1,
    });
    const disk = { hasSpace: false };
    let held = true;
    const pages = (count: number): void => opened.database.exec(`pragma max_page_count = ${count}`);
    const { page_count: count } = opened.database.prepare('pragma page_count').get() ?? {};
    pages(Number(count) + 5);
    const store = storeOver(opened, time, {
      isHeld: () => held,
      release: () => {
        const released = held;
        held = false;
        pages(Number(count) + 50);
        return released;
      },
      restore: async () => {
        held ||= disk.hasSpace;
        if (disk.hasSpace) pages(1_000_000);
        return held;
      },
    });
    await work(store, disk);
    await store.close();
  }
  const large = () => Array.from({ length: 100 }, () => decision({ recordJson: 'x'.repeat(2_000) }));

  test('S43: the room is given up for what protects positions, and for nothing else', () =>
    full(async (store) => {
      await expect(store.addDecisions(large())).rejects.toMatchObject({ kind: 'full' });
      expect(store.fault()).toContain('disk is full');
      await store.addIntent(exit('exit'), null);
      await store.settleIntent('exit', 'filled', '', 2_000);
      await store.addFills([fill()]);
      await store.addTrade(trade());
      await store.takeEpoch('demo', 1);
      await store.saveTradingState({ accountId: 'demo', epoch: 1 }, 'x'.repeat(20_000), 1);
      await store.addEvents([event()]);
      await expect(store.addIntent(intent({ clientOrderId: 'entry' }), null)).rejects.toMatchObject({
        kind: 'full',
      });
      await expect(store.addDecisions([decision()])).rejects.toMatchObject({ kind: 'full' });
      expect(store.fault()).toContain('disk is full');
    }));

  test('S44: a state that fills the disk is saved in the room', () =>
    full(async (store) => {
      await store.takeEpoch('demo', 1);
      await store.saveTradingState({ accountId: 'demo', epoch: 1 }, 'x'.repeat(60_000), 1);
      expect(await store.loadTradingState('demo')).toHaveLength(60_000);
      expect(store.fault()).toContain('disk is full');
    }));

  test('S45: it is over when the room is set aside again', () =>
    full(async (store, disk) => {
      await expect(store.addDecisions(large())).rejects.toMatchObject({ kind: 'full' });
      await store.tend();
      expect(store.fault()).not.toBeNull();
      disk.hasSpace = true;
      await store.tend();
      expect(store.fault()).toBeNull();
      await store.addDecisions(large());
      await store.addIntent(intent({ clientOrderId: 'entry' }), null);
    }));
});
