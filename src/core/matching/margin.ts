import { type Decimal, maxDecimal, ZERO } from '../base/decimal.ts';
import {
  type AccountState,
  type Desk,
  leverageOf,
  type MarginMode,
  positionOf,
  reducibleQuantity,
} from './account-state.ts';
import type { Book } from './book.ts';
import { leavesQuantity, type MatchingOrder, type OrderPlacement } from './matching-order.ts';
import { entryPrice, type MatchingPosition, unrealisedPnl } from './matching-position.ts';
import { maintenanceOf, riskTiersOf, tierOf } from './risk-tier.ts';

/** Money of an account in settlement currency. */
export interface AccountMargin {
  readonly mode: MarginMode;
  readonly walletBalance: Decimal;
  readonly unrealisedPnl: Decimal;
  readonly equity: Decimal;
  /** Bound by open positions: their initial margin, or in isolated mode their collateral. */
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
  /** Of the contract's risk tiers, from 1. */
  readonly tier: number;
}

/** Of an instrument nobody quotes any more. */
const LEVERAGE_UNKNOWN = 1;

/** Adds the account up at current mark prices. Only a cross account may use unrealised profit. */
export function accountMargin(state: AccountState, desk: Desk): AccountMargin {
  const isCross = state.marginMode === 'cross';
  let unrealised = ZERO;
  let positionTotal = ZERO;
  let maintenance = ZERO;
  for (const position of state.positions.values()) {
    if (position.quantity.isZero()) continue;
    const margin = positionMargin(state, desk, position);
    unrealised = unrealised.plus(margin.unrealisedPnl);
    positionTotal = positionTotal.plus(isCross ? margin.initial : position.collateral);
    maintenance = maintenance.plus(margin.maintenance);
  }
  const orderTotal = ordersMargin(state, desk);
  const walletBalance = state.ledger.balance;
  const equity = walletBalance.plus(unrealised);
  const usable = isCross ? equity : walletBalance;
  return {
    mode: state.marginMode,
    walletBalance,
    unrealisedPnl: unrealised,
    equity,
    positionMargin: positionTotal,
    orderMargin: orderTotal,
    maintenanceMargin: maintenance,
    available: maxDecimal(ZERO, usable.minus(positionTotal).minus(orderTotal)),
  };
}

/** The margin last made of each position, and of what: an account is added up far more often than either changes. */
const MARGINS = new WeakMap<
  MatchingPosition,
  { readonly book: Book; readonly leverage: Decimal; readonly margin: PositionMargin }
>();

/** Margin of one position. An instrument without a quote is valued at its entry price. */
export function positionMargin(state: AccountState, desk: Desk, position: MatchingPosition): PositionMargin {
  const book = desk.book(position.instrumentId);
  const leverage = leverageOf(state, position.instrumentId, book?.instrument.leverageMax ?? LEVERAGE_UNKNOWN);
  if (book === null) return marginAt(position, book, leverage);
  const known = MARGINS.get(position);
  if (known?.book === book && known.leverage.equals(leverage)) return known.margin;
  const margin = marginAt(position, book, leverage);
  MARGINS.set(position, { book, leverage, margin });
  return margin;
}

function marginAt(position: MatchingPosition, book: Book | null, leverage: Decimal): PositionMargin {
  const markPrice = book?.markPrice ?? entryPrice(position) ?? ZERO;
  const value = markPrice.times(position.quantity);
  const tiers = book === null ? null : riskTiersOf(book.instrument);
  return {
    markPrice,
    value,
    initial: value.dividedBy(leverage),
    maintenance: tiers === null ? value.dividedBy(2) : maintenanceOf(tiers, value),
    unrealisedPnl: unrealisedPnl(position, markPrice),
    leverage,
    tier: tiers === null ? 1 : tierOf(tiers, value).tier,
  };
}

/** Money set aside for positions; none of it is free. Zero in cross mode. */
export function totalCollateral(state: AccountState): Decimal {
  let total = ZERO;
  for (const position of state.positions.values()) total = total.plus(position.collateral);
  return total;
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
  const opening = openingQuantity(state, desk, order, quantity);
  const value = opening.times(order.price ?? book.bestFor(order.side));
  const leverage = leverageOf(state, order.instrumentId, book.instrument.leverageMax);
  return value.dividedBy(leverage).plus(value.times(state.feeRates.taker));
}

/** What of an order's quantity would open or add to a position. */
export function openingQuantity(
  state: AccountState,
  desk: Desk,
  order: OrderPlacement & { readonly sequence?: number },
  quantity: Decimal,
): Decimal {
  if (order.reduceOnly) return ZERO;
  const reducible = reducibleQuantity(positionOf(state, desk, order), order.side);
  const unclaimed = reducible.isZero()
    ? ZERO
    : maxDecimal(ZERO, reducible.minus(claimedBefore(state, order)));
  return maxDecimal(ZERO, quantity.minus(unclaimed));
}

/** True for an order that is in the book: an untriggered one binds nothing. */
export function bindsMargin(order: MatchingOrder): boolean {
  return order.status === 'open' || order.status === 'partly-filled';
}

/** What orders of the same side that came before may close of the position. */
function claimedBefore(state: AccountState, order: OrderPlacement & { readonly sequence?: number }): Decimal {
  let claimed = ZERO;
  for (const other of state.openOrders.values()) {
    const isRival =
      bindsMargin(other) &&
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

function ordersMargin(state: AccountState, desk: Desk): Decimal {
  let total = ZERO;
  for (const order of state.openOrders.values()) {
    if (bindsMargin(order)) total = total.plus(openingMargin(state, desk, order, leavesQuantity(order)));
  }
  return total;
}
