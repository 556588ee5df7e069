import { type Decimal, minDecimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import { type AccountState, type Desk, positionOf, reducibleQuantity } from './account-state.ts';
import type { RestingOffer } from './book.ts';
import { fillAsMaker } from './execute.ts';
import { liquidateIfDue } from './liquidate.ts';
import { isResting, leavesQuantity, type PositionIndex } from './matching-order.ts';

/**
 * What an account's resting orders offer to an order of `taker`'s side, the oldest first. Conditional orders that
 * wait offer nothing; orders that may only reduce offer together no more than is held.
 */
export function restingOffers(
  state: AccountState,
  desk: Desk,
  instrumentId: InstrumentId,
  taker: Side,
): readonly RestingOffer[] {
  const offers: RestingOffer[] = [];
  const closing = new Map<PositionIndex, Decimal>();
  for (const order of state.openOrders.values()) {
    if (order.instrumentId !== instrumentId || order.side === taker) continue;
    const { price, positionIndex } = order;
    if (price === null || !isResting(order) || order.origin === 'liquidation') continue;
    let quantity = leavesQuantity(order);
    if (order.reduceOnly) {
      const claimed = closing.get(positionIndex) ?? ZERO;
      const held = reducibleQuantity(positionOf(state, desk, order), order.side);
      quantity = minDecimal(quantity, held.minus(claimed));
      closing.set(positionIndex, claimed.plus(quantity));
    }
    if (!quantity.greaterThan(ZERO)) continue;
    const { orderId } = order;
    const fill = (wanted: Decimal): Decimal => fillOffer(state, desk, orderId, wanted);
    const settle = (): void => liquidateIfDue(state, desk);
    offers.push({ uid: state.uid, createdMs: order.createdMs, price, quantity, fill, settle });
  }
  return offers;
}

/** The order as it is now: an earlier part of the same trade may have changed it. */
function fillOffer(state: AccountState, desk: Desk, orderId: string, quantity: Decimal): Decimal {
  const order = state.openOrders.get(orderId);
  const price = order?.price ?? null;
  if (order === undefined || price === null) return ZERO;
  return fillAsMaker(state, desk, order, { price, quantity, kind: 'trade', amongAccounts: true });
}
