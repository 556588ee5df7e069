import type { Decimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type AccountState, type Desk, keepOrder } from './account-state.ts';
import type { Book } from './book.ts';
import { checkProtections, checkQuantityBounds, checkTick, checkTrigger } from './check-placement.ts';
import { takeFromBook } from './execute.ts';
import { accountMargin, openingMargin } from './margin.ts';
import { isProtection, leavesQuantity, type MatchingOrder, type ProtectionLevel } from './matching-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** What to change; an absent field stays, a null stop is taken off. */
export interface OrderAmendment {
  readonly quantity?: Decimal;
  readonly price?: Decimal;
  readonly triggerPrice?: Decimal;
  readonly takeProfit?: ProtectionLevel | null;
  readonly stopLoss?: ProtectionLevel | null;
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
  const { quantity, price, triggerPrice, takeProfit, stopLoss } = amendment;
  const trigger = order.trigger;
  return {
    ...order,
    quantity: quantity ?? order.quantity,
    price: order.kind === 'limit' ? (price ?? order.price) : null,
    trigger: trigger === null ? null : { ...trigger, price: triggerPrice ?? trigger.price },
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
    return refusal('bad-quantity', 'The modified order quantity must exceed the filled quantity');
  }
  if (isProtection(order) && !amended.quantity.equals(order.quantity)) {
    return refusal('bad-quantity', 'The quantity of a position stop follows the position');
  }
  return checkNumbers(state, desk, book, amended) ?? checkMargin(state, desk, change);
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
    checkTick(book, amended.takeProfit?.price ?? null) ??
    checkTick(book, amended.stopLoss?.price ?? null) ??
    (isWaiting ? checkTrigger(state, desk, book, amended) : null) ??
    checkProtections(state, desk, book, amended)
  );
}

/** Only what is bound beyond the order as it stood has to be there. */
function checkMargin(
  state: AccountState,
  desk: Desk,
  change: { readonly order: MatchingOrder; readonly amended: MatchingOrder },
): MatchingRefusal | null {
  const { order, amended } = change;
  if (amended.status === 'untriggered') return null;
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
    priceText(order.takeProfit?.price) === priceText(amended.takeProfit?.price) &&
    priceText(order.stopLoss?.price) === priceText(amended.stopLoss?.price)
  );
}

function priceText(price: Decimal | null | undefined): string {
  return price?.toFixed() ?? '';
}
