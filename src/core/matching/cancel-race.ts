import { minDecimal } from '../base/decimal.ts';
import { type AccountState, type Desk, positionOf, reducibleQuantity } from './account-state.ts';
import { execute } from './execute.ts';
import { isResting, leavesQuantity, type MatchingOrder } from './matching-order.ts';

/**
 * Lets a fill win against the cancel of a resting order: it is filled whole at its own price, then told once
 * more, as filled and cancelled too late. False when nothing could be filled, so that the cancel counts.
 */
export function loseCancelRace(state: AccountState, desk: Desk, order: MatchingOrder): boolean {
  if (!isResting(order) || order.price === null) return false;
  const leaves = leavesQuantity(order);
  const quantity = order.reduceOnly
    ? minDecimal(leaves, reducibleQuantity(positionOf(state, desk, order), order.side))
    : leaves;
  if (!quantity.equals(leaves)) return false;
  const filled = execute(state, desk, order, { price: order.price, quantity, maker: true, kind: 'trade' });
  state.events.push({ kind: 'late-cancel', order: filled });
  return true;
}
