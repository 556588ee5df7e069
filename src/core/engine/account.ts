import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { exitSide } from '../domain/order.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { applyFill } from '../position/apply-fill.ts';
import { tighterStop } from '../position/desired-stop.ts';
import { heldQuantity } from '../position/holding.ts';
import { dayStartAfter, transferredSince } from '../risk/daily-loss.ts';
import { closePosition } from './close-position.ts';
import type { Decision } from './decision.ts';
import type { AccountSnapshot } from './event.ts';
import { noteForeign, READING_LAG_MS } from './foreign.ts';
import { guardByPrice } from './guard.ts';
import { ladderOf } from './ladder.ts';
import { sentQuantity } from './ladder-rungs.ts';
import { isLive, isResting, type OpenPosition, type TrackedOrder } from './open-position.ts';
import { endOrder, settle } from './order-updates.ts';
import { isStopAtLeast, protectStop, tightenStop } from './protect.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';

/** An order this old that a reading of the account contradicts is given up; longer than any request may live. */
const ORDER_SETTLE_MS = 10_000;
/** Readings in a row that must agree that something is not there. */
const ABSENCES_MIN = 2;
/** How far apart two readings must be that are believed against our fills. */
const APART_MS = 2_000;

interface Reading {
  readonly asOfMs: number;
  readonly row: ExchangePosition;
  readonly out: Decision[];
}

/** Compares the exchange's word on the account with what we hold, and mends what differs. */
export function applyAccount(state: EngineState, event: AccountSnapshot, out: Decision[]): void {
  const { asOfMs } = event;
  if (state.account !== null && asOfMs < state.account.asOfMs) return;
  noteDay(state, event);
  for (const position of [...state.positions.values()]) {
    const row = event.positions.find((candidate) => isSame(candidate, position));
    if (row === undefined) noteAbsence(state, position, { asOfMs, out });
    else compare(state, position, { row, asOfMs, out });
  }
  noteForeign(state, event, out);
}

/** Remembers the equity a day begins with. It must survive a restart: the loss of the day is measured from it. */
function noteDay(state: EngineState, { balance, asOfMs, transfers = [] }: AccountSnapshot): void {
  const dayStart = dayStartAfter(state.dayStart, balance.equity, asOfMs);
  state.account = { balance, asOfMs, transferred: transferredSince(dayStart, transfers) };
  if (dayStart === state.dayStart) return;
  state.dayStart = dayStart;
  touchTrading(state);
}

function isSame(row: ExchangePosition, { instrumentId, holding }: OpenPosition): boolean {
  return row.instrumentId === instrumentId && row.direction === holding.direction;
}

function compare(state: EngineState, position: OpenPosition, reading: Reading): void {
  const { row, asOfMs, out } = reading;
  position.absence = null;
  if (asOfMs <= (state.lastFills.get(position.instrumentId) ?? 0)) return;
  if (!isProven(state, position, row)) {
    requestSnapshot('fills-missing', out);
    return;
  }
  settleByPosition(state, position, reading);
  readStop(state, position, reading);
  compareQuantity(state, position, reading);
  if (!state.positions.has(position.instrumentId)) return;
  const markPrice = row.markPrice.toNumber();
  const market = state.markets.get(position.instrumentId);
  if (market !== undefined) market.markPrice = markPrice;
  guardByPrice(state, position, { markPrice, lastPrice: null }, out);
  protectStop(state, position, out);
}

/**
 * Ours by its fills, or by the exchange's word that the entry filled. Before either, one no larger than was ordered
 * is taken for the entry; a larger one is, at least in part, a person's, whose levels are not touched.
 */
function isProven(state: EngineState, position: OpenPosition, { quantity }: ExchangePosition): boolean {
  if (heldQuantity(position.holding).greaterThan(0)) return true;
  const ladder = ladderOf(state, position);
  if (ladder !== null) return quantity.lessThanOrEqualTo(sentQuantity(state, ladder));
  const entry = state.orders.get(position.entryOrderId);
  return entry !== undefined && (entry.state === 'filled' || quantity.lessThanOrEqualTo(entry.quantity));
}

/** The position proves an entry that was not known; an exit that should long have closed it has failed. */
function settleByPosition(state: EngineState, position: OpenPosition, { asOfMs, out }: Reading): void {
  const entry = state.orders.get(position.entryOrderId);
  // Of a ladder it would not tell which of its orders filled.
  if (entry?.state === 'unknown' && entry.ladderId === null) settle(state, entry, 'accepted', out);
  if (heldQuantity(position.holding).isZero()) requestSnapshot('fills-missing', out);
  const exit = position.closing === null ? undefined : state.orders.get(position.closing.clientOrderId);
  if (exit === undefined || !isLive(exit) || asOfMs < exit.placedMs + ORDER_SETTLE_MS) return;
  endOrder(state, exit, { code: 'engine.exit.failed', detail: 'The position is still there.' }, out);
}

/** Takes over the exchange's stop; one tighter than ours becomes ours, for a stop is never loosened. */
function readStop(state: EngineState, position: OpenPosition, { row, asOfMs, out }: Reading): void {
  const { stopPrice } = row;
  const hadStop = position.readMs === null || position.exchangeStopPrice !== null;
  position.readMs = asOfMs;
  position.exchangeStopPrice = stopPrice;
  position.exchangeTakeProfitPrice = row.takeProfitPrice;
  tightenStop(state, position);
  if (stopPrice !== null) {
    const tighter = tighterStop(stopPrice, position.stopPrice, row.direction);
    takeOverStop(state, position, tighter);
  }
  if (isStopAtLeast(position)) position.stopConfirmedMs = asOfMs;
  else if (stopPrice === null && hadStop) tellStopGone(position, out);
}

function takeOverStop(state: EngineState, position: OpenPosition, stopPrice: Decimal): void {
  if (stopPrice.equals(position.stopPrice)) return;
  position.stopPrice = stopPrice;
  position.stopKind = 'exchange';
  touchTrading(state);
}

function tellStopGone(position: OpenPosition, out: Decision[]): void {
  const { instrumentId } = position;
  const message = `No stop rests at the exchange for ${instrumentId}; it is being put back.`;
  const detail = { stopPrice: decimalText(position.stopPrice) };
  out.push(notify('critical', 'engine.stop.restored', { instrumentId, message, detail }));
}

/**
 * Fills decide what we hold. Two readings in a row that state less are believed when they are apart: a fill may come
 * some time after the position that shows it, and would be booked twice. More is a stranger's.
 */
function compareQuantity(state: EngineState, position: OpenPosition, { row, asOfMs, out }: Reading): void {
  const held = heldQuantity(position.holding);
  const grown = row.quantity.greaterThan(held);
  const busy = held.isZero() || isBusy(state, position, grown) || isLagging(state, position, asOfMs);
  if (busy || row.quantity.equals(held)) {
    if (!busy) noteDrift(position, null, null);
    return;
  }
  const { driftQuantity, driftMs } = position;
  if (driftQuantity?.equals(row.quantity) !== true) {
    noteDrift(position, row.quantity, asOfMs);
    tellDrift(position, row, out);
    return;
  }
  if (driftMs !== null && asOfMs < driftMs + APART_MS) return;
  if (!row.quantity.lessThan(held)) return;
  closeUnseen(state, position, { quantity: held.minus(row.quantity), asOfMs });
  noteDrift(position, null, null);
}

function noteDrift(position: OpenPosition, quantity: Decimal | null, asOfMs: number | null): void {
  position.driftQuantity = quantity;
  position.driftMs = asOfMs;
}

function tellDrift(position: OpenPosition, row: ExchangePosition, out: Decision[]): void {
  const { instrumentId } = position;
  const detail = { held: decimalText(heldQuantity(position.holding)), stated: decimalText(row.quantity) };
  const message = `The exchange states ${detail.stated} on ${instrumentId}, our fills add up to ${detail.held}.`;
  out.push(notify('warning', 'engine.position.drift', { instrumentId, message, detail }));
  requestSnapshot('position-drift', out);
}

/** Orders on their way explain any difference, those that rest in the book only that there is more. */
function isBusy(state: EngineState, position: OpenPosition, grown: boolean): boolean {
  for (const order of state.orders.values()) {
    if (order.instrumentId !== position.instrumentId || !isLive(order)) continue;
    if (grown || !isResting(order)) return true;
  }
  return false;
}

function isLagging(state: EngineState, { instrumentId }: OpenPosition, asOfMs: number): boolean {
  return asOfMs <= (state.lastFills.get(instrumentId) ?? 0) + READING_LAG_MS;
}

/**
 * One reading without a position proves nothing. The second asks no more: the position, or the entry, is over. An
 * entry whose placement has no outcome yet may still be accepted; only the lookup of the order ends it.
 */
function noteAbsence(
  state: EngineState,
  position: OpenPosition,
  { asOfMs, out }: { readonly asOfMs: number; readonly out: Decision[] },
): void {
  const entry = state.orders.get(position.entryOrderId);
  const waiting = heldQuantity(position.holding).isZero();
  // Rungs wait for their price for hours; what becomes of each of them decides.
  if (waiting && ladderOf(state, position) !== null) return;
  if (isLagging(state, position, asOfMs)) return;
  if (waiting && (entry === undefined || !isAnswered(entry, asOfMs))) return;
  const { absence } = position;
  if (absence !== null && asOfMs < absence.asOfMs + APART_MS) return;
  const count = (absence?.count ?? 0) + 1;
  position.absence = { count, asOfMs };
  if (count < ABSENCES_MIN) requestSnapshot('position-absent', out);
  else if (!waiting) closeGone(state, position, { asOfMs, out });
  else if (entry !== undefined) {
    endOrder(state, entry, { code: 'engine.position.gone', detail: 'The exchange shows no position.' }, out);
  }
}

/** The exchange has taken the order, long enough ago for its fills to have shown. */
function isAnswered({ state, placedMs }: TrackedOrder, asOfMs: number): boolean {
  return state !== 'sent' && state !== 'unknown' && asOfMs >= placedMs + ORDER_SETTLE_MS;
}

function closeGone(
  state: EngineState,
  position: OpenPosition,
  { asOfMs, out }: { readonly asOfMs: number; readonly out: Decision[] },
): void {
  const { instrumentId, closing } = position;
  const quantity = heldQuantity(position.holding);
  const price = closeUnseen(state, position, { quantity, asOfMs });
  const detail = { quantity: decimalText(quantity), assumedPrice: decimalText(price) };
  const message = `The position on ${instrumentId} is gone without a fill; its result is an estimate.`;
  out.push(notify('critical', 'engine.position.gone', { instrumentId, message, detail }));
  closePosition(state, position, { reason: closing?.reason ?? 'external', closedMs: asOfMs, out });
}

/** Books what was closed without a fill at the last known price and no fee, and gives that price. */
function closeUnseen(
  state: EngineState,
  position: OpenPosition,
  { quantity, asOfMs }: { readonly quantity: Decimal; readonly asOfMs: number },
): Decimal {
  const known = state.markets.get(position.instrumentId)?.price ?? null;
  const price = known === null ? position.entry.referencePrice : decimal(known);
  const side = exitSide(position.holding.direction);
  position.holding = applyFill(position.holding, { side, price, quantity, fee: ZERO });
  state.lastFills.set(position.instrumentId, asOfMs);
  touchTrading(state);
  return price;
}
