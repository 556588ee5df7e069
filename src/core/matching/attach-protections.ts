import type { Decimal } from '../base/decimal.ts';
import { type AccountState, type Desk, keepOrder, openOrdersOf } from './account-state.ts';
import type { Book } from './book.ts';
import { isPartialProtection, type MatchingOrder } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { addPartialProtections } from './partial-protection.ts';
import { setProtection } from './protection.ts';

/** A fill that opened: the order before and after it, and the position it made. */
interface OpeningFill {
  readonly order: MatchingOrder;
  readonly before: MatchingOrder;
  readonly position: MatchingPosition;
}

/**
 * Rests the stops an order brings. Those for the whole position come with its first fill; those for a part
 * carry what the order has filled, and grow with it.
 */
export function attachProtections(state: AccountState, desk: Desk, fill: OpeningFill): void {
  const { order, before } = fill;
  if (order.stopLoss === null && order.takeProfit === null) return;
  const book = desk.book(order.instrumentId);
  if (book === null) return;
  if (order.protectionMode === 'partial') attachPartial(state, desk, book, fill);
  else if (before.filledQuantity.isZero()) attachFull(state, desk, book, fill);
}

function attachFull(state: AccountState, desk: Desk, book: Book, { order, position }: OpeningFill): void {
  const wanted = [
    { origin: 'stop-loss', level: order.stopLoss },
    { origin: 'take-profit', level: order.takeProfit },
  ] as const;
  for (const { origin, level } of wanted) {
    if (level === null) continue;
    setProtection(state, book, desk, { position, request: { origin, level, trail: null } });
  }
}

function attachPartial(state: AccountState, desk: Desk, book: Book, fill: OpeningFill): void {
  const { order, before, position } = fill;
  const more = order.filledQuantity.minus(before.filledQuantity);
  if (grow(state, desk, order, more)) return;
  addPartialProtections(state, desk, book, {
    position,
    quantity: more,
    takeProfit: order.takeProfit,
    stopLoss: order.stopLoss,
    parent: order,
  });
}

/** False when no stop of this order rests yet. */
function grow(state: AccountState, desk: Desk, parent: MatchingOrder, more: Decimal): boolean {
  const own = openOrdersOf(state, parent.instrumentId).filter(
    (stop) =>
      isPartialProtection(stop) &&
      stop.status === 'untriggered' &&
      stop.links.parentOrderId === parent.orderId,
  );
  for (const stop of own) {
    keepOrder(state, { ...stop, quantity: stop.quantity.plus(more), updatedMs: desk.nowMs() });
  }
  return own.length > 0;
}
