import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';

const at = (price: number, by: 'last' | 'mark' = 'last') => ({ price: decimal(price), by });
const position = { instrumentId: btcId, positionIndex: 0 } as const;

describe('stops of a position', () => {
  it('rest as untriggered reduce-only orders from the first fill of the entry', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, stopLoss: 90, takeProfit: 120 }));
    expect(account.openOrders()).toMatchObject([
      { origin: 'stop-loss', status: 'untriggered', side: 'sell', reduceOnly: true, quantity: decimal(2) },
      { origin: 'take-profit', status: 'untriggered', side: 'sell', reduceOnly: true, quantity: decimal(2) },
    ]);
  });

  it.each([
    { side: 'buy', stopLoss: 90, takeProfit: 120, to: 89.9, origin: 'stop-loss' },
    { side: 'buy', stopLoss: 90, takeProfit: 120, to: 120, origin: 'take-profit' },
    { side: 'sell', stopLoss: 110, takeProfit: 80, to: 110.1, origin: 'stop-loss' },
    { side: 'sell', stopLoss: 110, takeProfit: 80, to: 79.9, origin: 'take-profit' },
  ] as const)('close what a $side opened at $to by $origin', ({ to, origin, ...entry }) => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ ...entry, quantity: 2 }));
    move(to);
    expect(account.openPositions()).toEqual([]);
    expect(account.openOrders(), 'the other stop goes with the position').toEqual([]);
    expect(account.fills()[0]?.order).toMatchObject({ origin });
    expect(account.closedOrders().map((each) => each.endReason)).toContain('position-closed');
  });

  it('watch the mark price when asked to', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.setStops({ ...position, stopLoss: at(90, 'mark') });
    move(85, { mark: 95 });
    expect(account.openPositions()).toHaveLength(1);
    move(95, { mark: 90 });
    expect(account.openPositions()).toEqual([]);
  });

  it('follow the size of the position', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, stopLoss: 90 }));
    account.place(order({ side: 'buy', quantity: 1 }));
    expect(account.openOrders()[0]?.quantity.toNumber()).toBe(3);
    account.place(order({ side: 'sell', quantity: 2.5 }));
    expect(account.openOrders()[0]?.quantity.toNumber()).toBe(0.5);
  });

  it('move under their order id, and the same value again is not modified', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, stopLoss: 90 }));
    const orderId = account.openOrders()[0]?.orderId;
    expect(account.setStops({ ...position, stopLoss: at(95) }).ok).toBe(true);
    expect(account.openOrders()).toMatchObject([{ orderId, trigger: { price: decimal(95) } }]);
    expect(account.setStops({ ...position, stopLoss: at(95) })).toMatchObject({
      error: { kind: 'not-modified' },
    });
    account.setStops({ ...position, stopLoss: null });
    expect(account.openOrders()).toEqual([]);
  });

  it('are refused all together when one lies on the wrong side', () => {
    const { account } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    const wrong = account.setStops({ ...position, takeProfit: at(120), stopLoss: at(101) });
    expect(wrong).toMatchObject({ error: { kind: 'protection-side' } });
    expect(account.openOrders()).toEqual([]);
    expect(account.place(order({ side: 'buy', stopLoss: 100.5 }))).toMatchObject({
      error: { kind: 'protection-side' },
    });
  });

  it('need a position', () => {
    const { account } = exchange({ last: 100 });
    expect(account.setStops({ ...position, stopLoss: at(90) })).toMatchObject({
      error: { kind: 'no-position' },
    });
  });

  it('go on closing at later quotes when the book is too thin', () => {
    const { account, move } = exchange({ last: 100, top: 1 });
    account.place(order({ side: 'buy', quantity: 500, stopLoss: 90 }));
    // 50 levels of 0.001 hold 0.001 x 1,275 = 1.275.
    move(90, { top: 0.001 });
    expect(account.openPositions()[0]?.quantity.toNumber()).toBe(500 - 1.275);
    move(90, { top: 10 });
    expect(account.openPositions()).toEqual([]);
  });

  it('trail the best price at their distance and fire on the way back', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.setStops({ ...position, trailingStop: { distance: decimal(5), activePrice: null } });
    move(110);
    move(107);
    expect(account.openOrders()[0]?.trigger?.price.toNumber()).toBe(105);
    move(105);
    expect(account.fills()[0]?.order).toMatchObject({ origin: 'trailing-stop', status: 'filled' });
  });

  it('trail only after their activation price', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2 }));
    account.setStops({ ...position, trailingStop: { distance: decimal(5), activePrice: decimal(110) } });
    move(90);
    expect(account.openPositions()).toHaveLength(1);
    move(112);
    move(107);
    expect(account.openPositions()).toEqual([]);
  });
});

describe('a conditional order', () => {
  it('waits for its trigger, then goes to the market', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    account.place(order({ side: 'buy', quantity: 2, trigger: { price: 105, direction: 'rise' } }));
    move(104.9);
    expect(account.openPositions()).toEqual([]);
    move(105);
    expect(account.openPositions()).toMatchObject([{ direction: 'long', quantity: decimal(2) }]);
  });

  it('is refused when its trigger is already behind', () => {
    const { account } = exchange({ last: 100 });
    const wish = (direction: 'rise' | 'fall') =>
      account.place(order({ side: 'buy', trigger: { price: 100, direction } }));
    expect(wish('rise')).toMatchObject({ error: { kind: 'trigger-must-rise' } });
    expect(wish('fall')).toMatchObject({ error: { kind: 'trigger-must-fall' } });
  });

  it('is refused as the eleventh of an instrument', () => {
    const { account } = exchange({ last: 100 });
    const wish = () => account.place(order({ side: 'buy', trigger: { price: 105, direction: 'rise' } }));
    for (let count = 0; count < 10; count += 1) expect(wish().ok).toBe(true);
    expect(wish()).toMatchObject({ error: { kind: 'too-many-conditionals' } });
  });

  it('is rejected at its trigger when the margin is gone', () => {
    const { account, move } = exchange({ last: 100, top: 10_000 });
    account.place(order({ side: 'buy', quantity: 1200, trigger: { price: 105, direction: 'rise' } }));
    move(105);
    expect(account.closedOrders()[0]).toMatchObject({ endReason: 'margin-short' });
    expect(account.openPositions()).toEqual([]);
  });

  it('that only reduces ends without a position instead of opening one', () => {
    const { account, move } = exchange({ last: 100, top: 100 });
    const trigger = { price: 95, direction: 'fall' } as const;
    account.place(order({ side: 'sell', quantity: 2, reduceOnly: true, trigger }));
    move(94);
    expect(account.openPositions()).toEqual([]);
    expect(account.closedOrders()[0]).toMatchObject({ endReason: 'reduce-only' });
  });
});
