import { type Decimal, decimal, maxDecimal, ONE, ZERO } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { directionSign } from '../domain/order.ts';
import { type AccountState, type Desk, leverageOf, positionOf, reducibleQuantity } from './account-state.ts';
import { leavesQuantity, type MatchingOrder, type OrderPlacement } from './matching-order.ts';
import { entryPrice, type MatchingPosition, unrealisedPnl } from './matching-position.ts';

/** Money of a cross-margin account in settlement currency. */
export interface AccountMargin {
  readonly walletBalance: Decimal;
  readonly unrealisedPnl: Decimal;
  readonly equity: Decimal;
  readonly positionMargin: Decimal;
  readonly orderMargin: Decimal;
  readonly maintenanceMargin: Decimal;
  /** What further orders may use; never below zero. */
  readonly available: Decimal;
}

/** Margin of one position at the mark price. */
export interface PositionMargin {
  readonly markPrice: Decimal;
  readonly value: Decimal;
  readonly initial: Decimal;
  readonly maintenance: Decimal;
  readonly unrealisedPnl: Decimal;
  readonly leverage: Decimal;
}

/** Of an instrument nobody quotes any more. */
const LEVERAGE_MAX_UNKNOWN = 1;

/** Adds the account up at current mark prices. */
export function accountMargin(state: AccountState, desk: Desk): AccountMargin {
  let unrealised = ZERO;
  let positionTotal = ZERO;
  let maintenance = ZERO;
  for (const position of state.positions.values()) {
    if (position.quantity.isZero()) continue;
    const margin = positionMargin(state, desk, position);
    unrealised = unrealised.plus(margin.unrealisedPnl);
    positionTotal = positionTotal.plus(margin.initial);
    maintenance = maintenance.plus(margin.maintenance);
  }
  const orderTotal = ordersMargin(state, desk);
  const walletBalance = state.ledger.balance;
  const equity = walletBalance.plus(unrealised);
  return {
    walletBalance,
    unrealisedPnl: unrealised,
    equity,
    positionMargin: positionTotal,
    orderMargin: orderTotal,
    maintenanceMargin: maintenance,
    available: maxDecimal(ZERO, equity.minus(positionTotal).minus(orderTotal)),
  };
}

/** Margin of one position. An instrument without a quote is valued at its entry price. */
export function positionMargin(state: AccountState, desk: Desk, position: MatchingPosition): PositionMargin {
  const book = desk.book(position.instrumentId);
  const markPrice = book?.markPrice ?? entryPrice(position) ?? ZERO;
  const leverageMax = book?.instrument.leverageMax ?? LEVERAGE_MAX_UNKNOWN;
  const leverage = leverageOf(state, position.instrumentId, leverageMax);
  const value = markPrice.times(position.quantity);
  return {
    markPrice,
    value,
    initial: value.dividedBy(leverage),
    maintenance: value.times(maintenanceRate(leverageMax)),
    unrealisedPnl: unrealisedPnl(position, markPrice),
    leverage,
  };
}

/**
 * Mark price at which the whole account is liquidated, everything else standing still; null when no
 * positive price does it.
 */
export function liquidationPrice(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
): Decimal | null {
  const book = desk.book(position.instrumentId);
  if (book === null || position.quantity.isZero()) return null;
  const account = accountMargin(state, desk);
  const own = positionMargin(state, desk, position);
  const sign = directionSign(position.direction);
  const others = account.maintenanceMargin.minus(own.maintenance);
  const rate = maintenanceRate(book.instrument.leverageMax);
  const price = others
    .plus(own.value.times(sign))
    .minus(account.equity)
    .dividedBy(position.quantity.times(decimal(sign).minus(rate)));
  return price.greaterThan(ZERO) ? price : null;
}

/**
 * Margin and fee an order of this quantity would bind. Only what opens or adds needs any; what earlier
 * orders already count on to be closed, a later one cannot count on again.
 */
export function openingMargin(
  state: AccountState,
  desk: Desk,
  order: OrderPlacement & { readonly sequence?: number },
  quantity: Decimal,
): Decimal {
  const book = desk.book(order.instrumentId);
  if (order.reduceOnly || book === null) return ZERO;
  const reducible = reducibleQuantity(positionOf(state, desk, order), order.side);
  const unclaimed = reducible.isZero()
    ? ZERO
    : maxDecimal(ZERO, reducible.minus(claimedBefore(state, order)));
  const opening = maxDecimal(ZERO, quantity.minus(unclaimed));
  const value = opening.times(order.price ?? book.bestFor(order.side));
  const leverage = leverageOf(state, order.instrumentId, book.instrument.leverageMax);
  return value.dividedBy(leverage).plus(value.times(state.feeRates.taker));
}

/** What orders of the same side that came before may close of the position. */
function claimedBefore(state: AccountState, order: OrderPlacement & { readonly sequence?: number }): Decimal {
  let claimed = ZERO;
  for (const other of state.openOrders.values()) {
    const isRival =
      binds(other) &&
      !other.reduceOnly &&
      other.instrumentId === order.instrumentId &&
      other.positionIndex === order.positionIndex &&
      other.side === order.side;
    if (isRival && other.sequence < (order.sequence ?? Number.POSITIVE_INFINITY)) {
      claimed = claimed.plus(leavesQuantity(other));
    }
  }
  return claimed;
}

/** Maintenance margin as a rate of the position's value: the lowest risk tier, half of its initial margin. */
function maintenanceRate(leverageMax: Instrument['leverageMax']): Decimal {
  return ONE.dividedBy(decimal(leverageMax).times(2));
}

/** Untriggered orders bind no margin. */
function ordersMargin(state: AccountState, desk: Desk): Decimal {
  let total = ZERO;
  for (const order of state.openOrders.values()) {
    if (binds(order)) total = total.plus(openingMargin(state, desk, order, leavesQuantity(order)));
  }
  return total;
}

function binds(order: MatchingOrder): boolean {
  return order.status === 'open' || order.status === 'partly-filled';
}
