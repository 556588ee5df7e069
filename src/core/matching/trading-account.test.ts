import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';

describe('TradingAccount', () => {
  it('fills a market order through the levels of the book, best first', () => {
    const { account } = exchange({ last: 100, top: 1 });
    account.place(order({ side: 'buy', quantity: 4 }));
    // The best ask 100.1 holds 1, the next 0.1 higher holds 2, the third 3.
    expect(fillsOf(account)).toEqual(['100.1 x 1', '100.2 x 2', '100.3 x 1']);
  });

  it('gives two orders at one quote the same depth only once', () => {
    const { account } = exchange({ last: 100, top: 1 });
    account.place(order({ side: 'buy', quantity: 1 }));
    account.place(order({ side: 'buy', quantity: 1 }));
    expect(fillsOf(account)).toEqual(['100.1 x 1', '100.2 x 1']);
  });

  it('charges the taker fee and books profit and fees in the wallet', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    move(110);
    account.place(order({ side: 'sell', quantity: 2, reduceOnly: true }));
    const profit = (110 - 100.1) * 2;
    const fees = (100.1 * 2 + 110 * 2) * 0.00055;
    expect(account.ledger.balance.toNumber()).toBeCloseTo(10_000 + profit - fees, 9);
    expect(account.closedPnl()[0]?.pnl.toNumber()).toBeCloseTo(profit - fees, 9);
    expect(account.openPositions()).toEqual([]);
  });

  it('rests a limit order and fills it as maker at its own price when the price trades through it', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', kind: 'limit', price: 95, quantity: 2 }));
    move(95.5);
    expect(account.fills()).toEqual([]);
    move(94);
    expect(account.fills()[0]).toMatchObject({ maker: true, feeRate: decimal('0.0002') });
    expect(fillsOf(account)).toEqual(['95 x 2']);
  });

  it('fills a resting order in parts when the book is thin', () => {
    const { account, move } = exchange({ last: 100, top: 1 });
    account.place(order({ side: 'buy', kind: 'limit', price: 95, quantity: 4 }));
    move(94.8, { top: 1 });
    // Asks 94.9 and 95.0 hold 1 and 2.
    expect(account.openOrders()[0]).toMatchObject({ status: 'partly-filled', filledQuantity: decimal(3) });
    move(94, { top: 1 });
    expect(account.closedOrders()[0]).toMatchObject({ status: 'filled' });
  });

  it('cancels a post-only order that would take', () => {
    const { account } = exchange({ last: 100 });
    account.place(order({ side: 'buy', kind: 'limit', price: 101, timeInForce: 'post-only' }));
    expect(account.closedOrders()[0]).toMatchObject({ status: 'cancelled', endReason: 'would-take' });
    expect(account.fills()).toEqual([]);
  });

  it('cancels a fill-or-kill order that the book cannot fill whole', () => {
    const { account } = exchange({ last: 100, top: 1 });
    const wish = { side: 'buy', kind: 'limit', price: 100.1, timeInForce: 'fill-or-kill' } as const;
    account.place(order({ ...wish, quantity: 2 }));
    account.place(order({ ...wish, quantity: 1 }));
    expect(account.closedOrders().map((each) => each.status)).toEqual(['filled', 'cancelled']);
  });

  it('cancels what an immediate-or-cancel order does not get', () => {
    const { account } = exchange({ last: 100, top: 1 });
    account.place(
      order({ side: 'buy', kind: 'limit', price: 100.1, timeInForce: 'immediate-or-cancel', quantity: 3 }),
    );
    expect(account.closedOrders()[0]).toMatchObject({
      status: 'cancelled',
      endReason: 'no-liquidity',
      filledQuantity: decimal(1),
    });
  });

  it.each([
    ['a quantity off the step', { quantity: 0.0005 }, 'bad-quantity'],
    ['a quantity above the maximum', { quantity: 200_000 }, 'bad-quantity'],
    ['a price off the tick', { kind: 'limit', price: 100.05 }, 'bad-price'],
    ['less than the smallest value', { quantity: 0.001 }, 'notional-min'],
    ['more than the margin allows', { quantity: 1200 }, 'margin-short'],
    ['a position index of the other mode', { positionIndex: 1 }, 'position-index'],
    ['a reduce-only order without a position', { reduceOnly: true }, 'nothing-to-reduce'],
    ['a malformed client order id', { clientOrderId: 'a b' }, 'bad-client-id'],
  ] as const)('refuses %s', (_name, wish, kind) => {
    const { account } = exchange({ last: 100, top: 10_000 });
    expect(account.place(order({ side: 'buy', ...wish }))).toMatchObject({ ok: false, error: { kind } });
    expect(account.openOrders()).toEqual([]);
  });

  it('refuses a client order id for ever after it was used', () => {
    const { account } = exchange({ last: 100 });
    const placed = account.place(order({ side: 'buy', kind: 'limit', price: 90, clientOrderId: 'a1' }));
    if (placed.ok) account.cancel(placed.value.orderId);
    expect(account.place(order({ side: 'buy', clientOrderId: 'a1' }))).toMatchObject({
      error: { kind: 'duplicate-client-id' },
    });
  });

  it('lets a client order id of a refused order be used again', () => {
    const { account } = exchange({ last: 100 });
    account.place(order({ side: 'buy', quantity: 0.0005, clientOrderId: 'a1' }));
    expect(account.place(order({ side: 'buy', clientOrderId: 'a1' })).ok).toBe(true);
  });

  it('cuts a reduce-only order to the position and never turns it', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.place(order({ side: 'sell', quantity: 5, reduceOnly: true }));
    expect(account.openPositions()).toEqual([]);
    expect(account.closedOrders()[0]).toMatchObject({ quantity: decimal(2), status: 'filled' });
  });

  it('cancels a resting reduce-only order when its position is closed', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.place(order({ side: 'sell', kind: 'limit', price: 120, quantity: 2, reduceOnly: true }));
    account.place(order({ side: 'sell', quantity: 2 }));
    expect(account.openOrders()).toEqual([]);
    expect(account.closedOrders().map((each) => each.endReason)).toContain('reduce-only');
  });

  it('turns a one-way position with an order larger than it', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.place(order({ side: 'sell', quantity: 5 }));
    expect(account.openPositions()).toMatchObject([{ direction: 'short', quantity: decimal(3) }]);
  });

  it('holds a long and a short at once in hedge mode', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.setHedged(btcId, true);
    account.place(order({ side: 'buy', quantity: 2, positionIndex: 1 }));
    account.place(order({ side: 'sell', quantity: 3, positionIndex: 2 }));
    account.place(order({ side: 'buy', quantity: 9, positionIndex: 2 }));
    expect(account.openPositions()).toMatchObject([{ direction: 'long', quantity: decimal(2) }]);
    expect(account.setHedged(btcId, false)).toMatchObject({ error: { kind: 'mode-has-position' } });
  });

  it('closes everything with quantity zero, reduce-only and close-on-trigger', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2.5 }));
    account.place(order({ side: 'sell', quantity: 0, reduceOnly: true, closeOnTrigger: true }));
    expect(account.openPositions()).toEqual([]);
  });

  it('binds margin by leverage and refuses what goes beyond it', () => {
    const { account } = exchange({ last: 100, top: 10_000 });
    account.setLeverage(btcId, decimal(2));
    const wish = { side: 'buy', kind: 'limit', price: 100 } as const;
    expect(account.place(order({ ...wish, quantity: 150 })).ok).toBe(true);
    // 150 x 100 / 2 and the fee of 8.25 are bound.
    expect(account.margin().available.toNumber()).toBeCloseTo(10_000 - 7500 - 8.25, 9);
    expect(account.place(order({ ...wish, quantity: 60 }))).toMatchObject({
      error: { kind: 'margin-short' },
    });
  });

  it('lets two orders count on closing the same position only once', () => {
    const { account } = exchange({ last: 100, top: 10_000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 60 }));
    const closer = { side: 'sell', kind: 'limit', price: 110, quantity: 60 } as const;
    expect(account.place(order(closer)).ok).toBe(true);
    expect(account.margin().orderMargin.isZero()).toBe(true);
    expect(account.place(order(closer))).toMatchObject({ error: { kind: 'margin-short' } });
  });

  it('closes what is left below the minimum quantity', () => {
    const { account } = exchange({ last: 10_000, top: 100, quantityMin: 0.01 });
    account.place(order({ side: 'buy', quantity: 0.012 }));
    account.place(order({ side: 'sell', quantity: 0.01, reduceOnly: true }));
    expect(account.place(order({ side: 'sell', quantity: 0.002 }))).toMatchObject({ ok: false });
    account.place(order({ side: 'sell', quantity: 0.002, reduceOnly: true }));
    expect(account.openPositions()).toEqual([]);
  });

  it.each([
    [0.5, 'bad-leverage'],
    [101, 'bad-leverage'],
    [10, 'leverage-not-modified'],
  ] as const)('refuses leverage %d', (leverage, kind) => {
    const { account } = exchange({ last: 100 });
    expect(account.setLeverage(btcId, decimal(leverage))).toMatchObject({ error: { kind } });
  });

  it('moves an order to another price and quantity under its id', () => {
    const { account } = exchange({ last: 100 });
    const placed = account.place(order({ side: 'buy', kind: 'limit', price: 90, quantity: 1 }));
    const orderId = placed.ok ? placed.value.orderId : '';
    expect(account.amend(orderId, { price: decimal(91), quantity: decimal(2) }).ok).toBe(true);
    expect(account.openOrders()).toMatchObject([{ orderId, price: decimal(91), quantity: decimal(2) }]);
    expect(account.amend(orderId, { price: decimal(91) })).toMatchObject({ error: { kind: 'not-modified' } });
    expect(account.amend('nobody', { price: decimal(91) })).toMatchObject({
      error: { kind: 'order-unknown' },
    });
  });

  it('refuses to move a trigger behind the price or to resize the stop of a position', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, stopLoss: 90 }));
    const orderId = account.openOrders()[0]?.orderId ?? '';
    expect(account.amend(orderId, { triggerPrice: decimal(101) })).toMatchObject({
      error: { kind: 'trigger-must-fall' },
    });
    expect(account.amend(orderId, { quantity: decimal(1) })).toMatchObject({
      error: { kind: 'bad-quantity' },
    });
    expect(account.amend(orderId, { triggerPrice: decimal(95) }).ok).toBe(true);
    expect(account.openOrders()).toMatchObject([{ orderId, trigger: { price: decimal(95) } }]);
  });

  it('refuses leverage the open position has no margin for', () => {
    const { account } = exchange({ last: 100, top: 10_000 });
    account.place(order({ side: 'buy', quantity: 150 }));
    expect(account.setLeverage(btcId, decimal(1))).toMatchObject({ error: { kind: 'margin-short' } });
    expect(account.positionMargin(account.openPositions()[0]!).leverage.toNumber()).toBe(10);
  });

  it('pays funding from longs when the rate is positive and books it', () => {
    const { account, book } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    const before = account.ledger.balance;
    account.payFunding(book(), 0.001);
    // 2 x 100 at the mark price, 0.1 %.
    expect(account.ledger.balance.minus(before).toNumber()).toBe(-0.2);
    expect(account.fills()[0]).toMatchObject({ execution: 'funding', order: null, quantity: decimal(2) });
  });

  it('is liquidated at its liquidation price, while there is still money left, and not a tick before', () => {
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 90, stopLoss: 50 }));
    const price = account.liquidationPrice(account.openPositions()[0]!)!.toNumber();
    move(Math.ceil(price * 10) / 10);
    expect(account.openPositions()).toHaveLength(1);
    move(Math.floor(price * 10) / 10);
    expect(account.openPositions()).toEqual([]);
    expect(account.openOrders()).toEqual([]);
    expect(account.fills()[0]).toMatchObject({ execution: 'liquidation', order: { origin: 'liquidation' } });
    expect(account.ledger.balance.greaterThan(0)).toBe(true);
  });

  it('leaves no debt when the price jumps beyond the money: the insurance fund makes it up', () => {
    const { account, move } = exchange({ last: 100, top: 10_000, wallet: 1000 });
    account.place(order({ side: 'buy', quantity: 90 }));
    move(70);
    expect(account.openPositions()).toEqual([]);
    expect(account.ledger.balance.toNumber()).toBe(0);
    expect(account.ledger.postings().at(-1)?.kind).toBe('insurance');
  });

  it('settles a position at the mark price when its instrument is delisted', () => {
    const { account, book, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, stopLoss: 90 }));
    move(105);
    account.settleDelisted(book());
    expect(account.openPositions()).toEqual([]);
    expect(account.openOrders()).toEqual([]);
    expect(account.fills()[0]).toMatchObject({ execution: 'delivery', price: decimal(105), fee: decimal(0) });
  });
});

function fillsOf(account: ReturnType<typeof exchange>['account']): readonly string[] {
  return account
    .fills()
    .toReversed()
    .map((fill) => `${fill.price.toFixed()} x ${fill.quantity.toFixed()}`);
}
