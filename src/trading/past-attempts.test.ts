import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { IntentRow } from '../store/intent-row.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import type { Store } from '../store/store.ts';
import { pastAttempts } from './past-attempts.ts';

const HOUR_MS = 3_600_000;
/** A quarter past a full hour. */
const NOW_MS = Date.UTC(2026, 0, 1, 13, 15);
const terms = { accountId: 'demo', nowMs: NOW_MS, timeframe: '1h' } as const;

let store: Store;
beforeEach(() => {
  store = openStore({ file: ':memory:', time: new VirtualTime(NOW_MS) });
});
afterEach(() => store.close());

async function add(clientOrderId: string, changes: Partial<IntentRow>): Promise<void> {
  const order = { side: 'buy', direction: 'long', purpose: 'entry', quantity: '1', reduceOnly: false };
  const prices = { stopPrice: '90', takeProfitPrice: null, leverage: 1, referencePrice: '100' };
  const seen = { timeframe: '1h', entryRsi: null, entryTrend: null, ladderId: null };
  const row = { clientOrderId, accountId: 'demo', instrumentId: 'BTCUSDT', ...order, ...prices, ...seen };
  const fate = { state: 'prepared', detail: '', updatedMs: 0, validUntilMs: null, surpriseMs: null } as const;
  await store.addIntent({ ...row, ...fate, createdMs: NOW_MS, ...changes }, null);
}

describe('the candles that entries were journaled on', () => {
  it('are those that had just closed', async () => {
    await add('a', { createdMs: NOW_MS - 10_000 });
    await add('b', { createdMs: NOW_MS - 70 * 60_000, instrumentId: 'ETHUSDT' });
    expect(await pastAttempts(store, terms)).toEqual(
      new Map([
        ['BTCUSDT', Date.UTC(2026, 0, 1, 12)],
        ['ETHUSDT', Date.UTC(2026, 0, 1, 11)],
      ]),
    );
  });

  it('are the next ones of a clock that may be some seconds behind', async () => {
    const nowMs = Date.UTC(2026, 0, 1, 13, 0, 1);
    await add('a', { createdMs: nowMs - 3_000 });
    const attempts = await pastAttempts(store, { ...terms, nowMs });
    expect([...attempts]).toEqual([['BTCUSDT', Date.UTC(2026, 0, 1, 12)]]);
  });

  it('are the newest of each instrument, whatever became of the entry', async () => {
    await add('a', { createdMs: NOW_MS - 2 * HOUR_MS });
    await add('b', { createdMs: NOW_MS - 10 });
    await store.settleIntent('b', 'not-placed', '', NOW_MS);
    expect((await pastAttempts(store, terms)).get('BTCUSDT' as never)).toBe(Date.UTC(2026, 0, 1, 12));
  });

  it('leave out exits, further rungs, other accounts, the far past and what is dated ahead', async () => {
    await add('a', { reduceOnly: true });
    await add('b', { ladderId: 'a' });
    await add('c', { accountId: 'other' });
    await add('d', { createdMs: NOW_MS - 3 * HOUR_MS });
    await add('e', { createdMs: NOW_MS + HOUR_MS });
    expect((await pastAttempts(store, terms)).size).toBe(0);
  });
});
