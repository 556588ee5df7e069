import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochFloor } from '../../src/core/engine/client-order-id.ts';
import { openSqlite } from '../../src/platform/sqlite.ts';
import { systemTime } from '../../src/platform/time.ts';
import { openStore, storeOver, TRADING_MIGRATIONS } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { fill, intent, trade } from './store-rows.ts';

const NOW_MS = Date.UTC(2026, 10, 23);

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore({ file: ':memory:', time: systemTime });
  await work(store);
  await store.close();
}

describe('the lease of an account in a store', () => {
  test('S29: a database restored from a backup gives no epoch that was in use after the backup', async () => {
    const stepsMs = fc.array(fc.integer({ min: 1_000, max: 400 * 86_400_000 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(stepsMs, fc.nat({ max: 7 }), async (steps, kept) => {
        const used: number[] = [];
        const backup = openStore({ file: ':memory:', time: systemTime });
        const lived = openStore({ file: ':memory:', time: systemTime });
        let nowMs = NOW_MS;
        for (const [index, stepMs] of steps.entries()) {
          nowMs += stepMs;
          used.push(await lived.takeEpoch('demo', nowMs));
          if (index < kept) await backup.takeEpoch('demo', nowMs);
        }
        const restored = await backup.takeEpoch('demo', nowMs + 1_000);
        expect(used).not.toContain(restored);
        expect(restored).toBeGreaterThan(Math.max(...used));
        await Promise.all([backup.close(), lived.close()]);
      }),
      { numRuns: 20 },
    );
  });

  test('S30: epochs rise although the clock was set back', () =>
    withStore(async (store) => {
      const first = await store.takeEpoch('demo', NOW_MS);
      expect(first).toBe(epochFloor(NOW_MS));
      expect(await store.takeEpoch('demo', NOW_MS - 86_400_000)).toBe(first + 1);
      expect(await store.takeEpoch('demo', NOW_MS)).toBe(first + 2);
    }));

  test('S31: an entry is journaled under the newest epoch alone, an exit always', () =>
    withStore(async (store) => {
      const old = await store.takeEpoch('demo', NOW_MS);
      await store.addIntent(intent({ clientOrderId: 'a' }), old);
      const next = await store.takeEpoch('demo', NOW_MS);
      await expect(store.addIntent(intent({ clientOrderId: 'b' }), old)).rejects.toMatchObject({
        kind: 'lease-lost',
        message: expect.stringContaining(String(next)),
      });
      await store.addIntent(intent({ clientOrderId: 'c', reduceOnly: true }), null);
      await store.addIntent(intent({ clientOrderId: 'd' }), next);
      expect((await store.openIntents()).map((row) => row.clientOrderId)).toEqual(['a', 'c', 'd']);
      const elsewhere = intent({ clientOrderId: 'e', accountId: 'other' });
      await expect(store.addIntent(elsewhere, next)).rejects.toMatchObject({ kind: 'lease-lost' });
    }));

  test('S32: a trading state of an older epoch never replaces that of the newest', () =>
    withStore(async (store) => {
      const old = { accountId: 'demo', epoch: await store.takeEpoch('demo', NOW_MS) };
      await store.saveTradingState(old, '"old"', 1);
      const next = { accountId: 'demo', epoch: await store.takeEpoch('demo', NOW_MS) };
      await store.saveTradingState(next, '"new"', 2);
      await expect(store.saveTradingState(old, '"old"', 3)).rejects.toMatchObject({ kind: 'lease-lost' });
      expect(await store.loadTradingState('demo')).toBe('"new"');
    }));

  test('S33: the last entries are the newest of each instrument that may have been carried out', () =>
    withStore(async (store) => {
      const add = async (id: string, changes: Parameters<typeof intent>[0]): Promise<void> => {
        await store.addIntent(intent({ clientOrderId: id, ...changes }), null);
      };
      await add('a1', { createdMs: 1 });
      await add('a2', { createdMs: 2 });
      await add('a3', { createdMs: 3, reduceOnly: true, purpose: 'stop-loss' });
      await add('a4', { createdMs: 4 });
      await add('b1', { createdMs: 1, instrumentId: 'ETHUSDT' });
      await add('c1', { createdMs: 9, accountId: 'other' });
      await store.settleIntent('a2', 'filled', '', 5);
      await store.settleIntent('a4', 'not-placed', '', 5);
      await store.settleIntent('b1', 'cancelled', '', 5);
      expect((await store.lastEntries('demo')).map((row) => row.clientOrderId)).toEqual(['b1', 'a2']);
    }));

  test('S33b: the last entry of an instrument that was a rung brings all rungs of its ladder', () =>
    withStore(async (store) => {
      const rung = async (id: string, createdMs: number, ladderId: string | null): Promise<void> => {
        await store.addIntent(intent({ clientOrderId: id, createdMs, ladderId }), null);
      };
      const ids = async (): Promise<string[]> =>
        (await store.lastEntries('demo')).map((row) => row.clientOrderId);
      await rung('a1', 1, null);
      await rung('b1', 2, 'b1');
      await rung('b2', 3, 'b1');
      await rung('b3', 4, 'b1');
      await store.settleIntent('b2', 'rejected', '', 5);
      expect(await ids()).toEqual(['b1', 'b3']);
      // As a version did that kept no executions of a closed position: nothing tells what was part of it.
      await store.addTrade(trade({ tradeId: 'b1-f1', steps: [] }));
      expect(await ids()).toEqual([]);
    }));

  test('S33c: a rung that may have filled after its position was over is a last entry, with what that had', () =>
    withStore(async (store) => {
      const rung = async (id: string, state: 'accepted' | 'filled' | 'cancelled'): Promise<void> => {
        await store.addIntent(intent({ clientOrderId: id, ladderId: 'b1', quantity: '0.2' }), null);
        await store.settleIntent(id, state, '', 5);
      };
      await rung('b1', 'filled');
      await rung('b2', 'accepted');
      await rung('b3', 'accepted');
      await rung('b4', 'cancelled');
      const booked = [fill({ fillId: 'f1', clientOrderId: 'b1', quantity: '0.2' })];
      const partly = [fill({ fillId: 'f2', clientOrderId: 'b2', quantity: '0.05' })];
      const later = [fill({ fillId: 'f3', clientOrderId: 'b2', quantity: '0.15' })];
      await store.addFills([...booked, ...partly, ...later]);
      const steps = ['f1', 'f2', 'by-hand'].map((fillId) => ({ fillId, timeMs: 1, held: '0' }));
      await store.addTrade(trade({ tradeId: 'b1-f1', steps }));
      const last = await store.lastEntries('demo');
      const fillIds = ['f1', 'f2', 'by-hand'];
      expect(last.map(({ clientOrderId, over }) => [clientOrderId, over])).toEqual([
        ['b2', { quantity: '0.05', fillIds }],
        ['b3', { quantity: '0', fillIds }],
      ]);
    }));

  test('S34: a journal written before entries said what they were decided on is migrated with its rows', async () => {
    const [first, second] = TRADING_MIGRATIONS;
    const file = openSqlite({ file: ':memory:', migrations: [first, second], nowMs: 1 });
    file.database.exec(
      `insert into "intent" values ('ib1', 'demo', 'BTCUSDT', 'buy', 'long', 'entry', '0.1', 0, '85', null, 'filled', '', 1, 1)`,
    );
    for (const { statements } of TRADING_MIGRATIONS.slice(2))
      for (const text of statements) file.database.exec(text);
    const store = storeOver(file, systemTime);
    expect(await store.lastEntries('demo')).toMatchObject([
      { clientOrderId: 'ib1', timeframe: null, leverage: null },
    ]);
    await store.close();
  });
});
