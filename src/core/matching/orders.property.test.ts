import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { btcId, exchange, order } from '../../../test/fixture/matching-desk.ts';
import { type Decimal, decimal, ZERO } from '../base/decimal.ts';
import type { MatchingFill } from './account-state.ts';
import { isPartialProtection, isProtection, isResting, leavesQuantity } from './matching-order.ts';
import { quantityMaxOf } from './order-rules.ts';
import type { TradingAccount } from './trading-account.ts';

type Venue = ReturnType<typeof exchange>;

const side = fc.constantFrom('buy', 'sell');
const quantity = fc.integer({ min: 0, max: 20_000 }).map((steps) => steps / 1000);
const seldom = fc.oneof(
  { weight: 5, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);
const tickPrice = fc.integer({ min: 850, max: 1150 }).map((ticks) => ticks / 10);
const distance = fc.integer({ min: 1, max: 60 }).map((ticks) => ticks / 10);

const placing = fc.record({
  kind: fc.constant('place' as const),
  side,
  quantity,
  orderKind: fc.constantFrom('market', 'limit'),
  /** From the last price, in ticks. */
  offset: fc.integer({ min: -45, max: 45 }),
  timeInForce: fc.constantFrom('good-till-cancel', 'immediate-or-cancel', 'fill-or-kill', 'post-only'),
  reduceOnly: seldom,
  closeOnTrigger: seldom,
  trigger: fc.option(fc.constantFrom('last', 'mark', 'index'), { freq: 2 }),
  stops: fc.option(fc.record({ stop: distance, profit: distance, mode: fc.constantFrom('full', 'partial') })),
  selfMatch: fc.constantFrom('none', 'cancel-maker', 'cancel-taker', 'cancel-both'),
  /** The position meant in hedge mode. */
  isLong: fc.boolean(),
});
const action = fc.oneof(
  { weight: 4, arbitrary: placing },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      last: tickPrice,
      mark: tickPrice,
      index: tickPrice,
      top: fc.integer({ min: 1, max: 9000 }).map((steps) => steps / 1000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('guard' as const),
      mode: fc.constantFrom('full', 'partial'),
      part: quantity,
      stop: fc.option(distance),
      profit: fc.option(distance),
      trail: fc.option(distance),
      isLong: fc.boolean(),
      isLimit: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('amend' as const), at: fc.nat(8), quantity, price: tickPrice }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(8), races: fc.boolean() }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

describe('any sequence of placements, quotes, stops, amendments and cancels', () => {
  it('fills inside the book, and a resting order at its own price', () => {
    check(({ venue, before, fresh, step }) => {
      const book = venue.book();
      for (const fill of fresh) {
        const deepest = fill.order?.price ?? book.protectedPriceFor(fill.side);
        const [low, high] = fill.side === 'buy' ? [book.askPrice, deepest] : [deepest, book.bidPrice];
        if (fill.maker) expect(fill.price.toFixed()).toBe(fill.order?.price?.toFixed());
        else expect(fill.price.gte(low) && fill.price.lte(high), fill.price.toFixed()).toBe(true);
        const isRace = step.kind === 'cancel' && step.races;
        if (!fill.maker || isRace) continue;
        // The book has traded through it: it rested at a price the other side now takes.
        expect(fill.side === 'buy' ? fill.price.gte(low) : fill.price.lte(high)).toBe(true);
        expect(before.some((each) => each.orderId === fill.order?.orderId)).toBe(true);
      }
    });
  });

  it('knows no negative quantity, and no open order that has nothing left', () => {
    check(({ account }) => {
      for (const each of account.openPositions()) expect(each.quantity.greaterThan(ZERO)).toBe(true);
      for (const each of account.openOrders()) {
        expect(leavesQuantity(each).isNegative()).toBe(false);
        const isWhole = each.status === 'untriggered' && each.closeOnTrigger && each.quantity.isZero();
        if (!isWhole) expect(leavesQuantity(each).isZero(), each.status).toBe(false);
        expect(each.endReason).toBeNull();
      }
      for (const each of account.closedOrders()) {
        expect(each.filledQuantity.lessThanOrEqualTo(each.quantity)).toBe(true);
        expect(each.status === 'filled').toBe(each.endReason === null);
      }
    });
  });

  it('never opens or turns a position by an order that may only reduce', () => {
    check(({ fresh }) => {
      for (const fill of fresh) {
        if (fill.order?.reduceOnly !== true) continue;
        expect(fill.closedQuantity.toFixed()).toBe(fill.quantity.toFixed());
      }
    });
  });

  it('ends stops with their position and never lets one guard more than is held', () => {
    check(({ account }) => {
      for (const stop of account.openOrders().filter(isProtection)) {
        const position = account.openPositions().find((each) => each.positionIndex === stop.positionIndex);
        expect(position, 'a stop has a position').toBeDefined();
        expect(stop.side).toBe(position?.direction === 'long' ? 'sell' : 'buy');
        if (stop.status !== 'untriggered') continue;
        const held = position?.quantity ?? ZERO;
        if (isPartialProtection(stop)) expect(stop.quantity.lessThanOrEqualTo(held)).toBe(true);
        else expect(stop.quantity.toFixed()).toBe(held.toFixed());
      }
    });
  });

  it('keeps one stop of a kind for the whole, and no twin of a fired one', () => {
    check(({ account }) => {
      const open = account.openOrders();
      for (const origin of ['stop-loss', 'take-profit', 'trailing-stop']) {
        const waiting = open.filter((each) => each.origin === origin && each.status === 'untriggered');
        const indexes = waiting.map((each) => each.positionIndex);
        expect(new Set(indexes).size).toBe(indexes.length);
      }
      const fired = [...open, ...account.closedOrders()].filter(
        (each) => isPartialProtection(each) && !each.filledQuantity.isZero(),
      );
      const twins = new Set(fired.map((each) => each.links.twinOrderId));
      expect(open.filter((each) => twins.has(each.orderId))).toEqual([]);
    });
  });

  it('lets no order rest that may not, or that the book already takes', () => {
    check(({ account, venue, step }) => {
      for (const each of account.openOrders().filter(isResting)) {
        expect(['good-till-cancel', 'post-only']).toContain(each.timeInForce);
        if (step.kind !== 'move') continue;
        const available = venue.book().availableFor(each.side, each.price);
        expect(available.isZero(), 'what crosses is taken as far as the book goes').toBe(true);
      }
    });
  });

  it('takes no order beyond its bounds, and keeps every client order apart', () => {
    check(({ account, venue }) => {
      const { instrument } = venue.book();
      const open = account.openOrders();
      expect(
        open.filter((each) => each.origin === 'conditional' && each.status === 'untriggered').length,
      ).toBeLessThan(11);
      for (const index of [0, 1, 2]) {
        const parts = open.filter((each) => isPartialProtection(each) && each.positionIndex === index);
        expect(parts.length).toBeLessThan(21);
      }
      for (const each of open.filter(({ origin }) => origin === 'user')) {
        expect(each.quantity.lessThanOrEqualTo(quantityMaxOf(instrument, each))).toBe(true);
        expect(each.quantity.modulo(instrument.quantityStep).isZero()).toBe(true);
      }
      const names = [...open, ...account.closedOrders()].map((each) => each.orderId);
      expect(new Set(names).size).toBe(names.length);
    });
  });
});

interface Seen {
  readonly venue: Venue;
  readonly account: TradingAccount;
  readonly step: Action;
  /** Open before the step. */
  readonly before: ReturnType<TradingAccount['openOrders']>;
  /** Fills of the step. */
  readonly fresh: readonly MatchingFill[];
}

function check(invariant: (seen: Seen) => void): void {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(action, { minLength: 10, maxLength: 40, size: 'max' }),
      (isHedged, steps) => {
        const venue = exchange({ last: 100, top: 5, wallet: 100_000 });
        const { account } = venue;
        if (isHedged) account.setHedged(null, true);
        for (const step of steps) {
          const before = account.openOrders();
          const count = account.fills().length;
          play(venue, step);
          const fresh = account.fills().slice(0, account.fills().length - count);
          invariant({ venue, account, step, before, fresh });
        }
      },
    ),
    { numRuns: 60 },
  );
}

function play(venue: Venue, step: Action): void {
  const { account } = venue;
  if (step.kind === 'move') venue.move(step.last, step);
  else if (step.kind === 'place') place(venue, step);
  else if (step.kind === 'guard') guard(venue, step);
  else {
    const open = account.openOrders()[step.at];
    if (open === undefined) return;
    if (step.kind === 'amend') {
      account.amend(open.orderId, { quantity: decimal(step.quantity), price: decimal(step.price) });
      return;
    }
    account.loseCancelRaces(step.races ? 1 : 0);
    account.cancel(open.orderId);
    account.loseCancelRaces(0);
  }
}

function place(venue: Venue, step: Extract<Action, { kind: 'place' }>): void {
  const { trigger, stops, orderKind, offset, isLong, ...rest } = step;
  const last = venue.book().lastPrice.toNumber();
  const price = tick(last + offset / 10);
  const sign = step.side === 'buy' ? 1 : -1;
  const reference = orderKind === 'limit' ? price : last;
  venue.account.place(
    order({
      ...rest,
      kind: orderKind,
      positionIndex: indexOf(venue, isLong),
      ...(orderKind === 'limit' ? { price } : {}),
      ...(trigger === null
        ? {}
        : { trigger: { price, direction: price > last ? 'rise' : 'fall', by: trigger } }),
      ...(stops === null
        ? {}
        : {
            stopLoss: tick(reference - sign * stops.stop),
            takeProfit: tick(reference + sign * stops.profit),
            protectionMode: stops.mode,
          }),
    }),
  );
}

function guard(venue: Venue, step: Extract<Action, { kind: 'guard' }>): void {
  const { account } = venue;
  const positionIndex = indexOf(venue, step.isLong);
  const position = account.position({ instrumentId: btcId, positionIndex });
  const sign = position.direction === 'short' ? -1 : 1;
  const last = venue.book().lastPrice.toNumber();
  const isLimit = step.isLimit && step.mode === 'partial';
  const level = (away: number) => {
    const price = decimal(tick(last + sign * away));
    return { price, by: 'last' as const, ...(isLimit ? { limitPrice: price } : {}) };
  };
  account.setStops({
    instrumentId: btcId,
    positionIndex,
    mode: step.mode,
    partialQuantity: decimal(step.part),
    ...(step.stop === null ? {} : { stopLoss: level(-step.stop) }),
    ...(step.profit === null ? {} : { takeProfit: level(step.profit) }),
    ...(step.trail === null
      ? {}
      : { trailingStop: { distance: decimal(step.trail) as Decimal, activePrice: null } }),
  });
}

function indexOf({ account }: Venue, isLong: boolean): 0 | 1 | 2 {
  if (!account.isHedged(btcId)) return 0;
  return isLong ? 1 : 2;
}

function tick(price: number): number {
  return Math.round(price * 10) / 10;
}
