import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { decimal } from '../base/decimal.ts';

const key = { instrumentId: btcId, positionIndex: 0 } as const;
const at = (price: number, limitPrice?: number) => ({
  price: decimal(price),
  by: 'last' as const,
  ...(limitPrice === undefined ? {} : { limitPrice: decimal(limitPrice) }),
});

function held(quantity: number) {
  const venue = exchange({ last: 100 });
  venue.account.place(order({ side: 'buy', quantity }));
  const add = (part: number, levels: { stopLoss?: number; takeProfit?: number; limit?: number }) =>
    venue.account.setStops({
      ...key,
      mode: 'partial',
      partialQuantity: decimal(part),
      ...(levels.stopLoss === undefined ? {} : { stopLoss: at(levels.stopLoss, levels.limit) }),
      ...(levels.takeProfit === undefined ? {} : { takeProfit: at(levels.takeProfit, levels.limit) }),
    });
  return { ...venue, add };
}

describe('stops for parts of a position', () => {
  it('close their part alone; the twin goes, other pairs stay', () => {
    const { account, add, move } = held(5);
    add(2, { stopLoss: 90, takeProfit: 110 });
    add(3, { stopLoss: 80, takeProfit: 120 });
    move(89.9);
    expect(account.openPositions()).toMatchObject([{ quantity: decimal(3) }]);
    expect(account.openOrders().map((each) => each.trigger?.price.toNumber())).toEqual([120, 80]);
    expect(account.closedOrders().map((each) => each.endReason)).toContain('twin-fired');
  });

  it('are cut to the position when it shrinks, and end with it', () => {
    const { account, add } = held(5);
    add(4, { stopLoss: 90 });
    account.place(order({ side: 'sell', quantity: 3 }));
    expect(account.openOrders()).toMatchObject([{ origin: 'partial-stop-loss', quantity: decimal(2) }]);
    account.place(order({ side: 'sell', quantity: 2, reduceOnly: true }));
    expect(account.openOrders()).toEqual([]);
  });

  it('end when the position turns', () => {
    const { account, add } = held(5);
    add(4, { stopLoss: 90 });
    account.place(order({ side: 'sell', quantity: 8 }));
    expect(account.openPositions()).toMatchObject([{ direction: 'short', quantity: decimal(3) }]);
    expect(account.openOrders()).toEqual([]);
  });

  it('with a limit price rest there once they have fired, and go with the position', () => {
    const { account, add, move } = held(5);
    add(2, { takeProfit: 110, limit: 112 });
    move(110);
    expect(account.openOrders()).toMatchObject([
      { status: 'open', kind: 'limit', price: decimal(112), reduceOnly: true, quantity: decimal(2) },
    ]);
    account.place(order({ side: 'sell', quantity: 5, reduceOnly: true }));
    expect(account.openOrders()).toEqual([]);
  });

  it.each([
    ['without a quantity', 0, { stopLoss: 90 }, 'bad-quantity'],
    ['off the step', 0.0005, { stopLoss: 90 }, 'bad-quantity'],
    ['larger than the position', 5.001, { stopLoss: 90 }, 'partial-beyond-position'],
    ['on the wrong side', 1, { stopLoss: 101 }, 'protection-side'],
    ['off the tick', 1, { stopLoss: 90.05 }, 'bad-price'],
    ['with nothing to set', 1, {}, 'not-modified'],
  ])('are refused %s', (_name, part, levels, kind) => {
    expect(held(5).add(part, levels)).toMatchObject({ ok: false, error: { kind } });
  });

  it('are twenty at most, each of a pair counted', () => {
    const { add } = held(5);
    for (let count = 0; count < 9; count += 1) add(0.1, { stopLoss: 90, takeProfit: 110 });
    expect(add(0.1, { stopLoss: 90 }).ok).toBe(true);
    expect(add(0.1, { stopLoss: 90, takeProfit: 110 })).toMatchObject({
      ok: false,
      error: { kind: 'too-many-partials' },
    });
    expect(add(0.1, { takeProfit: 110 }).ok).toBe(true);
    expect(add(0.1, { takeProfit: 110 }).ok).toBe(false);
  });

  it('of orders count from the placement on', () => {
    const { account, add } = held(5);
    for (let count = 0; count < 9; count += 1) add(0.1, { stopLoss: 90, takeProfit: 110 });
    const entry = order({ side: 'buy', kind: 'limit', price: 99, stopLoss: 90, protectionMode: 'partial' });
    expect(account.place(entry).ok).toBe(true);
    expect(account.place({ ...entry, takeProfit: { price: decimal(120), by: 'last' } })).toMatchObject({
      ok: false,
      error: { kind: 'too-many-partials' },
    });
    expect(account.place(entry).ok).toBe(true);
    expect(add(0.1, { stopLoss: 90 })).toMatchObject({ error: { kind: 'too-many-partials' } });
  });

  it('of an order carry what it has filled, and grow with it', () => {
    const { account, move } = exchange({ last: 100, top: 1 });
    const stops = { stopLoss: 90, takeProfit: 120, protectionMode: 'partial' as const };
    account.place(order({ side: 'buy', kind: 'limit', price: 100.1, quantity: 3, ...stops }));
    const quantities = () =>
      account
        .openOrders()
        .filter((each) => each.trigger !== null)
        .map((each) => each.quantity.toNumber());
    expect(quantities()).toEqual([1, 1]);
    move(100, { top: 1 });
    expect(quantities()).toEqual([2, 2]);
    move(100, { top: 5 });
    expect(quantities()).toEqual([3, 3]);
  });

  it('of two orders stand beside each other', () => {
    const { account } = exchange({ last: 100 });
    const stops = { stopLoss: 90, protectionMode: 'partial' as const };
    account.place(order({ side: 'buy', quantity: 1, ...stops }));
    account.place(order({ side: 'buy', quantity: 2, ...stops, stopLoss: 95 }));
    expect(
      account.openOrders().map((each) => [each.quantity.toNumber(), each.trigger?.price.toNumber()]),
    ).toEqual([
      [1, 90],
      [2, 95],
    ]);
  });
});

describe('a trailing stop', () => {
  it('is refused an active price its position would have to lose for', () => {
    const { account } = held(1);
    const trailingStop = { distance: decimal(5), activePrice: decimal(99.9) };
    expect(account.setStops({ ...key, trailingStop })).toMatchObject({
      ok: false,
      error: { kind: 'protection-side' },
    });
  });

  it('asked for again as it is, is not modified; with another distance it is', () => {
    const { account } = held(1);
    const trailingStop = { distance: decimal(5), activePrice: null };
    expect(account.setStops({ ...key, trailingStop }).ok).toBe(true);
    expect(account.setStops({ ...key, trailingStop })).toMatchObject({ error: { kind: 'not-modified' } });
    expect(account.setStops({ ...key, trailingStop: { ...trailingStop, distance: decimal(4) } }).ok).toBe(
      true,
    );
  });
});
