import { type Decimal, decimal, maxDecimal, minDecimal, ZERO } from '../base/decimal.ts';
import { directionSign } from '../domain/order.ts';
import { ceilToTick, floorToTick } from '../domain/quantise.ts';
import type { AccountState, Desk } from './account-state.ts';
import type { Book } from './book.ts';
import { accountMargin, positionMargin } from './margin.ts';
import type { MatchingPosition } from './matching-position.ts';
import { type RiskTier, riskTiersOf } from './risk-tier.ts';

/**
 * Mark price at which the position, or in cross mode the whole account, is liquidated, everything else
 * standing still; null when no positive price does it.
 */
export function liquidationPrice(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
): Decimal | null {
  const book = desk.book(position.instrumentId);
  if (book === null || position.quantity.isZero()) return null;
  const money = moneyBehind(state, desk, position);
  // Rates grow from tier to tier and deductions leave no jumps: the margin is the largest that any tier asks
  // for, so that the first of the tiers' prices to be reached is the account's.
  const roots = riskTiersOf(book.instrument).map((tier) => rootIn(tier, position, money));
  const price = position.direction === 'long' ? decimalMax(roots) : decimalMin(roots);
  return price.greaterThan(ZERO) ? price : null;
}

/**
 * Price at which closing the position, its fee included, costs exactly the money behind it, on the tick that
 * leaves no debt. Of a cross account a position has the share that its maintenance margin has.
 */
export function bankruptcyPrice(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  book: Book,
): Decimal {
  const money = shareOfEquity(state, desk, position);
  const fee = state.feeRates.taker;
  const value = book.markPrice.times(position.quantity);
  const isLong = position.direction === 'long';
  const rate = decimal(1).plus(isLong ? fee.negated() : fee);
  const cost = isLong ? value.minus(money) : value.plus(money);
  const price = cost.dividedBy(position.quantity.times(rate));
  const onTick = isLong ? ceilToTick(price, book.instrument) : floorToTick(price, book.instrument);
  return maxDecimal(book.instrument.tickSize, onTick);
}

/** Equity of what stands for the position, and the maintenance margin of what else it stands for. */
function moneyBehind(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
): { readonly equity: Decimal; readonly othersMaintenance: Decimal; readonly value: Decimal } {
  const own = positionMargin(state, desk, position);
  if (state.marginMode === 'isolated') {
    const equity = position.collateral.plus(own.unrealisedPnl);
    return { equity, othersMaintenance: ZERO, value: own.value };
  }
  const account = accountMargin(state, desk);
  return {
    equity: account.equity,
    othersMaintenance: account.maintenanceMargin.minus(own.maintenance),
    value: own.value,
  };
}

/** Where equity meets the maintenance margin if the tier's rate held for every size. */
function rootIn(
  tier: RiskTier,
  position: MatchingPosition,
  money: { readonly equity: Decimal; readonly othersMaintenance: Decimal; readonly value: Decimal },
): Decimal {
  const sign = directionSign(position.direction);
  return money.othersMaintenance
    .minus(tier.deduction)
    .plus(money.value.times(sign))
    .minus(money.equity)
    .dividedBy(position.quantity.times(decimal(sign).minus(tier.maintenanceRate)));
}

function decimalMax(values: readonly Decimal[]): Decimal {
  return values.reduce((most, value) => maxDecimal(most, value));
}

function decimalMin(values: readonly Decimal[]): Decimal {
  return values.reduce((least, value) => minDecimal(least, value));
}

function shareOfEquity(state: AccountState, desk: Desk, position: MatchingPosition): Decimal {
  const own = positionMargin(state, desk, position);
  if (state.marginMode === 'isolated') return position.collateral.plus(own.unrealisedPnl);
  const { equity, maintenanceMargin } = accountMargin(state, desk);
  return equity.times(own.maintenance).dividedBy(maintenanceMargin);
}
