import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import type { DifferenceRow } from '../../src/store/difference-row.ts';
import type { FillRow } from '../../src/store/fill-row.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';

const ROW: DifferenceRow = {
  accountId: 'a',
  differenceId: 'd1',
  kind: 'position-foreign',
  scope: 'position',
  about: 'BTCUSDT',
  instrumentId: 'BTCUSDT',
  ours: 'none',
  theirs: 'long 1',
  firstMs: 1_000,
  lastMs: 1_000,
  endedMs: null,
  resolution: null,
  evidence: '',
  fillIdsJson: '[]',
  explanation: 'The exchange holds it.',
  action: 'Adopt it.',
};

const FILL: FillRow = {
  fillId: 'f1',
  clientOrderId: 'ib1',
  exchangeOrderId: 'x1',
  instrumentId: 'BTCUSDT',
  side: 'buy',
  price: '100',
  quantity: '1',
  fee: '0.05',
  maker: true,
  cause: 'user',
  timeMs: 1_000,
};

function memoryStore() {
  return openStore({ file: ':memory:', time: new VirtualTime(0) });
}

describe('differences in the store', () => {
  it('are replaced by their id, and open until they have ended', async () => {
    const { differences } = memoryStore();
    await differences.save(ROW);
    await differences.save({ ...ROW, accountId: 'b' });
    await differences.save({ ...ROW, theirs: 'long 2', lastMs: 2_000 });
    expect(await differences.open('a')).toEqual([{ ...ROW, theirs: 'long 2', lastMs: 2_000 }]);
    const ended = { ...ROW, endedMs: 3_000, resolution: 'fills', evidence: 'By f1.' };
    await differences.save(ended);
    expect(await differences.open('a')).toEqual([]);
    const { rows } = await differences.list({ accountId: 'a', limit: 10, cursor: null });
    expect(rows).toEqual([ended]);
  });

  it('are listed newest first, page by page, of one kind, one instrument, open or ended', async () => {
    const { differences } = memoryStore();
    const ids = ['d1', 'd2', 'd3'];
    for (const differenceId of ids) await differences.save({ ...ROW, differenceId });
    await differences.save({
      ...ROW,
      differenceId: 'd4',
      kind: 'stop-missing',
      instrumentId: 'ETHUSDT',
      endedMs: 9,
    });
    const listed = async (filter: object, cursor: string | null = null) => {
      const page = await differences.list({ accountId: 'a', limit: 2, cursor, ...filter });
      return { ids: page.rows.map(({ differenceId }) => differenceId), next: page.nextCursor };
    };
    const first = await listed({});
    expect(first.ids).toEqual(['d4', 'd3']);
    expect(await listed({}, first.next)).toEqual({ ids: ['d2', 'd1'], next: null });
    expect((await listed({ kind: 'stop-missing' })).ids).toEqual(['d4']);
    expect((await listed({ instrumentId: 'BTCUSDT' })).ids).toEqual(['d3', 'd2']);
    expect((await listed({ isOpen: false })).ids).toEqual(['d4']);
    await expect(listed({}, 'x')).rejects.toMatchObject({ kind: 'cursor' });
  });

  it('that have ended are dropped beyond the newest, open ones never', async () => {
    const { differences } = memoryStore();
    await differences.save(ROW);
    for (const differenceId of ['e1', 'e2', 'e3'])
      await differences.save({ ...ROW, differenceId, endedMs: 5 });
    expect(await differences.prune('a', 1)).toBe(2);
    const { rows } = await differences.list({ accountId: 'a', limit: 10, cursor: null });
    expect(rows.map(({ differenceId }) => differenceId)).toEqual(['e3', 'd1']);
  });
});

describe('fills in the store', () => {
  it('are listed newest first, page by page, of one instrument and one order', async () => {
    const store = memoryStore();
    await store.addFills([
      FILL,
      { ...FILL, fillId: 'f2', timeMs: 3_000, clientOrderId: null },
      { ...FILL, fillId: 'f3', timeMs: 3_000, instrumentId: 'ETHUSDT', maker: false },
    ]);
    const listed = async (filter: object, cursor: string | null = null) => {
      const page = await store.fills.list({ limit: 2, cursor, ...filter });
      return { ids: page.rows.map(({ fillId }) => fillId), next: page.nextCursor };
    };
    const first = await listed({});
    expect(first.ids).toEqual(['f3', 'f2']);
    expect(await listed({}, first.next)).toEqual({ ids: ['f1'], next: null });
    expect((await listed({ instrumentId: 'ETHUSDT' })).ids).toEqual(['f3']);
    expect((await listed({ clientOrderId: 'ib1' })).ids).toEqual(['f3', 'f1']);
    expect((await store.fills.list({ limit: 1, cursor: first.next })).rows).toEqual([FILL]);
  });
});
