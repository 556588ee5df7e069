import { type Decimal, decimalText, minDecimal } from '../base/decimal.ts';
import { type ExitReason, entrySide, exitSide, type Fill, type FillCause } from '../domain/order.ts';
import { isDenied } from '../domain/order-state.ts';
import { applyFill, type FillAmount } from '../position/apply-fill.ts';
import { entryPriceOf, heldQuantity, isHeld } from '../position/holding.ts';
import { adoptBot } from './bot.ts';
import { isOwnOrderId } from './client-order-id.ts';
import { closePosition } from './close-position.ts';
import type { Decision } from './decision.ts';
import { orderExit } from './exits.ts';
import { followSeriesOf } from './held-series.ts';
import { ladderOf } from './ladder.ts';
import { followOrder, takeBack } from './ladder-rungs.ts';
import { type EntryNote, type OpenPosition, openingPosition, type TrackedOrder } from './open-position.ts';
import { settle } from './order-updates.ts';
import { heldOn, noteOutsideFill } from './outside.ts';
import { noteStep } from './position-steps.ts';
import { placeTakeProfit, tightenStop } from './protect.ts';
import { notePart } from './reduce-position.ts';
import { tellReducedOutside } from './reduced-outside.ts';
import {
  type EngineState,
  FILL_IDS_KEPT_MAX,
  liveEntry,
  notify,
  requestSnapshot,
  touchTrading,
} from './state.ts';
import { watchFromFill } from './stop-watch.ts';
import { noteSurprise } from './surprise.ts';

const CAUSE_REASONS: Readonly<Record<FillCause, ExitReason>> = {
  'stop-loss': 'exchange-stop',
  'take-profit': 'exchange-take-profit',
  liquidation: 'liquidation',
  deleveraging: 'deleveraging',
  delivery: 'delivery',
  user: 'external',
  funding: 'external',
  other: 'external',
};

/**
 * Books one execution, exactly once. It builds the position of our entry order, or reduces our position whoever
 * ordered it: in one-way mode a stranger's sale closes our long all the same. Anything else is noted and
 * changes nothing of ours.
 */
export function bookFill(state: EngineState, fill: Fill, out: Decision[]): void {
  if (state.fillIds.has(fill.fillId) || comesTooSoon(state, fill)) return;
  rememberFill(state, fill.fillId);
  const named = fill.clientOrderId === null ? undefined : findOrder(state, fill.clientOrderId);
  if (named !== undefined && isDenied(named.state)) admit(state, named, fill, out);
  // What comes against a position we hold reduces it, whatever it was meant for.
  const order = named !== undefined && isContrary(state, named) ? undefined : named;
  if (order?.entry) bookEntry(state, { fill, order, entry: order.entry, out });
  else if (reducesOurs(state, fill)) bookExit(state, { fill, order, out });
  else noteStranger(state, fill, out);
}

/** An order that was said, or concluded, not to exist has filled: it is live again, what has not filled is taken back. */
function admit(state: EngineState, order: TrackedOrder, fill: Fill, out: Decision[]): void {
  noteSurprise(state, order, { quantity: fill.quantity, out });
  order.takenBack = null;
  takeBack(state, order, out);
  settle(state, order, 'accepted', out);
}

/** An entry that was given up, on an instrument that has been entered in the other direction since. */
function isContrary({ positions }: EngineState, { entry, instrumentId, direction }: TrackedOrder): boolean {
  const position = positions.get(instrumentId);
  if (entry === null || position === undefined || !isHeld(position.holding)) return false;
  return position.holding.direction !== direction;
}

/**
 * The end of a position told before its beginning: an entry of ours may have filled without our knowing, and this
 * would close more than we know of. It is left unread; the next reading tells all fills in their order, and again.
 */
function comesTooSoon(state: EngineState, fill: Fill): boolean {
  const entry = liveEntry(state, fill.instrumentId);
  if (entry === null || fill.side !== exitSide(entry.direction)) return false;
  const position = state.positions.get(fill.instrumentId);
  return position === undefined || fill.quantity.greaterThan(heldQuantity(position.holding));
}

function findOrder(state: EngineState, clientOrderId: string): TrackedOrder | undefined {
  for (const order of state.orders.values()) if (order.clientOrderId === clientOrderId) return order;
  return undefined;
}

function rememberFill(state: EngineState, fillId: string): void {
  state.fillIds.add(fillId);
  for (const oldest of state.fillIds) {
    if (state.fillIds.size <= FILL_IDS_KEPT_MAX) break;
    state.fillIds.delete(oldest);
  }
  touchTrading(state);
}

interface EntryFill {
  readonly fill: Fill;
  readonly order: TrackedOrder;
  readonly entry: EntryNote;
  readonly out: Decision[];
}

function bookEntry(state: EngineState, { fill, order, entry, out }: EntryFill): void {
  const { instrumentId, direction } = order;
  const filled = order.filledQuantity.plus(fill.quantity);
  const known = state.positions.get(instrumentId);
  const opener = order.ladderId ?? order.clientOrderId;
  const position = known ?? openingPosition({ ...order, entry, clientOrderId: opener }, state.timeMs);
  // Another entry may have opened it since this one was given up: the exchange holds one position, and so do we.
  const joins = position.holding.direction === direction && fill.side === entrySide(direction);
  if (filled.greaterThan(order.quantity) || !joins) {
    noteUnplaced(fill, out);
    return;
  }
  order.filledQuantity = minDecimal(filled, order.quantity);
  if (order.state === 'unknown' || order.state === 'sent') settle(state, order, 'accepted', out);
  else if (order.state === 'given-up') noteLate(state, { order, fill, out });
  followOrder(state, order, out);
  state.positions.set(instrumentId, position);
  followSeriesOf(state, instrumentId);
  adoptBot(state.bots, instrumentId, state.timeMs);
  if (position.openingFillId === '') open(state, position, fill);
  // It began with the earliest of them, told late or not: what it was reduced by since is its own.
  else position.openedMs = Math.min(position.openedMs, fill.timeMs);
  position.holding = applyFill(position.holding, fill);
  noteStep(position, fill.fillId, fill.timeMs);
  state.lastFills.set(instrumentId, fill.timeMs);
  tightenStop(state, position);
  if (order.ladderId !== null) addRung(state, { position, order, out, over: known === undefined });
  else if (filled.equals(order.quantity)) announce(position, 'engine.position.opened', out);
}

/**
 * A rung adds to the position: its take-profit follows the average. One that fills although its position is over, or
 * its ladder was given up, came too late: what ended them holds, and what it opened is closed at once.
 */
function addRung(
  state: EngineState,
  added: {
    readonly position: OpenPosition;
    readonly order: TrackedOrder;
    readonly over: boolean;
    readonly out: Decision[];
  },
): void {
  const { position, order, over, out } = added;
  placeTakeProfit(state, position);
  if (over) orderExit(state, position, { reason: 'late-fill', finding: null, out });
  else if (isUnwanted(state, position)) orderExit(state, position, { reason: 'manual', finding: null, out });
  else if (!order.filledQuantity.lessThan(order.quantity)) {
    const first = position.holding.entryQuantity.equals(order.quantity);
    announce(position, first ? 'engine.position.opened' : 'engine.position.increased', out);
  }
}

/** A person closed the ladder before anything of it had filled. */
function isUnwanted(state: EngineState, position: OpenPosition): boolean {
  return position.closing === null && ladderOf(state, position)?.ending === 'by-hand';
}

/** The order was given up and has filled all the same: the position is taken on and protected, its rest taken back. */
function noteLate(state: EngineState, { order, fill, out }: Omit<EntryFill, 'entry'>): void {
  const { instrumentId } = fill;
  takeBack(state, order, out);
  const message = `An entry on ${instrumentId} that was given up has filled; the position is taken on.`;
  out.push(notify('critical', 'engine.order.settled', { instrumentId, message, detail: fillDetail(fill) }));
  requestSnapshot('entry-filled-late', out);
}

function open(state: EngineState, position: OpenPosition, fill: Fill): void {
  position.openingFillId = fill.fillId;
  position.openedMs = fill.timeMs;
  position.stopWatch = watchFromFill(fill.timeMs, state.timeMs);
  position.absence = null;
  position.proof = null;
  if (position.state === 'entering') position.state = 'open';
}

function announce(
  position: OpenPosition,
  code: 'engine.position.opened' | 'engine.position.increased',
  out: Decision[],
): void {
  const { instrumentId, holding } = position;
  const entryPrice = entryPriceOf(holding);
  const quantity = decimalText(heldQuantity(holding));
  const price = entryPrice === null ? '' : decimalText(entryPrice.toSignificantDigits(12));
  const what = code === 'engine.position.opened' ? 'Opened' : 'A further rung has filled:';
  const message = `${what} ${holding.direction} ${instrumentId}: ${quantity} at ${price}.`;
  const detail = { quantity, entryPrice: price, stopPrice: decimalText(position.stopPrice) };
  out.push(notify('info', code, { instrumentId, message, detail }));
  requestSnapshot('entry-filled', out);
}

/**
 * A fill on the closing side of what we hold. One from before the position was opened is history, as is one the
 * exchange's statement we took it on by has in it.
 */
function reducesOurs(state: EngineState, fill: Fill): boolean {
  const position = state.positions.get(fill.instrumentId);
  if (position === undefined || !heldQuantity(position.holding).greaterThan(0)) return false;
  if (fill.side !== exitSide(position.holding.direction)) return false;
  const { openedMs, statedMs } = position;
  return statedMs === null ? fill.timeMs >= openedMs : fill.timeMs > statedMs;
}

interface ExitFill {
  readonly fill: Fill;
  readonly order: TrackedOrder | undefined;
  readonly out: Decision[];
}

function bookExit(state: EngineState, { fill, order, out }: ExitFill): void {
  const position = state.positions.get(fill.instrumentId);
  if (position === undefined) return;
  if (order?.filledQuantity.plus(fill.quantity).greaterThan(order.quantity)) {
    // Told before: its id is forgotten. After a partial exit the position is still there to be reduced again.
    noteUnplaced(fill, out);
    return;
  }
  const ours = minDecimal(fill.quantity, heldQuantity(position.holding));
  position.holding = applyFill(position.holding, share(fill, ours));
  noteStep(position, fill.fillId, fill.timeMs);
  state.lastFills.set(fill.instrumentId, fill.timeMs);
  if (order !== undefined) countExit(state, { order, fill, position, out });
  else tellReducedOutside(state, position, { fill, quantity: ours, out });
  if (ours.lessThan(fill.quantity)) noteStranger(state, fill, out);
  if (!heldQuantity(position.holding).isZero()) return;
  const reason = exitReasonOf(position, order, fill);
  closePosition(state, position, { reason, closedMs: fill.timeMs, out });
}

/** Of a fee that is shared, the last decimal place that is told of money. */
const FEE_PLACES = 10;

/** Our part of a fill that is larger than what we hold; its fee is shared in proportion. */
function share(fill: Fill, quantity: Decimal): FillAmount {
  if (quantity.equals(fill.quantity)) return fill;
  return {
    ...fill,
    quantity,
    fee: fill.fee.times(quantity).dividedBy(fill.quantity).toDecimalPlaces(FEE_PLACES),
  };
}

function countExit(
  state: EngineState,
  booked: { order: TrackedOrder; fill: Fill; position: OpenPosition; out: Decision[] },
): void {
  const { order, fill, position, out } = booked;
  order.filledQuantity = minDecimal(order.filledQuantity.plus(fill.quantity), order.quantity);
  if (order.state === 'unknown' || order.state === 'sent') settle(state, order, 'accepted', out);
  const done = order.filledQuantity.equals(order.quantity);
  if (done) notePart(state, position, order, out);
  const { closing } = position;
  if (!done || closing?.clientOrderId !== order.clientOrderId) return;
  position.closing = { ...closing, retryMs: state.timeMs };
}

/** An order of ours names its purpose; the exchange's own stop is named after the rule that put it there. */
function exitReasonOf(position: OpenPosition, order: TrackedOrder | undefined, fill: Fill): ExitReason {
  if (order !== undefined && order.purpose !== 'entry') return order.purpose;
  if (fill.cause === 'stop-loss' && position.stopKind === 'trailing') return 'trailing-stop';
  if (fill.cause === 'stop-loss' && position.stopKind === 'break-even') return 'break-even';
  return CAUSE_REASONS[fill.cause];
}

function noteStranger(state: EngineState, fill: Fill, out: Decision[]): void {
  noteOutsideFill(state, fill, heldOn(state, fill.instrumentId));
  const accountId = state.lease?.accountId ?? null;
  const own =
    fill.clientOrderId !== null && accountId !== null && isOwnOrderId(fill.clientOrderId, accountId);
  if (own) {
    noteUnplaced(fill, out);
    return;
  }
  const { instrumentId } = fill;
  const message = `A fill on ${instrumentId} belongs to no order and no position of ours.`;
  out.push(notify('warning', 'engine.fill.foreign', { instrumentId, message, detail: fillDetail(fill) }));
}

/** Money moved under our name and we cannot say for which position: a person must look. */
function noteUnplaced(fill: Fill, out: Decision[]): void {
  const { instrumentId } = fill;
  const message = `A fill of an order of ours on ${instrumentId} cannot be joined to a position.`;
  out.push(notify('critical', 'engine.fill.unplaced', { instrumentId, message, detail: fillDetail(fill) }));
  requestSnapshot('fill-unplaced', out);
}

function fillDetail({ fillId, clientOrderId, side, quantity, price }: Fill): Record<string, string | null> {
  return { fillId, clientOrderId, side, quantity: decimalText(quantity), price: decimalText(price) };
}
