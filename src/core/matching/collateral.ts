import { type Decimal, maxDecimal, minDecimal, ZERO } from '../base/decimal.ts';
import { type AccountState, type Desk, keepPosition, leverageOf } from './account-state.ts';
import { positionMargin, totalCollateral } from './margin.ts';
import { type MatchingPosition, type PositionChange, shareOf } from './matching-position.ts';

/** Decimal places collateral is cut to. */
const PLACES = 12;

/**
 * The position with the money set aside for it after a fill: a closed share gives its share free, an opened
 * quantity binds its initial margin and the fee of closing it. Nothing is set aside in cross mode.
 */
export function withCollateral(
  state: AccountState,
  desk: Desk,
  before: MatchingPosition,
  change: PositionChange & { readonly price: Decimal },
): MatchingPosition {
  const position = change.position;
  if (state.marginMode === 'cross') return position;
  const left = before.quantity.minus(change.closedQuantity);
  const kept = shareOf(before.collateral, left, before.quantity);
  const opened = neededFor(state, desk, position, change.price.times(change.openedQuantity));
  return { ...position, collateral: kept.plus(opened) };
}

/** Initial margin and closing fee of a value in the position's instrument. */
export function neededFor(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  value: Decimal,
): Decimal {
  const leverageMax = desk.book(position.instrumentId)?.instrument.leverageMax ?? 1;
  const leverage = leverageOf(state, position.instrumentId, leverageMax);
  return value.dividedBy(leverage).plus(value.times(state.feeRates.taker)).toDecimalPlaces(PLACES);
}

/** What of a position's collateral may be taken away: no more than what its initial margin leaves. */
export function removableCollateral(state: AccountState, desk: Desk, position: MatchingPosition): Decimal {
  const margin = positionMargin(state, desk, position);
  const needed = neededFor(state, desk, position, margin.value);
  const backed = position.collateral.plus(minDecimal(ZERO, margin.unrealisedPnl));
  return maxDecimal(ZERO, minDecimal(position.collateral, backed.minus(needed)));
}

/** Money of the account that no position has set aside; below zero when a loss or a payment took more. */
export function freeMoney(state: AccountState): Decimal {
  return state.ledger.balance.minus(totalCollateral(state));
}

/** Makes up for money that is missing from the collateral that is there, in the order of the positions. */
export function coverFromCollateral(state: AccountState): void {
  if (state.marginMode === 'cross') return;
  let short = freeMoney(state).negated();
  for (const position of state.positions.values()) {
    if (!short.greaterThan(ZERO)) return;
    const taken = minDecimal(short, position.collateral);
    if (taken.isZero()) continue;
    short = short.minus(taken);
    keepPosition(state, { ...position, collateral: position.collateral.minus(taken) });
  }
}
