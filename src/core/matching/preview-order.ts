import { maxDecimal, ZERO } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { AccountState, Desk } from './account-state.ts';
import { checkPlacement } from './check-placement.ts';
import { type AccountMargin, accountMargin, openingMargin } from './margin.ts';
import type { OrderPlacement } from './matching-order.ts';
import type { MatchingRefusal } from './refusal.ts';

/** The account's money as it would be with this order resting; refused where the order would be. */
export function previewOrder(
  state: AccountState,
  desk: Desk,
  wish: OrderPlacement,
): Result<AccountMargin, MatchingRefusal> {
  const checked = checkPlacement(state, desk, wish);
  if (!checked.ok) return err(checked.error);
  const { placement } = checked.value;
  const now = accountMargin(state, desk);
  const bound = placement.trigger === null ? openingMargin(state, desk, placement, placement.quantity) : ZERO;
  return ok({
    ...now,
    orderMargin: now.orderMargin.plus(bound),
    available: maxDecimal(ZERO, now.available.minus(bound)),
  });
}
