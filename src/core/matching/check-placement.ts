import { type Decimal, decimalText, minDecimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Direction } from '../domain/order.ts';
import {
  type AccountState,
  type Desk,
  isHedged,
  openOrdersOf,
  positionOf,
  reducibleQuantity,
} from './account-state.ts';
import type { Book } from './book.ts';
import { checkPhase } from './instrument-phase.ts';
import { accountMargin, openingMargin } from './margin.ts';
import type { OrderPlacement, PositionIndex } from './matching-order.ts';
import { checkPriceBand, quantityMaxOf } from './order-rules.ts';
import { checkRoomForParts, partialStopsOf } from './partial-protection.ts';
import { isOnItsSide } from './protection.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { checkRiskLimit } from './risk-limit.ts';

const ACTIVE_ORDERS_MAX = 500;
const CONDITIONAL_ORDERS_MAX = 10;
const CLIENT_ORDER_ID = /^[A-Za-z0-9_-]{1,36}$/;

type Check = (
  state: AccountState,
  desk: Desk,
  book: Book,
  placement: OrderPlacement,
) => MatchingRefusal | null;

/** In the order an exchange looks: first who and what, then how much, then the money. */
const CHECKS: readonly Check[] = [
  checkClientId,
  checkPositionIndex,
  checkCounts,
  checkPrices,
  checkQuantity,
  checkTrigger,
  checkProtections,
  checkRiskLimit,
  checkMargin,
];

/**
 * Everything an exchange checks before it takes an order. Gives the order with its quantity as it will
 * stand: a reduce-only order is cut to the position, quantity zero with close-on-trigger means all of it.
 */
export function checkPlacement(
  state: AccountState,
  desk: Desk,
  placement: OrderPlacement,
): Result<{ readonly placement: OrderPlacement; readonly book: Book }, MatchingRefusal> {
  const book = desk.book(placement.instrumentId);
  if (book === null) return err(refusal('unknown-instrument', `${placement.instrumentId} is not listed`));
  const outOfPhase = checkPhase(book.instrument, placement, desk.nowMs());
  if (outOfPhase !== null) return err(outOfPhase);
  const bounded = boundReduceOnly(state, desk, book, placement);
  if (!bounded.ok) return bounded;
  for (const check of CHECKS) {
    const refused = check(state, desk, book, bounded.value);
    if (refused !== null) return err(refused);
  }
  return ok({ placement: bounded.value, book });
}

/** Null when the index fits the account's mode for the instrument. */
export function checkPositionIndex(
  state: AccountState,
  _desk: Desk,
  _book: Book,
  placement: { readonly instrumentId: OrderPlacement['instrumentId']; readonly positionIndex: PositionIndex },
): MatchingRefusal | null {
  const fits = isHedged(state, placement.instrumentId) === (placement.positionIndex !== 0);
  return fits ? null : refusal('position-index', 'position idx not match position mode');
}

/** Null when the price is a positive multiple of the tick. */
export function checkTick(book: Book, price: Decimal | null): MatchingRefusal | null {
  if (price === null) return null;
  const sound = price.greaterThan(0) && price.modulo(book.instrument.tickSize).isZero();
  return sound ? null : refusal('bad-price', `price ${decimalText(price)} is off the tick`);
}

/**
 * Null when the quantity is a multiple of the step within the instrument's bounds. A reduce-only order may
 * be smaller than the minimum: it closes what is left.
 */
export function checkQuantityBounds(
  book: Book,
  order: Pick<OrderPlacement, 'quantity' | 'reduceOnly' | 'kind' | 'timeInForce'>,
): MatchingRefusal | null {
  const { quantityStep, quantityMin } = book.instrument;
  const { quantity, reduceOnly } = order;
  const quantityMax = quantityMaxOf(book.instrument, order);
  const text = decimalText(quantity);
  if (!quantity.modulo(quantityStep).isZero()) return refusal('bad-quantity', `qty ${text} is off the step`);
  if (quantity.lessThan(reduceOnly ? quantityStep : quantityMin)) {
    return refusal('bad-quantity', `qty ${text} is below the minimum`);
  }
  if (quantity.greaterThan(quantityMax)) {
    const bound = `order_qty:${text} > max_qty:${decimalText(quantityMax)}`;
    return refusal('bad-quantity', `The number of contracts exceeds maximum limit allowed: ${bound}`);
  }
  return null;
}

/**
 * An order that closes on its trigger can only reduce; so can, in hedge mode, one against its position's
 * direction. A conditional one is cut when it fires, any other now.
 */
function boundReduceOnly(
  state: AccountState,
  desk: Desk,
  book: Book,
  placement: OrderPlacement,
): Result<OrderPlacement, MatchingRefusal> {
  const closesByIndex =
    (placement.positionIndex === 1 && placement.side === 'sell') ||
    (placement.positionIndex === 2 && placement.side === 'buy');
  if (!placement.reduceOnly && !placement.closeOnTrigger && !closesByIndex) return ok(placement);
  const reduceOnly = { ...placement, reduceOnly: true };
  if (placement.trigger !== null) return ok(reduceOnly);
  const reducible = reducibleQuantity(positionOf(state, desk, placement), placement.side);
  if (reducible.isZero()) {
    return err(refusal('nothing-to-reduce', 'current position is zero, cannot fix reduce-only order qty'));
  }
  if (placement.quantity.isZero() && placement.closeOnTrigger) {
    return ok({ ...reduceOnly, quantity: minDecimal(reducible, quantityMaxOf(book.instrument, placement)) });
  }
  return ok({ ...reduceOnly, quantity: minDecimal(placement.quantity, reducible) });
}

function checkClientId(
  state: AccountState,
  _desk: Desk,
  _book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  const id = placement.clientOrderId;
  if (id === '') return null;
  if (!CLIENT_ORDER_ID.test(id)) return refusal('bad-client-id', 'client order id is malformed');
  return state.usedClientOrderIds.has(id)
    ? refusal('duplicate-client-id', 'OrderLinkedID is duplicate')
    : null;
}

function checkCounts(
  state: AccountState,
  _desk: Desk,
  _book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  const own = openOrdersOf(state, placement.instrumentId);
  const conditionals = own.filter(
    (order) => order.origin === 'conditional' && order.status === 'untriggered',
  );
  if (placement.trigger !== null && conditionals.length >= CONDITIONAL_ORDERS_MAX) {
    return refusal('too-many-conditionals', 'already had 10 working conditional orders');
  }
  const active = own.filter((order) => order.status !== 'untriggered');
  if (active.length < ACTIVE_ORDERS_MAX) {
    return checkRoomForParts(state, placement, partialStopsOf(placement));
  }
  return refusal('too-many-orders', 'Not allowed to have more than 500 active orders.');
}

function checkPrices(
  _state: AccountState,
  _desk: Desk,
  book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  const { trigger } = placement;
  return (
    checkTick(book, placement.price) ??
    checkTick(book, trigger?.price ?? null) ??
    checkLevelTicks(book, placement) ??
    (trigger === null ? checkPriceBand(book, placement) : null)
  );
}

/** Null when the prices of the stops it brings are multiples of the tick. */
export function checkLevelTicks(
  book: Book,
  order: Pick<OrderPlacement, 'takeProfit' | 'stopLoss'>,
): MatchingRefusal | null {
  for (const level of [order.takeProfit, order.stopLoss]) {
    const refused = checkTick(book, level?.price ?? null) ?? checkTick(book, level?.limitPrice ?? null);
    if (refused !== null) return refused;
  }
  return null;
}

function checkQuantity(
  _state: AccountState,
  _desk: Desk,
  book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  if (placement.trigger !== null && placement.closeOnTrigger && placement.quantity.isZero()) return null;
  return checkQuantityBounds(book, placement) ?? checkNotional(book, placement);
}

/** Null when the order is worth what an order has to be worth at least; one that only reduces may be worth less. */
export function checkNotional(
  book: Book,
  placement: Pick<OrderPlacement, 'quantity' | 'price' | 'reduceOnly'>,
): MatchingRefusal | null {
  if (placement.reduceOnly) return null;
  const notional = placement.quantity.times(placement.price ?? book.lastPrice);
  if (notional.greaterThanOrEqualTo(book.instrument.notionalMin)) return null;
  const least = decimalText(book.instrument.notionalMin);
  return refusal('notional-min', `Order does not meet minimum order value ${least}${book.instrument.quote}`);
}

/** Null when the trigger, if any, still lies ahead. */
export function checkTrigger(
  _state: AccountState,
  _desk: Desk,
  book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  const trigger = placement.trigger;
  if (trigger === null) return null;
  const current = book.price(trigger.by);
  const texts = `trigger_price[${decimalText(trigger.price)}] current[${decimalText(current)}]`;
  if (trigger.direction === 'rise' && trigger.price.lessThanOrEqualTo(current)) {
    return refusal('trigger-must-rise', `expect Rising, but ${texts}`);
  }
  if (trigger.direction === 'fall' && trigger.price.greaterThanOrEqualTo(current)) {
    return refusal('trigger-must-fall', `expect Falling, but ${texts}`);
  }
  return null;
}

/** A stop that would fire at once is refused with the order it comes with. */
export function checkProtections(
  _state: AccountState,
  _desk: Desk,
  book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  const direction: Direction = placement.side === 'buy' ? 'long' : 'short';
  const reference = placement.price ?? placement.trigger?.price ?? book.lastPrice;
  const wanted = [
    { origin: 'stop-loss', level: placement.stopLoss },
    { origin: 'take-profit', level: placement.takeProfit },
  ] as const;
  for (const { origin, level } of wanted) {
    if (level === null || isOnItsSide(origin, direction, { level: level.price, reference })) continue;
    const base = `base_price:${decimalText(reference)}`;
    return refusal(
      'protection-side',
      `${origin}:${decimalText(level.price)} is on the wrong side of ${base}`,
    );
  }
  return null;
}

/** A conditional order binds no margin before it is triggered. */
function checkMargin(
  state: AccountState,
  desk: Desk,
  _book: Book,
  placement: OrderPlacement,
): MatchingRefusal | null {
  if (placement.trigger !== null) return null;
  const needed = openingMargin(state, desk, placement, placement.quantity);
  if (needed.isZero() || needed.lessThanOrEqualTo(accountMargin(state, desk).available)) return null;
  return refusal('margin-short', 'ab not enough for new order');
}
