import { describe, expect, it } from 'vitest';
import type { BookFill, BookOrder, Books, Placement } from '../venue-books.ts';
import { doubledOrders, overgrown } from './judge.ts';

const INTENDED = { notionalUsdt: 100, slippageRate: 0.05 };

function fill(changes: Partial<BookFill>): BookFill {
  return {
    fillId: 'f',
    execution: 'trade',
    clientOrderId: 'a',
    instrumentId: 'BTCUSDT',
    side: 'buy',
    price: '100',
    quantity: '1',
    closedQuantity: '0',
    timeMs: 0,
    ...changes,
  };
}

function order(clientOrderId: string, quantity = '1'): BookOrder {
  return {
    orderId: clientOrderId,
    clientOrderId,
    instrumentId: 'BTCUSDT',
    side: 'buy',
    kind: 'market',
    origin: 'client',
    reduceOnly: false,
    quantity,
    filledQuantity: quantity,
    createdMs: 0,
  };
}

function books(changes: Partial<Books>): Books {
  return { timeMs: 0, positions: [], openOrders: [], closedOrders: [], fills: [], ...changes };
}

function placement(clientOrderId: string): Placement {
  return { clientOrderId, instrumentId: 'BTCUSDT', reduceOnly: false, timeMs: 0 };
}

describe('an order is doubled', () => {
  it.each([
    [
      'never, when each was sent and taken once',
      books({ closedOrders: [order('a'), order('b')] }),
      ['a', 'b'],
      0,
    ],
    ['when it crossed the wire twice, whatever the venue made of it', books({}), ['a', 'a'], 1],
    [
      'when the venue holds two under its id',
      books({ openOrders: [order('a')], closedOrders: [order('a')] }),
      [],
      1,
    ],
    [
      'when more filled than it asked for',
      books({ closedOrders: [order('a')], fills: [fill({}), fill({ quantity: '0.1' })] }),
      ['a'],
      1,
    ],
  ])('%s', (_when, held, sent, faults) => {
    expect(doubledOrders(held, sent.map(placement))).toHaveLength(faults);
  });

  it('never, for the stops that the venue makes itself and that bear no id', () => {
    expect(doubledOrders(books({ closedOrders: [order(''), order('')] }), [])).toEqual([]);
  });
});

describe('a position has grown beyond its entry', () => {
  const exit = fill({ clientOrderId: 'x', side: 'sell', closedQuantity: '1' });

  it('not by entering again after it was flat', () => {
    expect(overgrown([fill({}), exit, fill({ clientOrderId: 'b' })], INTENDED)).toEqual([]);
  });

  it('by a second entry while it is held, even after a part was taken off', () => {
    const part = { ...exit, quantity: '0.4', closedQuantity: '0.4' };
    expect(overgrown([fill({}), part, fill({ clientOrderId: 'b' })], INTENDED)).toEqual([
      'BTCUSDT: one position was opened for 200.00 USDT by a, b',
    ]);
  });

  it('not by the rungs of one entry, nor by funding', () => {
    const rung = fill({ quantity: '0.5' });
    const funding = fill({ execution: 'funding', quantity: '9' });
    expect(overgrown([rung, funding, { ...rung, clientOrderId: 'b' }], INTENDED)).toEqual([]);
  });

  it('not by one order that the market met far from where it was sized, but by one of twice the size', () => {
    const [dear, twice] = [fill({ price: '120' }), fill({ quantity: '2' })];
    expect(overgrown([dear], INTENDED)).toEqual([]);
    expect(overgrown([twice], INTENDED)).toHaveLength(1);
    expect(overgrown([dear, fill({ clientOrderId: 'b', quantity: '0.1' })], INTENDED)).toHaveLength(1);
  });

  it('by an order that turns it over', () => {
    const turned = fill({ clientOrderId: 'b', side: 'sell', quantity: '1.5', closedQuantity: '1' });
    expect(overgrown([fill({}), turned], INTENDED)).toEqual(['BTCUSDT: the order b turned a position over']);
  });
});
