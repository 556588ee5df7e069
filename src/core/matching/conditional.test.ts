import { describe, expect, it } from 'vitest';
import { exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';

const up = { price: 105, direction: 'rise' } as const;

describe('a conditional order', () => {
  it.each([
    ['last', { last: 105, mark: 100, index: 100 }],
    ['mark', { last: 100, mark: 105, index: 100 }],
    ['index', { last: 100, mark: 100, index: 105 }],
  ] as const)('that watches the %s price fires on it alone', (by, prices) => {
    const { account, move } = exchange({ last: 100 });
    account.place(order({ side: 'buy', trigger: { ...up, by } }));
    for (const other of ['last', 'mark', 'index'].filter((each) => each !== by)) {
      const tried = { last: 100, mark: 100, index: 100, [other]: 110 };
      move(tried.last, tried);
      expect(account.openOrders(), other).toMatchObject([{ status: 'untriggered' }]);
    }
    move(prices.last, prices);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(1) }]);
  });

  it('is refused when its price is reached already, in either direction', () => {
    const { account } = exchange({ last: 100 });
    const refusedBy = (price: number, direction: 'rise' | 'fall') => {
      const placed = account.place(order({ side: 'buy', trigger: { price, direction } }));
      return placed.ok ? 'accepted' : placed.error.kind;
    };
    expect(refusedBy(100, 'rise')).toBe('trigger-must-rise');
    expect(refusedBy(100.1, 'rise')).toBe('accepted');
    expect(refusedBy(100, 'fall')).toBe('trigger-must-fall');
    expect(refusedBy(99.9, 'fall')).toBe('accepted');
  });

  it('of quantity zero that closes on its trigger takes the position as large as it is then', () => {
    const { account, move } = exchange({ last: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    const closer = { trigger: { price: 95, direction: 'fall' as const }, closeOnTrigger: true };
    expect(account.place(order({ side: 'sell', quantity: 0, reduceOnly: true, ...closer })).ok).toBe(true);
    account.place(order({ side: 'buy', quantity: 3 }));
    move(94);
    expect(account.openPositions()).toEqual([]);
    expect(account.fills()[0]).toMatchObject({ quantity: decimal(5), closedQuantity: decimal(5) });
  });

  it('of quantity zero without that is refused', () => {
    const { account } = exchange({ last: 100 });
    expect(account.place(order({ side: 'buy', quantity: 0, trigger: up }))).toMatchObject({
      ok: false,
      error: { kind: 'bad-quantity' },
    });
  });

  it('that closes on its trigger never opens the other side', () => {
    const { account, move } = exchange({ last: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    const trigger = { price: 95, direction: 'fall' as const };
    account.place(order({ side: 'sell', quantity: 7, closeOnTrigger: true, trigger }));
    move(94);
    expect(account.openPositions()).toEqual([]);
    expect(account.closedOrders()[0]).toMatchObject({ filledQuantity: decimal(2), endReason: 'reduce-only' });
  });

  it('may lie beyond the price band; once resting it is an order like any other', () => {
    const { account, move } = exchange({ last: 100 });
    const trigger = { price: 120, direction: 'rise' as const };
    account.place(order({ side: 'buy', kind: 'limit', price: 119, trigger }));
    move(121);
    expect(account.openOrders()).toMatchObject([{ status: 'open', price: decimal(119) }]);
    move(118);
    expect(account.fills()).toMatchObject([{ maker: true, price: decimal(119) }]);
  });
});

describe('the price band', () => {
  it('lies 5 % around the mark price, and reaches to an index price within 10 %', () => {
    const { account, move } = exchange({ last: 100 });
    const isTaken = (side: 'buy' | 'sell', price: number) =>
      account.place(order({ side, kind: 'limit', quantity: 0.1, price, timeInForce: 'post-only' })).ok;
    expect([isTaken('buy', 105), isTaken('buy', 105.1)]).toEqual([true, false]);
    expect([isTaken('sell', 95), isTaken('sell', 94.9)]).toEqual([true, false]);
    move(100, { index: 108 });
    expect([isTaken('buy', 108), isTaken('buy', 108.1)]).toEqual([true, false]);
    move(100, { index: 140 });
    expect([isTaken('buy', 110), isTaken('buy', 110.1)]).toEqual([true, false]);
    move(100, { index: 60 });
    expect([isTaken('sell', 90), isTaken('sell', 89.9)]).toEqual([true, false]);
  });

  it('holds for an amended price too', () => {
    const { account } = exchange({ last: 100 });
    const placed = account.place(order({ side: 'buy', kind: 'limit', price: 95 }));
    const orderId = placed.ok ? placed.value.orderId : '';
    expect(account.amend(orderId, { price: decimal(105.1) })).toMatchObject({
      ok: false,
      error: { kind: 'price-band' },
    });
  });
});
