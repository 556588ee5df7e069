import { assert } from '../base/assert.ts';
import { type Decimal, minDecimal, ZERO } from '../base/decimal.ts';
import {
  type AccountState,
  type ClosedPnl,
  type Desk,
  type ExecutionKind,
  endOrder,
  keepOrder,
  keepPosition,
  leverageOf,
  type MatchingFill,
  openOrdersOf,
  positionOf,
  reducibleQuantity,
} from './account-state.ts';
import { attachProtections } from './attach-protections.ts';
import type { Book, BookPart } from './book.ts';
import { withCollateral } from './collateral.ts';
import { isProtection, leavesQuantity, type MatchingOrder } from './matching-order.ts';
import {
  applyFill,
  charged,
  type MatchingPosition,
  type PositionChange,
  signedQuantity,
} from './matching-position.ts';
import { syncProtections } from './protection.ts';
import { endForSelfMatch, preventSelfMatch } from './self-match.ts';

/** An execution about to be booked. */
export interface Execution {
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly maker: boolean;
  readonly kind: ExecutionKind;
  /** True when the other side of it is an account here too. */
  readonly amongAccounts?: boolean;
}

/**
 * Lets an order take what the book offers now. What is left rests, or ends when the order may not rest.
 * A position's own stop never ends with the position still open: it goes on taking at the next quotes.
 */
export function takeFromBook(state: AccountState, desk: Desk, book: Book, order: MatchingOrder): void {
  const { timeInForce, side, price } = order;
  if (timeInForce === 'post-only' && !book.availableFor(side, price).isZero()) {
    endOrder(state, desk, order, 'would-take');
    return;
  }
  const wanted = allowedQuantity(state, desk, order);
  const { limit, rival } = preventSelfMatch(state, desk, book, { order, wanted });
  if (timeInForce === 'fill-or-kill' && book.availableFor(side, limit).lessThan(wanted)) {
    endOrder(state, desk, order, 'no-liquidity');
    return;
  }
  const parts = book.take(order.side, wanted, limit);
  const current = takeParts(state, desk, order, parts);
  if (rival !== null && state.openOrders.has(current.orderId)) {
    endForSelfMatch(state, desk, current, rival.orderId);
  } else {
    settleRest(state, desk, current);
  }
  for (const { offer } of parts) offer?.settle();
}

/** Gives the order as it stands after the last part. An offer may have shrunk since the parts were looked for. */
function takeParts(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  parts: readonly BookPart[],
): MatchingOrder {
  const kind = order.origin === 'liquidation' ? 'liquidation' : 'trade';
  let current = order;
  for (const { price, quantity: there, offer } of parts) {
    if (!state.openOrders.has(order.orderId)) break;
    const quantity = offer === null ? there : offer.fill(there);
    const now = state.openOrders.get(order.orderId);
    if (now === undefined) break;
    if (quantity.isZero()) continue;
    const amongAccounts = offer !== null;
    current = execute(state, desk, now, { price, quantity, maker: false, kind, amongAccounts });
  }
  return current;
}

/**
 * Fills a resting limit order at its own price as far as the book has traded through it. Another resting order may
 * come to cross it, when it may reduce more than before: that one was there first.
 */
export function fillResting(state: AccountState, desk: Desk, book: Book, order: MatchingOrder): void {
  assert(order.price !== null, 'Only an order with a price rests in the book.');
  const wanted = allowedQuantity(state, desk, order);
  const parts = book.take(order.side, wanted, order.price);
  const quoted = parts.filter(({ offer }) => offer === null);
  const quantity = quoted.reduce((sum, part) => sum.plus(part.quantity), ZERO);
  fillAsMaker(state, desk, order, { price: order.price, quantity, kind: 'trade' });
  const met = parts.filter(({ offer }) => offer !== null);
  takeParts(state, desk, order, met);
  for (const { offer } of met) offer?.settle();
}

/** Fills so much of a resting order, never more than it may have. Gives what was filled. */
export function fillAsMaker(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  execution: Omit<Execution, 'maker'>,
): Decimal {
  const quantity = minDecimal(execution.quantity, allowedQuantity(state, desk, order));
  if (quantity.isZero()) return ZERO;
  const filled = execute(state, desk, order, { ...execution, quantity, maker: true });
  if (state.openOrders.has(filled.orderId) && allowedQuantity(state, desk, filled).isZero()) {
    endOrder(state, desk, filled, 'reduce-only');
  }
  return quantity;
}

/** Books one execution: fee, profit, position, order, and the records of them. Gives the order after it. */
export function execute(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  execution: Execution,
): MatchingOrder {
  const feeRate = feeRateOf(state, execution);
  const fee = charged(execution.price.times(execution.quantity).times(feeRate));
  const timeMs = desk.nowMs();
  const before = positionOf(state, desk, order);
  const change = applyFill(before, {
    side: order.side,
    price: execution.price,
    quantity: execution.quantity,
    fee,
    timeMs,
  });
  const held = withCollateral(state, desk, before, { ...change, price: execution.price });
  assert(!order.reduceOnly || change.openedQuantity.isZero(), 'A reduce-only order never opens or turns.');
  const after = orderAfter(order, execution, { fee, realisedPnl: change.realisedPnl, timeMs });
  const fill = recordFill(state, desk, after, { execution, fee, feeRate, change });
  postMoney(state, fill);
  recordClosedPnl(state, desk, fill, change);
  keepOrder(state, after);
  keepPosition(state, held);
  state.events.push({ kind: 'wallet' });
  followPosition(state, desk, { order: after, before: order, change });
  return state.openOrders.get(after.orderId) ?? after;
}

/** The rest of the order, or what is left to close when it may only reduce. */
function allowedQuantity(state: AccountState, desk: Desk, order: MatchingOrder): Decimal {
  const leaves = leavesQuantity(order);
  if (!order.reduceOnly) return leaves;
  return minDecimal(leaves, reducibleQuantity(positionOf(state, desk, order), order.side));
}

function settleRest(state: AccountState, desk: Desk, order: MatchingOrder): void {
  if (order.status === 'filled' || !state.openOrders.has(order.orderId)) return;
  const nothingToReduce = order.reduceOnly && allowedQuantity(state, desk, order).isZero();
  if (nothingToReduce) endOrder(state, desk, order, 'reduce-only');
  else if (isProtection(order) || order.origin === 'liquidation') return;
  else if (order.kind === 'market' || order.timeInForce === 'immediate-or-cancel') {
    endOrder(state, desk, order, 'no-liquidity');
  }
}

function feeRateOf(state: AccountState, execution: Execution): Decimal {
  if (execution.kind === 'delivery' || execution.kind === 'deleveraging') return ZERO;
  return execution.maker ? state.feeRates.maker : state.feeRates.taker;
}

function orderAfter(
  order: MatchingOrder,
  execution: Execution,
  money: { readonly fee: Decimal; readonly realisedPnl: Decimal; readonly timeMs: number },
): MatchingOrder {
  const filledQuantity = order.filledQuantity.plus(execution.quantity);
  assert(filledQuantity.lessThanOrEqualTo(order.quantity), 'Fills never exceed the order.');
  return {
    ...order,
    status: filledQuantity.equals(order.quantity) ? 'filled' : 'partly-filled',
    filledQuantity,
    filledValue: order.filledValue.plus(execution.price.times(execution.quantity)),
    fee: order.fee.plus(money.fee),
    closedPnl: order.closedPnl.plus(money.realisedPnl),
    updatedMs: money.timeMs,
  };
}

function recordFill(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  booked: {
    readonly execution: Execution;
    readonly fee: Decimal;
    readonly feeRate: Decimal;
    readonly change: PositionChange;
  },
): MatchingFill {
  state.fillSequence += 1;
  const fill: MatchingFill = {
    fillId: desk.nextFillId(),
    sequence: state.fillSequence,
    execution: booked.execution.kind,
    order,
    instrumentId: order.instrumentId,
    positionIndex: order.positionIndex,
    side: order.side,
    price: booked.execution.price,
    quantity: booked.execution.quantity,
    fee: booked.fee,
    feeRate: booked.feeRate,
    maker: booked.execution.maker,
    closedQuantity: booked.change.closedQuantity,
    realisedPnl: booked.change.realisedPnl,
    heldAfter: signedQuantity(booked.change.position),
    markPrice: desk.book(order.instrumentId)?.markPrice ?? booked.execution.price,
    timeMs: desk.nowMs(),
    ...(booked.execution.amongAccounts === true ? { amongAccounts: true } : {}),
  };
  state.fills.append(fill);
  state.events.push({ kind: 'fill', fill });
  return fill;
}

function postMoney(state: AccountState, fill: MatchingFill): void {
  const { instrumentId, fillId, timeMs } = fill;
  const orderId = fill.order?.orderId ?? null;
  state.ledger.post({
    kind: 'realised-pnl',
    amount: fill.realisedPnl,
    timeMs,
    instrumentId,
    orderId,
    fillId,
  });
  state.ledger.post({ kind: 'fee', amount: fill.fee.negated(), timeMs, instrumentId, orderId, fillId });
}

/** One record an order: later fills of the same order are added to it. */
function recordClosedPnl(state: AccountState, desk: Desk, fill: MatchingFill, change: PositionChange): void {
  const order = fill.order;
  if (order === null || change.closedQuantity.isZero()) return;
  const closeFee = change.openedQuantity.isZero()
    ? fill.fee
    : fill.fee.times(change.closedQuantity).dividedBy(fill.quantity).toDecimalPlaces(12);
  const merged = (earlier: ClosedPnl | null): ClosedPnl => ({
    sequence: earlier?.sequence ?? fill.sequence,
    order,
    execution: fill.execution,
    closedQuantity: change.closedQuantity.plus(earlier?.closedQuantity ?? ZERO),
    entryValue: change.closedEntryValue.plus(earlier?.entryValue ?? ZERO),
    exitValue: fill.price.times(change.closedQuantity).plus(earlier?.exitValue ?? ZERO),
    openFee: change.closedOpenFees.plus(earlier?.openFee ?? ZERO),
    closeFee: closeFee.plus(earlier?.closeFee ?? ZERO),
    pnl: change.realisedPnl
      .minus(change.closedOpenFees)
      .minus(closeFee)
      .plus(earlier?.pnl ?? ZERO),
    fillCount: (earlier?.fillCount ?? 0) + 1,
    leverage: leverageOf(state, fill.instrumentId, desk.book(fill.instrumentId)?.instrument.leverageMax ?? 1),
    createdMs: earlier?.createdMs ?? fill.timeMs,
    updatedMs: fill.timeMs,
  });
  const known = state.closedPnl.replaceLast((record) => record.order.orderId === order.orderId, merged);
  if (!known) state.closedPnl.append(merged(null));
}

/** A closed or turned position loses its stops and resting closers; a fresh fill brings its own stops. */
function followPosition(
  state: AccountState,
  desk: Desk,
  step: { readonly order: MatchingOrder; readonly before: MatchingOrder; readonly change: PositionChange },
): void {
  const { order, before, change } = step;
  const position = change.position;
  syncProtections(state, desk, position);
  if (!change.closedQuantity.isZero()) endIdleReducers(state, desk, position, order.orderId);
  if (!change.openedQuantity.isZero()) attachProtections(state, desk, { order, before, position });
}

function endIdleReducers(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  exceptOrderId: string,
): void {
  for (const order of openOrdersOf(state, position.instrumentId)) {
    const idle =
      order.reduceOnly &&
      !isProtection(order) &&
      order.status !== 'untriggered' &&
      order.positionIndex === position.positionIndex &&
      reducibleQuantity(position, order.side).isZero();
    if (idle && order.orderId !== exceptOrderId) endOrder(state, desk, order, 'reduce-only');
  }
}
