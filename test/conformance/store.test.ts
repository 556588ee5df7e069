import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemTime } from '../../src/platform/time.ts';
import type { IntentState } from '../../src/store/intent-row.ts';
import { EVIDENCE_KEPT_MAX } from '../../src/store/queries/intent-evidence.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { HeldLease, Page, PageRequest, Store } from '../../src/store/store.ts';
import { decision, event, fill, intent, trade } from './store-rows.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const places = [
  ['file', () => join(folder, 'trading.db')],
  ['memory', () => ':memory:'],
] as const;

async function withStore(file: string, work: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore({ file, time: systemTime });
  await work(store);
  await store.close();
}

async function heldLease(store: Store, accountId: string): Promise<HeldLease> {
  return { accountId, epoch: await store.takeEpoch(accountId, 1) };
}

/** All rows of a list, page by page; `between` runs after each page. */
async function pagesOf<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  limit: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, cursor });
    rows.push(...page.rows);
    cursor = page.nextCursor;
    await between();
  } while (cursor !== null);
  return rows;
}

describe.each(places)('a store in %s', (_place, fileOf) => {
  test('S1: epochs of an account rise by one, each account by itself', () =>
    withStore(fileOf(), async (store) => {
      const asked = [1, 2, 3].map((nowMs) => store.takeEpoch('a', nowMs));
      expect(await Promise.all(asked)).toEqual([1, 2, 3]);
      expect(await store.takeEpoch('b', 4)).toBe(1);
    }));

  test('S2: an intent is given back as it was added', () =>
    withStore(fileOf(), async (store) => {
      const rows = [
        intent({ clientOrderId: 'a', reduceOnly: true, stopPrice: null, takeProfitPrice: '1e9 is text' }),
        intent({ clientOrderId: 'b', createdMs: 1_700_000_000_123 }),
      ];
      for (const row of rows) await store.addIntent(row, null);
      expect(await store.openIntents()).toEqual(rows);
    }));

  test('S3: an intent’s id is taken once, and the first row stands', () =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent({ quantity: '1' }), null);
      await expect(store.addIntent(intent({ quantity: '2' }), null)).rejects.toMatchObject({
        name: 'StoreError',
        kind: 'conflict',
      });
      expect(await store.openIntents()).toMatchObject([{ quantity: '1' }]);
    }));

  test('S4: of one id added many times at once, one is taken', () =>
    withStore(fileOf(), async (store) => {
      const added = Array.from({ length: 20 }, () => store.addIntent(intent(), null));
      const outcomes = await Promise.allSettled(added);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }));

  test('S5: settling is recorded once and repeating it changes nothing', () =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent(), null);
      await store.settleIntent('ib1', 'accepted', 'order 7', 2_000);
      await store.settleIntent('ib1', 'accepted', 'told again', 3_000);
      expect(await store.openIntents()).toEqual([
        intent({ state: 'accepted', detail: 'order 7', updatedMs: 2_000 }),
      ]);
    }));

  test('S6: settling an intent nobody added is a conflict', () =>
    withStore(fileOf(), async (store) => {
      await expect(store.settleIntent('none', 'filled', '', 1)).rejects.toMatchObject({ kind: 'conflict' });
    }));

  test.each<[IntentState, boolean]>([
    ['prepared', true],
    ['accepted', true],
    ['unknown', true],
    ['filled', false],
    ['cancelled', false],
    ['rejected', false],
    ['not-placed', false],
  ])('S7: an intent that is %s is open: %s', (state, open) =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent(), null);
      await store.settleIntent('ib1', state, '', 2_000);
      expect(await store.openIntents()).toHaveLength(open ? 1 : 0);
    }),
  );

  test('S8: a late acknowledgement does not reopen a filled intent, a late order reopens one not placed', () =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent({ clientOrderId: 'a' }), null);
      expect(await store.settleIntent('a', 'filled', '', 2_000)).toBe('forward');
      expect(await store.settleIntent('a', 'accepted', '', 3_000)).toBe('stale');
      expect(await store.openIntents()).toEqual([]);
      await store.addIntent(intent({ clientOrderId: 'b' }), null);
      await store.settleIntent('b', 'not-placed', '', 2_000);
      expect(await store.settleIntent('b', 'accepted', 'seen', 3_000)).toBe('surprise');
      expect(await store.openIntents()).toMatchObject([
        { clientOrderId: 'b', state: 'accepted', surpriseMs: 3_000 },
      ]);
    }));

  test('S8a: a word that contradicts what is known is left, and kept as evidence', () =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent(), null);
      await store.settleIntent('ib1', 'filled', 'all of it', 2_000);
      expect(await store.settleIntent('ib1', 'unknown', 'no answer', 3_000)).toBe('forbidden');
      const file = await store.intents.find('ib1');
      expect(file?.intent).toMatchObject({ state: 'filled', detail: 'all of it', updatedMs: 2_000 });
      expect(file?.evidence).toMatchObject([{ timeMs: 3_000, kind: 'word' }]);
      expect(JSON.parse(file?.evidence[0]?.evidenceJson ?? '')).toMatchObject({
        was: 'filled',
        told: 'unknown',
      });
    }));

  test('S8b: the newest evidence of an intent is kept, up to the bound, oldest first', () =>
    withStore(fileOf(), async (store) => {
      await store.addIntent(intent(), null);
      await store.intents.noteValidity('ib1', 7_000);
      for (let timeMs = 1; timeMs <= EVIDENCE_KEPT_MAX + 3; timeMs += 1)
        await store.intents.addEvidence({ clientOrderId: 'ib1', timeMs, kind: 'lookup', evidenceJson: '{}' });
      await store.intents.addEvidence({
        clientOrderId: 'ib2',
        timeMs: 1,
        kind: 'lookup',
        evidenceJson: '{}',
      });
      const file = await store.intents.find('ib1');
      expect(file?.intent.validUntilMs).toBe(7_000);
      expect(file?.evidence.map(({ timeMs }) => timeMs)).toEqual(
        Array.from({ length: EVIDENCE_KEPT_MAX }, (_, index) => index + 4),
      );
      expect(await store.intents.find('ib3')).toBeNull();
    }));

  test('S8c: intents are listed newest first, page by page, of one state or one instrument', () =>
    withStore(fileOf(), async (store) => {
      for (const name of ['a', 'b', 'c', 'd'])
        await store.addIntent(
          intent({ clientOrderId: name, instrumentId: name === 'b' ? 'ETHUSDT' : 'BTCUSDT' }),
          null,
        );
      await store.settleIntent('c', 'unknown', '', 2_000);
      const first = await store.intents.list({ limit: 3, cursor: null });
      expect(first.rows.map((row) => row.clientOrderId)).toEqual(['d', 'c', 'b']);
      expect(first.rows[0]).toEqual(intent({ clientOrderId: 'd' }));
      const rest = await store.intents.list({ limit: 3, cursor: first.nextCursor });
      expect(rest).toMatchObject({ rows: [{ clientOrderId: 'a' }], nextCursor: null });
      const unknown = await store.intents.list({ limit: 3, cursor: null, state: 'unknown' });
      expect(unknown.rows.map((row) => row.clientOrderId)).toEqual(['c']);
      const eth = await store.intents.list({ limit: 3, cursor: null, instrumentId: 'ETHUSDT' });
      expect(eth.rows.map((row) => row.clientOrderId)).toEqual(['b']);
      await expect(store.intents.list({ limit: 3, cursor: 'x' })).rejects.toMatchObject({ kind: 'cursor' });
    }));

  test('S9: open intents come oldest first', () =>
    withStore(fileOf(), async (store) => {
      for (const createdMs of [30, 10, 20]) {
        await store.addIntent(intent({ clientOrderId: `i${String(createdMs)}`, createdMs }), null);
      }
      expect((await store.openIntents()).map((row) => row.createdMs)).toEqual([10, 20, 30]);
    }));

  test('S10: fills are kept once by their id, within a call and between calls', () =>
    withStore(fileOf(), async (store) => {
      expect(await store.lastFillMs()).toBeNull();
      const first = [
        fill({ fillId: 'a', timeMs: 10 }),
        fill({ fillId: 'b', timeMs: 30 }),
        fill({ fillId: 'a' }),
      ];
      expect(await store.addFills(first)).toEqual(['a', 'b']);
      const second = [fill({ fillId: 'b', timeMs: 99 }), fill({ fillId: 'c', timeMs: 20 })];
      expect(await store.addFills(second)).toEqual(['c']);
      expect(await store.lastFillMs()).toBe(30);
      expect(await store.addFills([])).toEqual([]);
    }));

  test('S11: whatever the order and repetition, the fills told as fresh are the distinct ones', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 12 }))), (calls) =>
        withStore(':memory:', async (store) => {
          const told: string[] = [];
          for (const ids of calls) {
            told.push(...(await store.addFills(ids.map((id) => fill({ fillId: `f${String(id)}` })))));
          }
          expect(told).toEqual([...new Set(calls.flat())].map((id) => `f${String(id)}`));
        }),
      ),
      { numRuns: 30 },
    ));

  test('S12: the trading state of an account is the one saved last', () =>
    withStore(fileOf(), async (store) => {
      expect(await store.loadTradingState('a')).toBeNull();
      expect(await store.newestAccount()).toBeNull();
      const [a, b] = [await heldLease(store, 'a'), await heldLease(store, 'b')];
      await store.saveTradingState(a, '{"v":1}', 1);
      await store.saveTradingState(a, '{"v":2,"text":"Ω \\u0000"}', 2);
      expect(await store.newestAccount()).toBe('a');
      await store.saveTradingState(b, '{}', 3);
      expect(await store.newestAccount()).toBe('b');
      expect(await store.loadTradingState('a')).toBe('{"v":2,"text":"Ω \\u0000"}');
    }));

  test('S13: a closed position is kept once and given back as it was', () =>
    withStore(fileOf(), async (store) => {
      await store.addTrade(trade());
      await store.addTrade(trade({ tradedPnl: '999' }));
      await store.addTrade(trade({ tradeId: 't2', entryRsi: null, closedMs: 3_000 }));
      const page = await store.listTrades({ limit: 10, cursor: null });
      expect(page).toEqual({
        rows: [trade({ tradeId: 't2', entryRsi: null, closedMs: 3_000 }), trade()].map((row) => {
          return { ...row, funding: null, pnl: null };
        }),
        nextCursor: null,
      });
    }));

  test('S13b: one that is closed again with more executions takes the place of the first, with the same row', () =>
    withStore(fileOf(), async (store) => {
      const [first, last] = trade().steps;
      if (first === undefined || last === undefined) throw new Error('It has two steps.');
      const rung = { fillId: 'f3', timeMs: 1_500, held: '0.002' };
      const whole = trade({ quantity: '0.002', tradedPnl: '4', steps: [first, rung, last] });
      await store.addTrade(trade());
      await store.addTrade(trade({ tradeId: 't2', closedMs: 3_000 }));
      await store.addTrade(whole);
      await store.addTrade(trade());
      await store.addTrade(trade({ ...whole, steps: [first, { ...rung, fillId: null }, last] }));
      const { rows } = await store.listTrades({ limit: 10, cursor: null });
      expect(rows.map(({ tradeId, tradedPnl }) => [tradeId, tradedPnl])).toEqual([
        ['t2', '5.9307'],
        ['t1', '4'],
      ]);
      expect(rows[1]?.steps).toEqual(whole.steps);
    }));

  test('S14: pages of closed positions, newest close first, stay whole while others are added', () =>
    withStore(fileOf(), async (store) => {
      const expected: string[] = [];
      for (let i = 0; i < 23; i += 1) {
        // Groups of three close at the same time; within one the later added stands first.
        await store.addTrade(trade({ tradeId: `t${String(i)}`, closedMs: 1_000 + Math.floor(i / 3) }));
        expected.unshift(`t${String(i)}`);
      }
      let added = 0;
      const rows = await pagesOf(
        (page) => store.listTrades(page),
        4,
        async () => {
          added += 1;
          await store.addTrade(trade({ tradeId: `late${String(added)}`, closedMs: 9_000 }));
        },
      );
      expect(rows.map((row) => row.tradeId)).toEqual(expected);
    }));

  test('S15: pages of decisions and events, newest first, stay whole while others are added', () =>
    withStore(fileOf(), async (store) => {
      await store.addDecisions(Array.from({ length: 250 }, (_, i) => decision({ timeMs: i })));
      const more = () => store.addDecisions([decision({ timeMs: 9_999 })]);
      const rows = await pagesOf((page) => store.listDecisions(page), 100, more);
      expect(rows.map((row) => row.timeMs)).toEqual(Array.from({ length: 250 }, (_, i) => 249 - i));
      await store.addEvents([event({ timeMs: 1 }), event({ timeMs: 2 }), event({ timeMs: 3 })]);
      const events = await pagesOf(
        (page) => store.listEvents(page),
        1,
        () => store.addEvents([event()]),
      );
      expect(events.map((row) => row.timeMs)).toEqual([3, 2, 1]);
      expect(new Set(events.map((row) => row.id)).size).toBe(3);
    }));

  test('S16: decisions and events of one instrument, or of one outcome, are found among the others', () =>
    withStore(fileOf(), async (store) => {
      const ids = ['AUSDT', 'BUSDT', 'CUSDT'];
      await store.addDecisions(
        Array.from({ length: 30 }, (_, i) => decision({ timeMs: i, instrumentId: ids[i % 3] ?? '' })),
      );
      const list = (page: PageRequest) => store.listDecisions({ ...page, instrumentId: 'BUSDT' });
      expect((await pagesOf(list, 3)).map((row) => row.timeMs)).toEqual([
        28, 25, 22, 19, 16, 13, 10, 7, 4, 1,
      ]);
      await store.addDecisions([
        decision({ timeMs: 40, instrumentId: 'BUSDT', outcome: 'refused' }),
        decision({ timeMs: 41, instrumentId: 'CUSDT', outcome: 'refused' }),
      ]);
      const refused = (page: PageRequest) => store.listDecisions({ ...page, outcome: 'refused' });
      expect((await pagesOf(refused, 1)).map((row) => row.timeMs)).toEqual([41, 40]);
      const both = { limit: 9, cursor: null, outcome: 'refused', instrumentId: 'BUSDT' };
      expect((await store.listDecisions(both)).rows.map((row) => row.timeMs)).toEqual([40]);
      await store.addEvents([event({ instrumentId: 'AUSDT', severity: 'critical' }), event()]);
      const events = await store.listEvents({ limit: 9, cursor: null, instrumentId: 'AUSDT' });
      expect(events.rows).toMatchObject([event({ instrumentId: 'AUSDT', severity: 'critical' })]);
    }));

  test('S17: pruning drops what is older than asked, nothing else, and ids are not given again', () =>
    withStore(fileOf(), async (store) => {
      await store.addDecisions(Array.from({ length: 2_500 }, (_, i) => decision({ timeMs: i })));
      await store.addEvents([event({ timeMs: 10 }), event({ timeMs: 20 })]);
      const newest = (await store.listDecisions({ limit: 1, cursor: null })).rows[0]?.id ?? 0;
      expect(await store.prune({ decisionsMs: 2_490, eventsMs: 20 })).toBe(2_491);
      expect((await store.listDecisions({ limit: 500, cursor: null })).rows.map((row) => row.timeMs)).toEqual(
        Array.from({ length: 10 }, (_, i) => 2_499 - i),
      );
      expect((await store.listEvents({ limit: 9, cursor: null })).rows).toHaveLength(1);
      await store.prune({ decisionsMs: 9_999, eventsMs: 0 });
      await store.addDecisions([decision()]);
      expect((await store.listDecisions({ limit: 1, cursor: null })).rows[0]?.id).toBe(newest + 1);
    }));

  test('S18: settings are numbered from one and the latest is given', () =>
    withStore(fileOf(), async (store) => {
      expect(await store.latestSettings()).toBeNull();
      const row = { settingsJson: '{}', author: 'owner', reason: 'first', createdMs: 5 };
      expect(await store.addSettings(row)).toBe(1);
      expect(await store.addSettings({ ...row, reason: 'second' })).toBe(2);
      expect(await store.latestSettings()).toEqual({ ...row, reason: 'second', version: 2 });
    }));

  test('S19: a page has 1 to 500 rows and a cursor of its own list', () =>
    withStore(fileOf(), async (store) => {
      for (const limit of [0, 501, 1.5]) {
        await expect(store.listTrades({ limit, cursor: null })).rejects.toThrow('1 to 500');
      }
      for (const cursor of ['', 'x', '1; drop table trade', '-1']) {
        await expect(store.listTrades({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'cursor' });
        await expect(store.listEvents({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'cursor' });
        await expect(store.listDecisions({ limit: 1, cursor })).rejects.toMatchObject({ kind: 'cursor' });
      }
    }));

  test('S21: a batch is kept whole or not at all', () =>
    withStore(fileOf(), async (store) => {
      const rows = Array.from({ length: 250 }, () => decision());
      // A record that is no text is refused by the database, in the last statement of three.
      const broken = { ...decision(), recordJson: null as unknown as string };
      await expect(store.addDecisions([...rows, broken])).rejects.toMatchObject({ name: 'StoreError' });
      expect((await store.listDecisions({ limit: 1, cursor: null })).rows).toEqual([]);
      await store.addDecisions(rows);
    }));

  test('S22: closing waits for what is under way, and a closed store says so', async () => {
    const store = openStore({ file: fileOf(), time: systemTime });
    const pending = store.addDecisions([decision()]);
    const closed = store.close();
    await pending;
    await closed;
    await store.close();
    await expect(store.openIntents()).rejects.toMatchObject({ name: 'StoreError', kind: 'failed' });
  });
});
