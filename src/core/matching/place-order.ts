import { ZERO } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type AccountState, type Desk, endOrder, keepOrder } from './account-state.ts';
import { checkPlacement } from './check-placement.ts';
import { takeFromBook } from './execute.ts';
import { type MatchingOrder, NO_LINKS, type OrderPlacement } from './matching-order.ts';
import type { MatchingRefusal } from './refusal.ts';

/**
 * Takes an order in: a conditional one waits, any other meets the book at once. Gives the order as it was
 * accepted; what became of it is told by events.
 */
export function placeOrder(
  state: AccountState,
  desk: Desk,
  wish: OrderPlacement,
): Result<MatchingOrder, MatchingRefusal> {
  const checked = checkPlacement(state, desk, wish);
  if (!checked.ok) return err(checked.error);
  const { placement, book } = checked.value;
  if (placement.clientOrderId !== '') state.usedClientOrderIds.add(placement.clientOrderId);
  state.orderSequence += 1;
  const order: MatchingOrder = {
    ...placement,
    orderId: desk.nextOrderId(),
    sequence: state.orderSequence,
    origin: placement.trigger === null ? 'user' : 'conditional',
    status: placement.trigger === null ? 'open' : 'untriggered',
    endReason: null,
    filledQuantity: ZERO,
    filledValue: ZERO,
    fee: ZERO,
    closedPnl: ZERO,
    lastPriceOnCreated: book.lastPrice,
    trail: null,
    links: NO_LINKS,
    createdMs: desk.nowMs(),
    updatedMs: desk.nowMs(),
  };
  keepOrder(state, order);
  if (desk.rejectsLate?.() === true) endOrder(state, desk, order, 'margin-short');
  else if (order.status === 'open') takeFromBook(state, desk, book, order);
  return ok(order);
}
