import { decimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { directionSign, exitSide } from '../domain/order.ts';
import {
  type AccountState,
  type Desk,
  endOrder,
  keepOrder,
  keepPosition,
  openOrdersOf,
} from './account-state.ts';
import type { Book } from './book.ts';
import { closingOrder } from './closing-order.ts';
import { execute, takeFromBook } from './execute.ts';
import { accountMargin } from './margin.ts';
import type { MatchingPosition } from './matching-position.ts';

/**
 * Takes the account over when its equity no longer covers the maintenance margin: every order is cancelled,
 * every position closed at market. A loss beyond the account's money is made up by the insurance fund.
 */
export function liquidateIfDue(state: AccountState, desk: Desk): void {
  const open = openPositions(state);
  if (open.length > 0 && !isInLiquidation(state)) {
    const margin = accountMargin(state, desk);
    if (margin.equity.greaterThan(margin.maintenanceMargin)) return;
    for (const order of [...state.openOrders.values()]) endOrder(state, desk, order, 'liquidation');
    for (const position of open) closeAtMarket(state, desk, position);
  }
  if (openPositions(state).length === 0) coverLoss(state, desk);
}

/** Ends everything in an instrument that is no longer listed: positions are settled at its last mark price. */
export function settleDelisted(state: AccountState, desk: Desk, book: Book): void {
  for (const order of openOrdersOf(state, book.instrument.id)) endOrder(state, desk, order, 'delisted');
  for (const position of openPositions(state)) {
    if (position.instrumentId !== book.instrument.id) continue;
    const order = closingOrder(state, desk, { position, book, origin: 'delivery', status: 'open' });
    keepOrder(state, order);
    const price = book.markPrice;
    execute(state, desk, order, { price, quantity: position.quantity, maker: false, kind: 'delivery' });
  }
  coverLoss(state, desk);
}

/** Pays funding on the open positions of an instrument: longs pay shorts when the rate is positive. */
export function payFunding(state: AccountState, desk: Desk, book: Book, fundingRate: number): void {
  const instrumentId: InstrumentId = book.instrument.id;
  const timeMs = desk.nowMs();
  for (const position of openPositions(state)) {
    if (position.instrumentId !== instrumentId) continue;
    const sign = directionSign(position.direction);
    const value = book.markPrice.times(position.quantity);
    const fee = value.times(fundingRate).times(sign);
    state.fillSequence += 1;
    const fillId = desk.nextFillId();
    state.ledger.post({
      kind: 'funding',
      amount: fee.negated(),
      timeMs,
      instrumentId,
      orderId: null,
      fillId,
    });
    keepPosition(state, {
      ...position,
      realisedPnl: position.realisedPnl.minus(fee),
      cumulativeRealisedPnl: position.cumulativeRealisedPnl.minus(fee),
    });
    const fill = {
      fillId,
      sequence: state.fillSequence,
      execution: 'funding',
      order: null,
      instrumentId,
      positionIndex: position.positionIndex,
      side: exitSide(position.direction),
      price: book.markPrice,
      quantity: position.quantity,
      fee,
      feeRate: decimal(fundingRate),
      maker: false,
      closedQuantity: ZERO,
      realisedPnl: ZERO,
      markPrice: book.markPrice,
      timeMs,
    } as const;
    state.fills.append(fill);
    state.events.push({ kind: 'fill', fill }, { kind: 'wallet' });
  }
}

function openPositions(state: AccountState): readonly MatchingPosition[] {
  return [...state.positions.values()].filter((position) => !position.quantity.isZero());
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

function coverLoss(state: AccountState, desk: Desk): void {
  const balance = state.ledger.balance;
  if (!balance.lessThan(ZERO)) return;
  const nobody = { instrumentId: null, orderId: null, fillId: null };
  state.ledger.post({ kind: 'insurance', amount: balance.negated(), timeMs: desk.nowMs(), ...nobody });
  state.events.push({ kind: 'wallet' });
}
