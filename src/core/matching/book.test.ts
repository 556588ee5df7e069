import { describe, expect, it } from 'vitest';
import { instrument } from '../../../test/fixture/scripted-market.ts';
import { type Decimal, decimal, ZERO } from '../base/decimal.ts';
import type { Side } from '../domain/order.ts';
import { Book, type BookLevel, type RestingOffer } from './book.ts';

const SIDES = ['buy', 'sell'] as const;

/** A book around `last` with a spread of a tick and 1 at the best price. */
function bookOf(last: number, tick = 0.1, offers: Partial<Record<Side, readonly RestingOffer[]>> = {}): Book {
  const prices = {
    lastPrice: last,
    markPrice: last,
    indexPrice: last,
    bidPrice: last,
    askPrice: last + tick,
  };
  const rules = { tickSize: decimal(tick) };
  return new Book(
    instrument('BTCUSDT', rules),
    { timeMs: 0, ...prices, topQuantity: 1 },
    (taker) => offers[taker] ?? [],
  );
}

/** Somebody's order of that size; what is filled of it is noted. */
function offer(price: number, quantity: number, uid = 'other'): RestingOffer & { filled: Decimal } {
  return {
    uid,
    createdMs: 0,
    price: decimal(price),
    quantity: decimal(quantity),
    filled: ZERO,
    fill(wanted) {
      this.filled = this.filled.plus(wanted);
      return wanted;
    },
    settle: () => undefined,
  };
}

const texts = (levels: readonly BookLevel[]): readonly string[] =>
  levels.map(({ price, quantity }) => `${quantity.toFixed()} at ${price.toFixed()}`);

describe('a book at one quote', () => {
  it.each(SIDES)('has 1,000 levels for who wants to %s, one behind the other on the tick', (side) => {
    const book = bookOf(60_000);
    const levels = book.levelsFor(side, 5000);
    expect(levels).toHaveLength(1000);
    const sign = side === 'buy' ? 1 : -1;
    for (const [at, { price, quantity }] of levels.entries()) {
      expect(price.modulo('0.1').isZero()).toBe(true);
      expect(quantity.toNumber()).toBe(at + 1);
      const before = levels[at - 1]?.price;
      if (before !== undefined) expect(price.minus(before).times(sign).greaterThan(ZERO)).toBe(true);
    }
  });

  it('thins out with the distance: gaps of 1, 2 and 4 bp of the price', () => {
    const gaps = [1, 49, 50, 199, 200, 999].map((at) => {
      const levels = bookOf(10_000).levelsFor('buy', 1000);
      return levels[at]?.price.minus(levels[at - 1]?.price ?? ZERO).toNumber();
    });
    expect(gaps).toEqual([1, 1, 2, 2, 4, 4]);
  });

  it('is a tick apart where a tick is more than that, and its bids end above zero', () => {
    const bids = bookOf(5, 0.01).levelsFor('sell', 1000);
    expect(bids).toHaveLength(500);
    expect(texts(bids.slice(-2))).toEqual(['499 at 0.02', '500 at 0.01']);
    expect(bookOf(5, 0.01).levelsFor('buy', 1000)).toHaveLength(1000);
  });

  it('ends for market orders at its last level where it has fewer than 50', () => {
    expect(bookOf(0.2, 0.01).protectedPriceFor('sell').toFixed()).toBe('0.01');
    expect(bookOf(0.2, 0.01).protectedPriceFor('buy').toFixed()).toBe('0.7');
  });

  it('ends for market orders at its 50th level, for limit orders at their price', () => {
    const book = bookOf(60_000);
    const whole = (50 * 51) / 2;
    expect(book.availableFor('buy', null).toNumber()).toBe(whole);
    expect(book.availableFor('buy', book.protectedPriceFor('buy')).toNumber()).toBe(whole);
    expect(book.availableFor('buy', decimal(66_000)).greaterThan(whole)).toBe(true);
  });
});

describe('orders that rest in a book', () => {
  it('stand among its levels, at one price added to them', () => {
    const book = bookOf(100, 0.1, { buy: [offer(100.1, 5), offer(100.15, 2), offer(100.3, 7)] });
    expect(texts(book.levelsFor('buy', 4))).toEqual([
      '6 at 100.1',
      '2 at 100.15',
      '2 at 100.2',
      '10 at 100.3',
    ]);
  });

  it('come behind the last level too', () => {
    const far = offer(900, 3);
    const levels = bookOf(100, 0.1, { buy: [far] }).levelsFor('buy', 5000);
    expect(texts(levels.slice(-1))).toEqual(['3 at 900']);
  });

  it('are taken before a worse level and after the level of their price', () => {
    const offers = [offer(100.05, 2), offer(100.1, 5)];
    const book = bookOf(100, 0.1, { buy: offers });
    const parts = book.take('buy', decimal(4), null);
    expect(texts(parts)).toEqual(['2 at 100.05', '1 at 100.1', '1 at 100.1']);
    expect(parts.map((part) => part.offer)).toEqual([offers[0], null, offers[1]]);
  });

  it('are not offered once the quote has gone through them', () => {
    const book = bookOf(100, 0.1, { buy: [offer(99.5, 2), offer(100, 1)], sell: [offer(100.1, 3)] });
    expect(texts(book.levelsFor('buy', 1))).toEqual(['1 at 100.1']);
    expect(texts(book.levelsFor('sell', 1))).toEqual(['1 at 100']);
  });

  it('take no part of what the levels hold', () => {
    const book = bookOf(100, 0.1, { buy: [offer(100.05, 2)] });
    book.take('buy', decimal(2), null);
    expect(book.isTaken).toBe(false);
    expect(texts(book.levelsFor('buy', 2))).toEqual(['2 at 100.05', '1 at 100.1']);
  });

  it('are left out where the orders of others are asked for', () => {
    const book = bookOf(100, 0.1, { buy: [offer(100.05, 2, 'own'), offer(100.07, 2, 'other')] });
    expect(texts([...book.reach('buy', decimal(100.1), 'own')])).toEqual(['2 at 100.07', '1 at 100.1']);
  });
});
