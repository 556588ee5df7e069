import { type Decimal, decimalText, ZERO } from '../base/decimal.ts';
import { type AccountState, type Desk, leverageOf, positionOf } from './account-state.ts';
import type { Book } from './book.ts';
import { bindsMargin, openingQuantity } from './margin.ts';
import { leavesQuantity, type MatchingOrder, type OrderPlacement } from './matching-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { riskTiersOf, tierOf, valueMaxAt } from './risk-tier.ts';

/** An order on its way in, or one that is there already: `quantity` is what of it may still be filled. */
type Wish = OrderPlacement & Partial<Pick<MatchingOrder, 'orderId' | 'sequence'>>;

/** Null when the position, with everything ordered on this side, stays within what its leverage allows. */
export function checkRiskLimit(
  state: AccountState,
  desk: Desk,
  book: Book,
  placement: Wish,
): MatchingRefusal | null {
  const tiers = riskTiersOf(book.instrument);
  const leverage = leverageOf(state, book.instrument.id, book.instrument.leverageMax);
  const valueMax = valueMaxAt(tiers, leverage);
  const isWaiting = placement.trigger !== null && placement.orderId === undefined;
  if (valueMax === null || isWaiting) return null;
  const opening = openingQuantity(state, desk, placement, placement.quantity);
  if (opening.isZero()) return null;
  const price = placement.price ?? book.markPrice;
  const value = heldValue(state, desk, book, placement)
    .plus(orderedValue(state, desk, book, placement))
    .plus(opening.times(price));
  if (value.lessThanOrEqualTo(valueMax)) return null;
  const wanted = tierOf(tiers, value).leverageMax;
  return refusal(
    'risk-limit',
    `Order placement failed as your position may exceed the max limit. Please adjust your leverage to ${decimalText(wanted)} or below to increase the max. position limit`,
  );
}

/** Of a position on the order's side; one on the other side is closed before anything opens. */
function heldValue(state: AccountState, desk: Desk, book: Book, placement: OrderPlacement): Decimal {
  const position = positionOf(state, desk, placement);
  const isSameSide = (position.direction === 'long') === (placement.side === 'buy');
  return isSameSide ? position.quantity.times(book.markPrice) : ZERO;
}

function orderedValue(state: AccountState, desk: Desk, book: Book, placement: Wish): Decimal {
  let total = ZERO;
  for (const other of state.openOrders.values()) {
    const adds =
      bindsMargin(other) &&
      other.orderId !== placement.orderId &&
      other.instrumentId === placement.instrumentId &&
      other.positionIndex === placement.positionIndex &&
      other.side === placement.side;
    if (!adds) continue;
    const opening = openingQuantity(state, desk, other, leavesQuantity(other));
    total = total.plus(opening.times(other.price ?? book.markPrice));
  }
  return total;
}
