import { describe, expect, it } from 'vitest';
import { btcId, order } from '../../../test/fixture/matching-desk.ts';
import { instrument } from '../../../test/fixture/scripted-market.ts';
import { decimal } from '../base/decimal.ts';
import type { Side } from '../domain/order.ts';
import type { Desk } from './account-state.ts';
import { Book, type RestingOffer } from './book.ts';
import { TradingAccount } from './trading-account.ts';

/** Two accounts at one book: the quote is 100.0 / 101.0 with 10 on each side. */
function exchangeOfTwo() {
  let nowMs = 1_700_000_000_000;
  let names = 0;
  const accounts: TradingAccount[] = [];
  const offers = (taker: Side): readonly RestingOffer[] =>
    accounts
      .flatMap((account) => account.offers(btcId, taker))
      .sort((a, b) => a.price.comparedTo(b.price) * (taker === 'buy' ? 1 : -1) || a.createdMs - b.createdMs);
  const bookAt = (bid: number, top: number): Book => {
    const prices = { lastPrice: bid, markPrice: bid, indexPrice: bid, bidPrice: bid, askPrice: bid + 1 };
    return new Book(instrument('BTCUSDT'), { timeMs: nowMs, ...prices, topQuantity: top }, offers);
  };
  let book = bookAt(100, 10);
  const nextName = (): string => {
    names += 1;
    return `id-${names}`;
  };
  const desk: Desk = {
    nowMs: () => {
      nowMs += 1;
      return nowMs;
    },
    book: (id) => (id === btcId ? book : null),
    nextOrderId: nextName,
    nextFillId: nextName,
  };
  const feeRates = { taker: decimal('0.00055'), maker: decimal('0.0002') };
  const account = (uid: string): TradingAccount =>
    new TradingAccount({ uid, deposit: decimal(10_000), feeRates, desk });
  const [maker, taker] = [account('1'), account('2')];
  accounts.push(maker, taker);
  return {
    maker,
    taker,
    book: () => book,
    move: (bid: number, top = 10) => {
      book = bookAt(bid, top);
      for (const each of accounts) each.followQuote(btcId);
    },
  };
}

const fillsOf = (account: TradingAccount): readonly string[] =>
  account
    .fills()
    .map(({ side, maker, price, quantity }) => `${maker ? 'maker' : 'taker'} ${side} ${quantity} at ${price}`)
    .toReversed();
const limit = (side: Side, price: number, quantity = 1) => order({ side, kind: 'limit', price, quantity });

describe('an order that meets the resting order of another account', () => {
  it('trades at that price, both sides for the same quantity, one as maker', () => {
    const { maker, taker } = exchangeOfTwo();
    maker.place(limit('buy', 100.5, 2));
    taker.place(order({ side: 'sell', quantity: 3 }));
    expect(fillsOf(maker)).toEqual(['maker buy 2 at 100.5']);
    expect(fillsOf(taker)).toEqual(['taker sell 2 at 100.5', 'taker sell 1 at 100']);
    expect(maker.fills()[0]).toMatchObject({ feeRate: decimal('0.0002'), amongAccounts: true });
    expect(taker.fills().map((fill) => fill.amongAccounts)).toEqual([undefined, true]);
    expect(maker.openPositions()).toMatchObject([{ direction: 'long', quantity: decimal(2) }]);
    expect(taker.openPositions()).toMatchObject([{ direction: 'short', quantity: decimal(3) }]);
  });

  it('takes the older of two at one price first', () => {
    const { maker, taker } = exchangeOfTwo();
    taker.place(limit('buy', 100.5, 1));
    maker.place(limit('buy', 100.5, 1));
    maker.place(order({ side: 'sell', quantity: 1 }));
    expect(fillsOf(taker)).toEqual(['maker buy 1 at 100.5']);
    expect(maker.openOrders()).toHaveLength(1);
  });

  it('takes no more of orders that may only reduce than their account holds', () => {
    const { maker, taker, book } = exchangeOfTwo();
    maker.place(order({ side: 'buy', quantity: 1 }));
    for (const price of [100.5, 100.6]) {
      maker.place(order({ side: 'sell', kind: 'limit', price, quantity: 1, reduceOnly: true }));
    }
    expect(book().levelsFor('buy', 1)).toMatchObject([{ price: decimal(100.5), quantity: decimal(1) }]);
    taker.place(limit('buy', 100.9, 2));
    expect(maker.openPositions()).toEqual([]);
    expect(maker.openOrders()).toEqual([]);
    expect(fillsOf(taker)).toEqual(['taker buy 1 at 100.5']);
  });

  it('is not offered a conditional order before it has fired', () => {
    const { maker, book } = exchangeOfTwo();
    maker.place({ ...limit('buy', 100.5), trigger: { price: decimal(105), direction: 'rise', by: 'last' } });
    expect(book().levelsFor('sell', 1)).toMatchObject([{ price: decimal(100) }]);
  });

  it('lets a post-only order that would take it end', () => {
    const { maker, taker } = exchangeOfTwo();
    maker.place(limit('buy', 100.5));
    taker.place({ ...limit('sell', 100.5), timeInForce: 'post-only' });
    expect(taker.closedOrders()).toMatchObject([{ endReason: 'would-take' }]);
    expect(maker.openOrders()).toHaveLength(1);
  });
});

describe('an order that meets a resting order of its own account', () => {
  it('trades with it, and the position stays what it was', () => {
    const { maker } = exchangeOfTwo();
    maker.place(limit('buy', 100.5));
    maker.place(limit('sell', 100.4));
    expect(fillsOf(maker)).toEqual(['maker buy 1 at 100.5', 'taker sell 1 at 100.5']);
    expect(maker.openPositions()).toEqual([]);
    expect(maker.openOrders()).toEqual([]);
  });
});

describe('a resting order', () => {
  it('no longer helps a stop when the price has fallen through it: the quote fills both', () => {
    // The one with the stop follows the quote first: nobody has filled the resting order before.
    const { maker: holder, taker: bidder, move } = exchangeOfTwo();
    holder.place(order({ side: 'buy', quantity: 1, stopLoss: 99 }));
    bidder.place(limit('buy', 99.5));
    move(95);
    expect(fillsOf(holder)).toEqual(['taker buy 1 at 101', 'taker sell 1 at 95']);
    expect(fillsOf(bidder)).toEqual(['maker buy 1 at 99.5']);
  });

  it('leaves the book with its cancel', () => {
    const { maker, book } = exchangeOfTwo();
    const placed = maker.place(limit('buy', 100.5));
    expect(book().levelsFor('sell', 1)).toMatchObject([{ price: decimal(100.5) }]);
    maker.cancel(placed.ok ? placed.value.orderId : '');
    expect(book().levelsFor('sell', 1)).toMatchObject([{ price: decimal(100) }]);
  });
});
