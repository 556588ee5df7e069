import { describe, expect, it } from 'vitest';
import { instrument } from '../../test/fixture/fake-exchange.ts';
import { type Comparison, DIFFERENCE_SCOPES, type Difference } from '../core/domain/difference.ts';
import { DifferenceBook } from './difference-book.ts';

const { id } = instrument();

function difference(changes: Partial<Difference>): Difference {
  return {
    kind: 'position-foreign',
    scope: 'position',
    about: id,
    instrumentId: id,
    ours: 'none',
    theirs: 'long 1',
    fillIds: [],
    ...changes,
  };
}

/** A book with a reading every second: each gives the kinds it opened and what it ended by what. */
function bench(book = new DifferenceBook('a')) {
  let nowMs = 1_000_000;
  return {
    book,
    wait: (ms: number) => {
      nowMs += ms;
    },
    read: (
      differences: readonly Difference[],
      scopes = DIFFERENCE_SCOPES as readonly Difference['scope'][],
      unseen: Comparison['unseen'] = new Set(),
    ) => {
      nowMs += 1_000;
      const { opened, ended } = book.fold({ asOfMs: nowMs, scopes, differences, unseen }, nowMs);
      return { opened: opened.map(({ kind }) => kind), ended: ended.map(({ resolution }) => resolution) };
    },
  };
}

const NOTHING = { opened: [], ended: [] };

describe('DifferenceBook', () => {
  it('opens one record of a subject, however often it is read', () => {
    const { read, book } = bench();
    expect(read([difference({})])).toEqual({ opened: ['position-foreign'], ended: [] });
    expect(read([difference({ theirs: 'long 2' })])).toEqual(NOTHING);
    expect(book.open().map(({ theirs }) => theirs)).toEqual(['long 2']);
    expect(book.open()[0]?.explanation).toContain('long 2');
  });

  it('ends it by two readings 2 s apart, and not by one that missed it once', () => {
    const { read } = bench();
    read([difference({})]);
    expect(read([])).toEqual(NOTHING);
    expect(read([difference({})])).toEqual(NOTHING);
    expect([read([]), read([]), read([])]).toEqual([NOTHING, NOTHING, { opened: [], ended: ['readings'] }]);
  });

  it('says nothing of what a reading did not compare', () => {
    const { read, book } = bench();
    read([difference({ kind: 'order-foreign', scope: 'order', about: 'x1' })]);
    for (let count = 0; count < 5; count += 1) expect(read([], ['position'])).toEqual(NOTHING);
    expect(book.open()).toHaveLength(1);
  });

  it('counts for no reading without it one that could not tell of its position', () => {
    const { read, book } = bench();
    const leverage = difference({ kind: 'leverage-differs', scope: 'leverage' });
    read([leverage]);
    expect(read([])).toEqual(NOTHING);
    expect(book.isUnsure()).toBe(true);
    for (let count = 0; count < 5; count += 1) {
      expect(read([], DIFFERENCE_SCOPES, new Set([id]))).toEqual(NOTHING);
      expect(book.isUnsure()).toBe(false);
    }
    expect([read([]), read([]), read([])].at(-1)).toEqual({ opened: [], ended: ['readings'] });
  });

  it('ends it at once by executions told since, which it names', () => {
    const { read, book } = bench();
    read([difference({})]);
    book.noteFill({ instrumentId: id, fillId: 'f1', timeMs: 1_001_500 });
    expect(read([])).toEqual(NOTHING);
    expect(read([difference({ kind: 'fill-unknown', fillIds: ['f1'] })])).toEqual(NOTHING);
    expect(read([])).toEqual({ opened: [], ended: ['fills'] });
    expect(book.open()).toEqual([]);
  });

  it('takes executions that did not end it for none that did', () => {
    const { read, book } = bench();
    read([difference({})]);
    book.noteFill({ instrumentId: id, fillId: 'f1', timeMs: 1_001_500 });
    read([difference({ theirs: 'long 2' })]);
    expect(read([])).toEqual(NOTHING);
  });

  it('ends what its own executions explain with the next reading', () => {
    const { read } = bench();
    read([difference({ kind: 'position-missing', ours: 'long 1', theirs: 'none', fillIds: ['f1'] })]);
    expect(read([])).toEqual({ opened: [], ended: ['fills'] });
  });

  it('lets what was turned round go on as that, and executions on it open nothing', () => {
    const { read, book } = bench();
    read([difference({ kind: 'side-flipped', ours: 'long 1', theirs: 'short 1' })]);
    expect(read([difference({ theirs: 'short 1' })])).toEqual(NOTHING);
    expect(read([difference({ kind: 'fill-unknown', fillIds: ['f2'] })])).toEqual(NOTHING);
    expect(book.open().map(({ kind, ours }) => [kind, ours])).toEqual([['side-flipped', 'long 1']]);
  });

  it('ends one and opens another where the same subject differs in another way', () => {
    const { read } = bench();
    read([difference({ kind: 'quantity-differs', ours: 'long 1', theirs: 'long 2' })]);
    expect(read([difference({ kind: 'side-flipped', ours: 'long 1', theirs: 'short 1' })])).toEqual({
      opened: ['side-flipped'],
      ended: ['became'],
    });
  });

  it('names the person whose command ended it', () => {
    const { read, book } = bench();
    read([difference({})]);
    book.explain(id, { resolution: 'command', evidence: 'Adopted by ann: mine.' });
    expect(read([])).toEqual({ opened: [], ended: ['command'] });
  });

  it('opens nothing anew after a restart', () => {
    const first = bench();
    first.read([difference({})]);
    const again = new DifferenceBook('a');
    again.resume(first.book.open());
    const second = bench(again);
    second.wait(10_000);
    expect(second.read([difference({})])).toEqual(NOTHING);
    expect(again.open().map(({ firstMs }) => firstMs)).toEqual([1_001_000]);
  });

  it('keeps a bound, and room for positions beside the orders of others', () => {
    const { read, book } = bench();
    const many = (scope: Difference['scope']) =>
      Array.from({ length: 300 }, (_, index) => difference({ scope, about: `x${index}` }));
    const orders = many('order');
    read(orders);
    expect(book.open()).toHaveLength(150);
    expect(read([...orders, difference({})])).toEqual({ opened: ['position-foreign'], ended: [] });
    read([...orders, ...many('position')]);
    expect(book.open()).toHaveLength(200);
  });
});
