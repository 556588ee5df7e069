import { ceilToMultiple, type Decimal, maxDecimal, minDecimal, ZERO } from '../base/decimal.ts';
import { type AccountState, type Desk, endOrder, keepOrder, keepPosition } from './account-state.ts';
import type { Book } from './book.ts';
import { closingOrder } from './closing-order.ts';
import { coverFromCollateral, freeMoney } from './collateral.ts';
import { execute, takeFromBook } from './execute.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import { bankruptcyPrice } from './liquidation-price.ts';
import { bindsMargin, positionMargin } from './margin.ts';
import type { MatchingOrder } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { riskTiersOf } from './risk-tier.ts';

/**
 * Liquidates what no longer has its maintenance margin: orders first, then the largest position, tier by tier
 * in the book; what is left in the lowest tier is taken over at its bankruptcy price. In isolated mode each
 * position for itself. Without an insurance fund everything is closed at market at once.
 */
export function liquidateIfDue(state: AccountState, desk: Desk): void {
  coverFromCollateral(state);
  if (desk.insurance === undefined) closeAllIfDue(state, desk);
  else if (state.marginMode === 'cross') liquidateAccount(state, desk, desk.insurance);
  else liquidatePositions(state, desk, desk.insurance);
  const isAlone = state.marginMode === 'isolated' || openPositions(state).length === 0;
  if (isAlone) coverLoss(state, desk);
}

/** Open positions of an account, in the order in which their instruments came. */
export function openPositions(state: AccountState): readonly MatchingPosition[] {
  return [...state.positions.values()].filter((position) => !position.quantity.isZero());
}

/** Books what the account cannot pay as paid by the fund. Unrealised profit backs a debt in cross mode only. */
export function coverLoss(state: AccountState, desk: Desk): void {
  const balance = state.ledger.balance;
  if (!balance.lessThan(ZERO)) return;
  const amount = balance.negated();
  const nobody = { instrumentId: null, orderId: null, fillId: null };
  state.ledger.post({ kind: 'insurance', amount, timeMs: desk.nowMs(), ...nobody });
  desk.insurance?.cover(amount);
  state.events.push({ kind: 'wallet' });
}

function liquidateAccount(state: AccountState, desk: Desk, fund: InsuranceFund): void {
  if (!isAccountDue(state, desk)) return;
  endOrders(state, desk, bindsMargin, 'prepare-liquidation');
  while (isAccountDue(state, desk)) {
    const position = largest(state, desk);
    if (position === null) return;
    shrink(state, desk, fund, position);
  }
}

/** Asked at every quote: adds up no more than it needs. */
function isAccountDue(state: AccountState, desk: Desk): boolean {
  let above: Decimal | null = null;
  for (const position of state.positions.values()) {
    if (position.quantity.isZero()) continue;
    const { unrealisedPnl, maintenance } = positionMargin(state, desk, position);
    above = (above ?? state.ledger.balance).plus(unrealisedPnl).minus(maintenance);
  }
  return above?.lessThanOrEqualTo(ZERO) ?? false;
}

/** By maintenance margin, among those somebody still quotes. */
function largest(state: AccountState, desk: Desk): MatchingPosition | null {
  let found: { readonly position: MatchingPosition; readonly maintenance: Decimal } | null = null;
  for (const position of openPositions(state)) {
    if (desk.book(position.instrumentId) === null) continue;
    const { maintenance } = positionMargin(state, desk, position);
    if (found === null || maintenance.greaterThan(found.maintenance)) found = { position, maintenance };
  }
  return found?.position ?? null;
}

function liquidatePositions(state: AccountState, desk: Desk, fund: InsuranceFund): void {
  for (const { instrumentId, positionIndex } of openPositions(state)) {
    const now = (): MatchingPosition | undefined =>
      openPositions(state).find(
        (each) => each.instrumentId === instrumentId && each.positionIndex === positionIndex,
      );
    for (let position = now(); position !== undefined; position = now()) {
      if (desk.book(instrumentId) === null || !isPositionDue(state, desk, position)) break;
      const isOwn = (order: MatchingOrder): boolean =>
        bindsMargin(order) && order.instrumentId === instrumentId;
      endOrders(state, desk, isOwn, 'prepare-liquidation');
      if (!addCollateral(state, desk, position)) shrink(state, desk, fund, position);
    }
  }
}

function isPositionDue(state: AccountState, desk: Desk, position: MatchingPosition): boolean {
  const margin = positionMargin(state, desk, position);
  return position.collateral.plus(margin.unrealisedPnl).lessThanOrEqualTo(margin.maintenance);
}

/** True when free money was there, and wanted, and lifts the position over its maintenance margin. */
function addCollateral(state: AccountState, desk: Desk, position: MatchingPosition): boolean {
  if (!position.addsCollateral) return false;
  const { initial, maintenance, unrealisedPnl } = positionMargin(state, desk, position);
  const wanted = maxDecimal(ZERO, initial.minus(position.collateral.plus(unrealisedPnl)));
  const added = minDecimal(wanted, maxDecimal(ZERO, freeMoney(state))).toDecimalPlaces(8);
  const collateral = position.collateral.plus(added);
  if (collateral.plus(unrealisedPnl).lessThanOrEqualTo(maintenance)) return false;
  keepPosition(state, { ...position, collateral });
  return true;
}

/** One step down: into the next lower risk tier by the book, or, where that is not to be had, out of the hands. */
function shrink(state: AccountState, desk: Desk, fund: InsuranceFund, position: MatchingPosition): void {
  const book = desk.book(position.instrumentId);
  if (book === null) return;
  const price = bankruptcyPrice(state, desk, position, book);
  const quantity = aboveTier(state, desk, position, book);
  if (!quantity.isZero()) {
    const order = closingOrder(state, desk, { position, book, origin: 'liquidation', status: 'open' });
    const reduced = sellOff(state, desk, book, { ...order, quantity, price });
    if (reduced) return;
  }
  takeOver(state, desk, fund, { position, book, price });
}

/** Quantity that lies above the bound of the tier below; zero in the lowest tier. */
function aboveTier(state: AccountState, desk: Desk, position: MatchingPosition, book: Book): Decimal {
  const { tier, value, markPrice } = positionMargin(state, desk, position);
  const below = riskTiersOf(book.instrument)[tier - 2]?.valueMax ?? null;
  if (below === null || markPrice.isZero()) return ZERO;
  const excess = ceilToMultiple(value.minus(below).dividedBy(markPrice), book.instrument.quantityStep);
  return minDecimal(position.quantity, excess);
}

/** False when the book takes nothing at the bankruptcy price or better. */
function sellOff(state: AccountState, desk: Desk, book: Book, order: MatchingOrder): boolean {
  keepOrder(state, order);
  const before = state.fillSequence;
  takeFromBook(state, desk, book, order);
  return state.fillSequence > before;
}

function takeOver(
  state: AccountState,
  desk: Desk,
  fund: InsuranceFund,
  taken: { readonly position: MatchingPosition; readonly book: Book; readonly price: Decimal },
): void {
  const { position, book, price } = taken;
  const { instrumentId, direction, quantity } = position;
  const isOther = (order: MatchingOrder): boolean => order.instrumentId === instrumentId;
  const order = closingOrder(state, desk, { position, book, origin: 'take-over', status: 'open' });
  keepOrder(state, { ...order, price });
  execute(state, desk, { ...order, price }, { price, quantity, maker: false, kind: 'liquidation' });
  endOrders(state, desk, isOther, 'liquidation');
  const { markPrice } = book;
  fund.takeOver({ uid: state.uid, instrumentId, direction, quantity, bankruptcyPrice: price, markPrice });
}

function endOrders(
  state: AccountState,
  desk: Desk,
  concerns: (order: MatchingOrder) => boolean,
  reason: 'prepare-liquidation' | 'liquidation',
): void {
  for (const order of [...state.openOrders.values()]) {
    if (concerns(order)) endOrder(state, desk, order, reason);
  }
}

/** All at once and at any price: a loss beyond the account's money is made up afterwards. */
function closeAllIfDue(state: AccountState, desk: Desk): void {
  if (isInLiquidation(state) || !isAccountDue(state, desk)) return;
  const open = openPositions(state);
  endOrders(state, desk, () => true, 'liquidation');
  for (const position of open) closeAtMarket(state, desk, position);
}

function isInLiquidation(state: AccountState): boolean {
  for (const order of state.openOrders.values()) if (order.origin === 'liquidation') return true;
  return false;
}

function closeAtMarket(state: AccountState, desk: Desk, position: MatchingPosition): void {
  const book = desk.book(position.instrumentId);
  if (book === null) return;
  const order = closingOrder(state, desk, { position, book, origin: 'liquidation', status: 'open' });
  keepOrder(state, order);
  takeFromBook(state, desk, book, order);
}
