import { isEndState, isTaken, orderMove } from '../domain/order-state.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { heldQuantity } from '../position/holding.ts';
import { endBotPosition } from './bot.ts';
import type { Decision } from './decision.ts';
import type { OrderUpdate } from './event.ts';
import { exitRetryDelayMs } from './exits.ts';
import { explainRefused } from './gate-refusal.ts';
import { followSeriesOf } from './held-series.ts';
import { endRung, followOrder, isAskedBack, takeBack } from './ladder-rungs.ts';
import {
  type EndCause,
  endedOrder,
  isLive,
  isResting,
  type OpenPosition,
  type OrderEnd,
  type TrackedOrder,
} from './open-position.ts';
import { noteTakenAway } from './outside.ts';
import { endPart } from './reduce-position.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';
import { noteSurprise } from './surprise.ts';

/** What ends an order this soon is the answer to its placement, ms. */
const PLACING_MS = 2_000;

/**
 * Learns what became of an order of ours, as far as `orderMove` lets it. One that has ended and rests all the same is
 * taken back; one that was denied and exists is a surprise.
 */
export function applyOrderUpdate(state: EngineState, event: OrderUpdate, out: Decision[]): void {
  const order = state.orders.get(event.clientOrderId);
  if (order === undefined) return;
  if (isCut(order, event)) endBy(state, order, { ...event, as: 'cancelled' }, out);
  else takeWord(state, order, event, out);
}

function takeWord(state: EngineState, order: TrackedOrder, event: OrderUpdate, out: Decision[]): void {
  const move = orderMove(order.state, event.state);
  const isSurprise = move === 'surprise';
  // That an order exists which was denied is news: a cancel from before may have come too soon.
  if (isSurprise) order.takenBack = null;
  takeBackEnded(state, order, event, out);
  if (!isTaken(move)) return;
  if (event.refusal !== undefined) explainRefused(state, order, event.refusal, out);
  if (isSurprise) noteSurprise(state, order, { quantity: event.filledQuantity ?? null, out });
  if (event.state === 'unknown') freeze(state, order, { event, out });
  else if (event.state === 'accepted' || event.state === 'filled') settle(state, order, event.state, out);
  // One that has filled to the last lot has had its effect; its instrument may be in another position by now.
  else if (!isLive(order) && !isSurprise) return;
  else endBy(state, order, { ...event, as: event.state }, out);
}

/**
 * Of an order that only reduces the exchange drops what is more than the position it meets, and calls it filled with
 * the rest: more of it never comes.
 */
function isCut(order: TrackedOrder, { state, filledQuantity }: OrderUpdate): boolean {
  if (state !== 'filled' || filledQuantity === null || filledQuantity === undefined) return false;
  return order.purpose !== 'entry' && isLive(order) && filledQuantity.lessThan(order.quantity);
}

/** A moment after its placement the exchange itself may still take an order back. */
function isTakenAway(state: EngineState, order: TrackedOrder): boolean {
  return isResting(order) && state.timeMs - order.placedMs > PLACING_MS && !isAskedBack(state, order);
}

function keepTakenAway(state: EngineState, order: TrackedOrder, word: string): void {
  const { clientOrderId, instrumentId, quantity, filledQuantity } = order;
  noteTakenAway(state, { clientOrderId, instrumentId, quantity: quantity.minus(filledQuantity), word });
}

function takeBackEnded(state: EngineState, order: TrackedOrder, event: OrderUpdate, out: Decision[]): void {
  if (event.state === 'accepted' && isEndState(order.state)) takeBack(state, order, out);
}

function endBy(state: EngineState, order: TrackedOrder, end: OrderEnd, out: Decision[]): void {
  if (end.as === 'cancelled' && isTakenAway(state, order)) keepTakenAway(state, order, end.detail);
  if (order.ladderId === null) endOrder(state, order, end, out);
  else endRung(state, order, end, out);
}

/** Records that an order exists; one whose outcome was not known is known now. */
export function settle(
  state: EngineState,
  order: TrackedOrder,
  as: 'accepted' | 'filled',
  out: Decision[],
): void {
  const { instrumentId } = order;
  if (order.state === as) return;
  if (order.state === 'unknown') {
    const message = `The order ${order.clientOrderId} on ${instrumentId} is known now: ${as}.`;
    out.push(notify('info', 'engine.order.settled', { instrumentId, message }));
  }
  order.state = as;
  if (as === 'filled') order.filledMs = state.timeMs;
  touchTrading(state);
  followOrder(state, order, out);
}

/**
 * Records that nothing more comes of an order but the fills the exchange counts and has not told: an entry that is not
 * waited for frees its slot, an exit is tried again.
 */
export function endOrder(state: EngineState, order: TrackedOrder, end: OrderEnd, out: Decision[]): void {
  const ended = endedOrder(order, end, state.timeMs);
  state.orders.set(order.clientOrderId, ended);
  touchTrading(state);
  if (end.as === 'given-up') {
    const { instrumentId, clientOrderId } = order;
    out.push({ kind: 'give-up-order', instrumentId, clientOrderId, code: end.code, detail: end.detail });
  }
  const position = state.positions.get(order.instrumentId);
  if (position === undefined) return;
  const isWaitedFor = ended.state === 'filled';
  if (order.purpose !== 'entry') {
    // Of what is waited for the level of a partial exit is done with.
    const counted = isWaitedFor ? { ...ended, filledQuantity: ended.quantity } : ended;
    endPart(state, position, { order: counted, cause: end, out });
    endExit(state, { order, position, cause: end, out });
  } else if (isWaitedFor) requestSnapshot('entry-partly-filled', out);
  else endEntry(state, { order, position, cause: end, out });
}

interface Ending {
  readonly order: TrackedOrder;
  readonly position: OpenPosition;
  readonly cause: EndCause;
  readonly out: Decision[];
}

function endEntry(state: EngineState, { order, position, cause, out }: Ending): void {
  const { instrumentId } = order;
  // It was denied, and the instrument entered anew since: what it did not fill is no word on that position.
  if (position.entryOrderId !== order.clientOrderId) return;
  if (heldQuantity(position.holding).greaterThan(0)) {
    requestSnapshot('entry-partly-filled', out);
    return;
  }
  state.positions.delete(instrumentId);
  followSeriesOf(state, instrumentId);
  endBotPosition(state.bots, instrumentId);
  state.coolDowns.set(instrumentId, state.timeMs + timeframeMs(position.entry.timeframe));
  const message = `The entry on ${instrumentId} failed: ${cause.code} ${cause.detail}`.trimEnd();
  const detail = { clientOrderId: order.clientOrderId, code: cause.code, reason: cause.detail };
  out.push(notify('warning', 'engine.entry.failed', { instrumentId, message, detail }));
}

function endExit(state: EngineState, { order, position, cause, out }: Ending): void {
  const { instrumentId } = order;
  const { closing } = position;
  if (closing === null || closing.clientOrderId !== order.clientOrderId) return;
  position.closing = { ...closing, retryMs: state.timeMs + exitRetryDelayMs(closing.attempts) };
  const message =
    `The exit on ${instrumentId} ended without closing it: ${cause.code} ${cause.detail}`.trimEnd();
  const detail = { clientOrderId: order.clientOrderId, code: cause.code, attempts: closing.attempts };
  out.push(notify('warning', 'engine.exit.failed', { instrumentId, message, detail }));
  requestSnapshot('exit-ended-without-flat', out);
}

function freeze(
  state: EngineState,
  order: TrackedOrder,
  { event, out }: { readonly event: OrderUpdate; readonly out: Decision[] },
): void {
  // One that is filled to the last lot exists, whatever became of the answer to its placement.
  if (!isLive(order)) return;
  order.state = 'unknown';
  order.unknownMs = state.timeMs;
  touchTrading(state);
  followOrder(state, order, out);
  const { instrumentId, clientOrderId, purpose } = order;
  out.push({ kind: 'halt-instrument', instrumentId, reason: 'engine.order.unknown' });
  const message = `Whether the ${purpose} order on ${instrumentId} exists is not known; the instrument is frozen.`;
  const detail = { clientOrderId, code: event.code, reason: event.detail };
  out.push(notify('critical', 'engine.order.unknown', { instrumentId, message, detail }));
  requestSnapshot('order-unknown', out);
}
