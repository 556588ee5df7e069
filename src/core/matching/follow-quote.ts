import { type Decimal, decimal, maxDecimal, minDecimal } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { ceilToTick, floorToTick } from '../domain/quantise.ts';
import {
  type AccountState,
  type Desk,
  endOrder,
  openOrdersOf,
  positionOf,
  reducibleQuantity,
} from './account-state.ts';
import type { Book } from './book.ts';
import { fillResting, takeFromBook } from './execute.ts';
import { accountMargin, openingMargin } from './margin.ts';
import { leavesQuantity, type MatchingOrder, type Trigger } from './matching-order.ts';
import { quantityMaxOf } from './order-rules.ts';
import { endTwin } from './partial-protection.ts';
import { checkRiskLimit } from './risk-limit.ts';

/**
 * What a quote does to an account's orders in one instrument: trailing stops follow, triggers fire, resting
 * orders fill. In order of arrival; stops before resting orders.
 */
export function followQuote(state: AccountState, desk: Desk, instrumentId: InstrumentId): void {
  const book = desk.book(instrumentId);
  if (book === null) return;
  const orders = openOrdersOf(state, instrumentId);
  for (const order of orders) {
    const current = trailed(state, book, state.openOrders.get(order.orderId));
    if (current !== undefined && isHit(book, current)) fire(state, desk, book, current);
  }
  for (const order of orders) {
    const current = state.openOrders.get(order.orderId);
    if (current === undefined || current.status === 'untriggered') continue;
    if (current.price === null) takeFromBook(state, desk, book, current);
    else fillResting(state, desk, book, current);
  }
}

function isHit(book: Book, order: MatchingOrder): boolean {
  if (order.status !== 'untriggered' || order.trigger === null) return false;
  if (order.trail !== null && order.trail.activePrice !== null) return false;
  const price = book.price(order.trigger.by);
  return order.trigger.direction === 'rise'
    ? price.greaterThanOrEqualTo(order.trigger.price)
    : price.lessThanOrEqualTo(order.trigger.price);
}

/** A fired order that opens needs its margin now; a stop of a position needs none. */
function fire(state: AccountState, desk: Desk, book: Book, order: MatchingOrder): void {
  const quantity = order.quantity.isZero() ? wholeOf(state, desk, book, order) : order.quantity;
  const fired: MatchingOrder = { ...order, quantity, status: 'open', updatedMs: desk.nowMs() };
  endTwin(state, desk, fired);
  if (quantity.isZero()) {
    endOrder(state, desk, fired, 'reduce-only');
    return;
  }
  const needed = openingMargin(state, desk, fired, leavesQuantity(fired));
  const isShort = !needed.isZero() && needed.greaterThan(accountMargin(state, desk).available);
  if (isShort || checkRiskLimit(state, desk, book, fired) !== null) {
    endOrder(state, desk, fired, 'margin-short');
    return;
  }
  state.openOrders.set(fired.orderId, fired);
  takeFromBook(state, desk, book, fired);
}

/** Quantity zero meant the whole position, as large as it is when the order fires. */
function wholeOf(state: AccountState, desk: Desk, book: Book, order: MatchingOrder): Decimal {
  const held = reducibleQuantity(positionOf(state, desk, order), order.side);
  return minDecimal(held, quantityMaxOf(book.instrument, order));
}

/** Moves a trailing stop's trigger after the best price. Exchanges do not push each such step, nor do we. */
function trailed(
  state: AccountState,
  book: Book,
  order: MatchingOrder | undefined,
): MatchingOrder | undefined {
  if (order === undefined || order.trail === null || order.trigger === null) return order;
  if (order.status !== 'untriggered') return order;
  const { distance, activePrice } = order.trail;
  if (activePrice !== null && !isActive(order.trigger, activePrice, book.lastPrice)) return order;
  const trigger = followed(order.trigger, distance, book);
  const moved = { ...order, trigger, trail: { distance, activePrice: null } };
  state.openOrders.set(moved.orderId, moved);
  return moved;
}

/** A stop that fires on a fall guards a long: it activates on the way up. */
function isActive(trigger: Trigger, activePrice: Decimal, lastPrice: Decimal): boolean {
  return trigger.direction === 'fall'
    ? lastPrice.greaterThanOrEqualTo(activePrice)
    : lastPrice.lessThanOrEqualTo(activePrice);
}

function followed(trigger: Trigger, distance: Decimal, book: Book): Trigger {
  const { instrument, lastPrice } = book;
  const price =
    trigger.direction === 'fall'
      ? maxDecimal(trigger.price, floorToTick(maxDecimal(decimal(0), lastPrice.minus(distance)), instrument))
      : minDecimal(trigger.price, ceilToTick(lastPrice.plus(distance), instrument));
  return { ...trigger, price };
}
