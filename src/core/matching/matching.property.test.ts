import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchange, order } from '../../../test/fixture/matching-desk.ts';
import { type Decimal, decimal, ZERO } from '../base/decimal.ts';
import type { MatchingFill } from './account-state.ts';
import type { Book } from './book.ts';
import type { TradingAccount } from './trading-account.ts';

const side = fc.constantFrom('buy', 'sell');
const quantity = fc.integer({ min: 1, max: 60_000 }).map((steps) => steps / 1000);
const tickPrice = fc.integer({ min: 800, max: 1200 }).map((ticks) => ticks / 10);

const action = fc.oneof(
  fc.record({ kind: fc.constant('market' as const), side, quantity, reduceOnly: fc.boolean() }),
  fc.record({
    kind: fc.constant('limit' as const),
    side,
    quantity,
    price: tickPrice,
    reduceOnly: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('stopped' as const),
    side,
    quantity,
    distance: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    kind: fc.constant('move' as const),
    last: tickPrice,
    top: fc.integer({ min: 1, max: 40 }).map((steps) => steps / 1000),
  }),
  fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(5) }),
  fc.record({ kind: fc.constant('funding' as const), rate: fc.integer({ min: -30, max: 30 }) }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

describe('any sequence of orders, quotes, cancels and fundings', () => {
  it('keeps the wallet equal to the sum of its postings, exactly', () => {
    check(({ account }) => {
      const sum = account.ledger.postings().reduce((total, posting) => total.plus(posting.amount), ZERO);
      expect(account.ledger.balance.equals(sum)).toBe(true);
    });
  });

  it('books every fill: cash paid and received, fees and funding explain the wallet to the last digit', () => {
    check(({ account }) => {
      const fills = account.fills();
      const trades = fills.filter((fill) => fill.execution !== 'funding');
      const cash = trades.reduce((total, fill) => total.plus(signedValue(fill)), ZERO);
      const fees = fills.reduce((total, fill) => total.plus(fill.fee), ZERO);
      const insured = account.ledger
        .postings()
        .filter((posting) => posting.kind === 'insurance')
        .reduce((total, posting) => total.plus(posting.amount), ZERO);
      const held = account
        .openPositions()
        .reduce(
          (total, each) =>
            each.direction === 'long' ? total.plus(each.entryValue) : total.minus(each.entryValue),
          ZERO,
        );
      const expected = decimal(10_000).plus(cash).minus(fees).plus(insured).plus(held);
      expect(account.ledger.balance.toFixed()).toBe(expected.toFixed());
    });
  });

  it('makes positions of exactly the quantities that were filled', () => {
    check(({ account }) => {
      const filled = account
        .fills()
        .filter((fill) => fill.execution !== 'funding')
        .reduce(
          (sum, fill) => (fill.side === 'buy' ? sum.plus(fill.quantity) : sum.minus(fill.quantity)),
          ZERO,
        );
      const held = account
        .openPositions()
        .reduce(
          (sum, each) => (each.direction === 'long' ? sum.plus(each.quantity) : sum.minus(each.quantity)),
          ZERO,
        );
      expect(held.equals(filled)).toBe(true);
    });
  });

  it('fills no order beyond its quantity, its limit or its right to reduce', () => {
    check(({ account }) => {
      for (const fill of account.fills()) {
        const filled = fill.order;
        if (filled === null) continue;
        expect(filled.filledQuantity.lessThanOrEqualTo(filled.quantity)).toBe(true);
        if (filled.reduceOnly) expect(fill.closedQuantity.equals(fill.quantity)).toBe(true);
        if (filled.price === null) continue;
        const isWithin =
          filled.side === 'buy'
            ? fill.price.lessThanOrEqualTo(filled.price)
            : fill.price.greaterThanOrEqualTo(filled.price);
        expect(isWithin, 'never worse than the limit').toBe(true);
      }
    });
  });

  it('fills nothing outside the book of its moment', () => {
    check(({ account, books }) => {
      for (const fill of account.fills().filter((each) => each.execution !== 'funding')) {
        const book = books.find((each) => each.timeMs === fill.timeMs);
        const best = fill.side === 'buy' ? book?.ask : book?.bid;
        const deepest = fill.order?.price ?? (fill.side === 'buy' ? book?.deepestAsk : book?.deepestBid);
        const [low, high] = fill.side === 'buy' ? [best, deepest] : [deepest, best];
        if (!fill.maker)
          expect(fill.price.greaterThanOrEqualTo(low!) && fill.price.lessThanOrEqualTo(high!)).toBe(true);
        if (fill.maker)
          expect(fill.side === 'buy' ? fill.price.gte(best!) : fill.price.lte(best!)).toBe(true);
      }
    });
  });

  it('takes no more from a book than it holds', () => {
    check(({ account, books }) => {
      for (const book of books) {
        for (const each of ['buy', 'sell'] as const) {
          const taken = account
            .fills()
            .filter(
              (fill) => fill.timeMs === book.timeMs && fill.side === each && fill.execution !== 'funding',
            )
            .reduce((sum, fill) => sum.plus(fill.quantity), ZERO);
          expect(taken.lessThanOrEqualTo(book.depth)).toBe(true);
        }
      }
    });
  });

  it('leaves no stop without its position and no stop of another size', () => {
    check(({ account }) => {
      const stops = account.openOrders().filter((each) => each.origin === 'stop-loss');
      const [position] = account.openPositions();
      for (const stop of stops.filter((each) => each.status === 'untriggered')) {
        expect(stop.quantity.equals(position?.quantity ?? ZERO)).toBe(true);
        expect(stop.side).toBe(position?.direction === 'long' ? 'sell' : 'buy');
      }
    });
  });
});

interface SeenBook {
  readonly timeMs: number;
  readonly ask: Decimal;
  readonly bid: Decimal;
  readonly deepestAsk: Decimal;
  readonly deepestBid: Decimal;
  readonly depth: Decimal;
}

/** Plays random actions and lets `invariant` look after each of them. */
function check(invariant: (seen: { account: TradingAccount; books: readonly SeenBook[] }) => void): void {
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 25 }), (actions) => {
      const venue = exchange({ last: 100, top: 20 });
      const books: SeenBook[] = [seenBook(venue.book(), 20)];
      for (const each of actions) {
        play(venue, each);
        if (each.kind === 'move') books.push(seenBook(venue.book(), each.top));
        invariant({ account: venue.account, books });
      }
    }),
    { numRuns: 60 },
  );
}

function play(venue: ReturnType<typeof exchange>, step: Action): void {
  const { account } = venue;
  if (step.kind === 'move') {
    venue.move(step.last, { top: step.top });
  } else if (step.kind === 'funding') {
    account.payFunding(venue.book(), step.rate / 10_000);
  } else if (step.kind === 'cancel') {
    const open = account.openOrders()[step.at];
    if (open !== undefined) account.cancel(open.orderId);
  } else if (step.kind === 'stopped') {
    const sign = step.side === 'buy' ? -1 : 1;
    const stopLoss = Math.round(venue.book().lastPrice.toNumber() * 10 + sign * step.distance) / 10;
    account.place(order({ side: step.side, quantity: step.quantity, stopLoss }));
  } else {
    account.place(order(step));
  }
}

function seenBook(book: Book, top: number): SeenBook {
  return {
    timeMs: book.timeMs,
    ask: book.askPrice,
    bid: book.bidPrice,
    deepestAsk: book.protectedPriceFor('buy'),
    deepestBid: book.protectedPriceFor('sell'),
    // 1,000 levels, the n-th with n times the best: 1 + 2 + ... + 1,000 = 500,500 times.
    depth: decimal(top).times(500_500),
  };
}

function signedValue(fill: MatchingFill): Decimal {
  const value = fill.price.times(fill.quantity);
  return fill.side === 'buy' ? value.negated() : value;
}
