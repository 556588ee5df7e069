import { describe, expect, it } from 'vitest';
import { exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';

/** Sells 1 at 100.3 of its own account, behind an ask of 100.1 with 1 and further levels a tick apart. */
function withRestingSell(price = 100.3) {
  const venue = exchange({ last: 100, top: 1 });
  venue.account.place(order({ side: 'sell', kind: 'limit', price, timeInForce: 'post-only' }));
  return venue;
}

describe('self-match prevention', () => {
  it('lets an order pass that does not reach its own', () => {
    const { account } = withRestingSell();
    account.place(order({ side: 'buy', quantity: 1, selfMatch: 'cancel-both' }));
    expect(account.openOrders()).toHaveLength(1);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(1) }]);
  });

  it('cancels every resting order in reach, nearest first, and fills the new one', () => {
    const { account } = withRestingSell();
    account.place(order({ side: 'sell', kind: 'limit', price: 100.2, timeInForce: 'post-only' }));
    account.place(order({ side: 'buy', quantity: 6, selfMatch: 'cancel-maker' }));
    expect(account.openOrders()).toEqual([]);
    const ended = account.closedOrders().filter((each) => each.endReason === 'self-match');
    expect(ended.map((each) => each.price?.toNumber())).toEqual([100.3, 100.2]);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(6) }]);
  });

  it('stops the new order a tick before its own', () => {
    const { account } = withRestingSell();
    account.place(order({ side: 'buy', quantity: 9, selfMatch: 'cancel-taker' }));
    // 1 at 100.1 and 2 at 100.2 lie before it.
    expect(account.closedOrders()[0]).toMatchObject({
      endReason: 'self-match',
      status: 'cancelled',
      filledQuantity: decimal(3),
    });
    expect(account.openOrders()).toHaveLength(1);
  });

  it('cancels both', () => {
    const { account } = withRestingSell();
    account.place(order({ side: 'buy', quantity: 9, selfMatch: 'cancel-both' }));
    expect(account.openOrders()).toEqual([]);
    expect(account.closedOrders().map((each) => each.endReason)).toEqual(['self-match', 'self-match']);
  });

  it('cancels a limit order that would rest across its own', () => {
    const { account } = withRestingSell(104);
    const buy = order({ side: 'buy', kind: 'limit', price: 104, quantity: 90, selfMatch: 'cancel-taker' });
    account.place(buy);
    expect(account.openOrders()).toMatchObject([{ side: 'sell' }]);
  });

  it('kills a fill-or-kill order that its own stands in the way of', () => {
    const { account } = withRestingSell();
    const kill = { timeInForce: 'fill-or-kill', selfMatch: 'cancel-taker' } as const;
    account.place(order({ side: 'buy', kind: 'limit', price: 101, quantity: 6, ...kill }));
    expect(account.closedOrders()[0]).toMatchObject({ filledQuantity: decimal(0), status: 'cancelled' });
  });

  it('does nothing without a rule', () => {
    const { account } = withRestingSell();
    account.place(order({ side: 'buy', quantity: 9 }));
    expect(account.openOrders()).toHaveLength(1);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(9) }]);
  });
});

describe('a cancel that races a fill', () => {
  it('loses once as asked: the order fills whole at its price and is told a second time', () => {
    const { account } = exchange({ last: 100 });
    const place = () => {
      const placed = account.place(order({ side: 'buy', kind: 'limit', price: 99 }));
      return placed.ok ? placed.value.orderId : '';
    };
    const [first, second] = [place(), place()];
    account.drainEvents();
    account.loseCancelRaces(1);
    expect(account.cancel(first).ok).toBe(true);
    expect(account.drainEvents().filter((event) => event.kind === 'late-cancel')).toMatchObject([
      { order: { orderId: first, status: 'filled' } },
    ]);
    expect(account.fills()).toMatchObject([{ price: decimal(99), quantity: decimal(1), maker: true }]);
    account.cancel(second);
    expect(account.closedOrders()[0]).toMatchObject({ orderId: second, status: 'cancelled' });
  });

  it('wins where nothing rests to be filled', () => {
    const { account } = exchange({ last: 100 });
    const placed = account.place(order({ side: 'buy', trigger: { price: 105, direction: 'rise' } }));
    account.loseCancelRaces(1);
    account.cancel(placed.ok ? placed.value.orderId : '');
    expect(account.closedOrders()).toMatchObject([{ status: 'deactivated', endReason: 'by-user' }]);
  });
});
