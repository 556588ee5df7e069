import type { Decimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type AccountState, type Desk, keepOrder, positionOf } from './account-state.ts';
import type { Book, PriceKind } from './book.ts';
import {
  checkLevelTicks,
  checkNotional,
  checkProtections,
  checkQuantityBounds,
  checkTick,
  checkTrigger,
} from './check-placement.ts';
import { takeFromBook } from './execute.ts';
import { accountMargin, openingMargin } from './margin.ts';
import {
  isPartialProtection,
  isProtection,
  leavesQuantity,
  type MatchingOrder,
  type ProtectionLevel,
  type ProtectionMode,
} from './matching-order.ts';
import { checkPriceBand } from './order-rules.ts';
import { checkRoomForParts, partialStopsOf } from './partial-protection.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { checkRiskLimit } from './risk-limit.ts';

/** What to change; an absent field stays, a null stop is taken off. */
export interface OrderAmendment {
  readonly quantity?: Decimal;
  readonly price?: Decimal;
  readonly triggerPrice?: Decimal;
  readonly triggerBy?: PriceKind;
  readonly takeProfit?: ProtectionLevel | null;
  readonly stopLoss?: ProtectionLevel | null;
  /** Of the stops the order brings. */
  readonly protectionMode?: ProtectionMode;
}

/** Changes an order that still lives; its id stays. A limit order that now crosses is filled at once. */
export function amendOrder(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  amendment: OrderAmendment,
): Result<MatchingOrder, MatchingRefusal> {
  const book = desk.book(order.instrumentId);
  if (book === null) return err(refusal('unknown-instrument', `${order.instrumentId} is not listed`));
  const amended = amendedOrder(order, amendment, desk.nowMs());
  const refused = check(state, desk, book, { order, amended });
  if (refused !== null) return err(refused);
  keepOrder(state, amended);
  if (amended.status !== 'untriggered') takeFromBook(state, desk, book, amended);
  return ok(amended);
}

function amendedOrder(order: MatchingOrder, amendment: OrderAmendment, nowMs: number): MatchingOrder {
  const { quantity, price, triggerPrice, triggerBy, takeProfit, stopLoss } = amendment;
  const trigger = order.trigger;
  return {
    ...order,
    quantity: quantity ?? order.quantity,
    price: order.kind === 'limit' ? (price ?? order.price) : null,
    trigger:
      trigger === null
        ? null
        : { ...trigger, price: triggerPrice ?? trigger.price, by: triggerBy ?? trigger.by },
    protectionMode: amendment.protectionMode ?? order.protectionMode ?? 'full',
    takeProfit: takeProfit === undefined ? order.takeProfit : takeProfit,
    stopLoss: stopLoss === undefined ? order.stopLoss : stopLoss,
    updatedMs: nowMs,
  };
}

function check(
  state: AccountState,
  desk: Desk,
  book: Book,
  change: { readonly order: MatchingOrder; readonly amended: MatchingOrder },
): MatchingRefusal | null {
  const { order, amended } = change;
  if (isSame(order, amended)) return refusal('not-modified', 'order not modified');
  if (!amended.quantity.greaterThan(order.filledQuantity)) {
    const detail = 'The modified contract quantity cannot be less than or equal to the filled quantity.';
    return refusal('quantity-below-filled', detail);
  }
  if (order.status === 'partly-filled' && !hasSameStops(order, amended)) {
    const detail = 'Not allowed to modify the TP/SL of a partially filled open order';
    return refusal('stops-of-partly-filled', detail);
  }
  if (isProtection(order) && !isPartialProtection(order) && !amended.quantity.equals(order.quantity)) {
    return refusal('bad-quantity', 'The quantity of a position stop follows the position');
  }
  return (
    checkPart(state, desk, amended) ??
    checkRoomForParts(state, amended, partialStopsOf(amended) - partialStopsOf(order)) ??
    checkNumbers(state, desk, book, amended) ??
    checkMargin(state, desk, book, change)
  );
}

/** A stop for a part guards no more than is held. */
function checkPart(state: AccountState, desk: Desk, amended: MatchingOrder): MatchingRefusal | null {
  if (!isPartialProtection(amended)) return null;
  const held = positionOf(state, desk, amended).quantity;
  if (amended.quantity.minus(amended.filledQuantity).lessThanOrEqualTo(held)) return null;
  return refusal('partial-beyond-position', 'the stop exceeds the remaining position size');
}

function checkNumbers(
  state: AccountState,
  desk: Desk,
  book: Book,
  amended: MatchingOrder,
): MatchingRefusal | null {
  const isWaiting = amended.status === 'untriggered';
  return (
    checkQuantityBounds(book, amended) ??
    checkTick(book, amended.price) ??
    checkTick(book, amended.trigger?.price ?? null) ??
    checkLevelTicks(book, amended) ??
    checkNotional(book, amended) ??
    (isWaiting ? checkTrigger(state, desk, book, amended) : checkPriceBand(book, amended)) ??
    checkProtections(state, desk, book, amended)
  );
}

/** Only what is bound beyond the order as it stood has to be there. */
function checkMargin(
  state: AccountState,
  desk: Desk,
  book: Book,
  change: { readonly order: MatchingOrder; readonly amended: MatchingOrder },
): MatchingRefusal | null {
  const { order, amended } = change;
  if (amended.status === 'untriggered') return null;
  const tooLarge = checkRiskLimit(state, desk, book, { ...amended, quantity: leavesQuantity(amended) });
  if (tooLarge !== null) return tooLarge;
  const more = openingMargin(state, desk, amended, leavesQuantity(amended)).minus(
    openingMargin(state, desk, order, leavesQuantity(order)),
  );
  return more.greaterThan(accountMargin(state, desk).available)
    ? refusal('margin-short', 'ab not enough for new order')
    : null;
}

function isSame(order: MatchingOrder, amended: MatchingOrder): boolean {
  return (
    order.quantity.equals(amended.quantity) &&
    priceText(order.price) === priceText(amended.price) &&
    priceText(order.trigger?.price) === priceText(amended.trigger?.price) &&
    order.trigger?.by === amended.trigger?.by &&
    hasSameStops(order, amended)
  );
}

function hasSameStops(order: MatchingOrder, amended: MatchingOrder): boolean {
  return (
    levelText(order.takeProfit) === levelText(amended.takeProfit) &&
    levelText(order.stopLoss) === levelText(amended.stopLoss) &&
    (order.protectionMode ?? 'full') === (amended.protectionMode ?? 'full')
  );
}

function levelText(level: ProtectionLevel | null): string {
  return level === null ? '' : `${level.by} ${level.price.toFixed()} ${priceText(level.limitPrice)}`;
}

function priceText(price: Decimal | null | undefined): string {
  return price?.toFixed() ?? '';
}
