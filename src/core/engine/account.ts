import { type Decimal, decimalText } from '../base/decimal.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { heldQuantity } from '../position/holding.ts';
import { dayStartAfter, transferredSince } from '../risk/daily-loss.ts';
import {
  closeUnseen,
  endAbsence,
  isLagging,
  noteAbsence,
  ORDER_SETTLE_MS,
  type Shortfall,
} from './absence.ts';
import type { Decision } from './decision.ts';
import { noteDifferences } from './differences.ts';
import { isBorneOut } from './doubt.ts';
import type { AccountSnapshot } from './event.ts';
import { noteForeign } from './foreign.ts';
import { ladderOf } from './ladder.ts';
import { noteOddStops } from './odd-stops.ts';
import { isLive, isResting, type OpenPosition } from './open-position.ts';
import { endOrder, settle } from './order-updates.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';
import { isBeforeFill, isProven, keepAsStated, rowOf } from './stated-positions.ts';
import { compareOrders } from './strange-orders.ts';

interface Reading extends Shortfall {
  readonly row: ExchangePosition;
}

/** Compares the exchange's word on the account with what we hold, and mends what differs. */
export function applyAccount(state: EngineState, event: AccountSnapshot, out: Decision[]): void {
  const { asOfMs } = event;
  if (state.account !== null && asOfMs < state.account.asOfMs) return;
  noteDay(state, event);
  for (const position of [...state.positions.values()]) {
    const row = rowOf(event.positions, position);
    const confirmed = event.confirmed?.includes(position.instrumentId) === true;
    if (row === undefined) noteAbsence(state, position, { asOfMs, confirmed, out });
    else compare(state, position, { row, asOfMs, confirmed, out });
  }
  noteForeign(state, event, out);
  noteOddStops(state, event.stops, out);
  compareOrders(state, event.orders, out);
  noteDifferences(state, event);
}

/** Remembers the equity a day begins with. It must survive a restart: the loss of the day is measured from it. */
function noteDay(state: EngineState, { balance, asOfMs, transfers = [] }: AccountSnapshot): void {
  const dayStart = dayStartAfter(state.dayStart, balance.equity, asOfMs);
  state.account = { balance, asOfMs, transferred: transferredSince(dayStart, transfers) };
  if (dayStart === state.dayStart) return;
  state.dayStart = dayStart;
  touchTrading(state);
}

function compare(state: EngineState, position: OpenPosition, reading: Reading): void {
  const { row, asOfMs, out } = reading;
  endAbsence(state, position, out);
  if (isBeforeFill(state, position, asOfMs)) return;
  if (!isProven(state, position, row)) {
    noteUnproven(state, position, reading);
    return;
  }
  settleByPosition(state, position, reading);
  compareQuantity(state, position, reading);
  if (state.positions.has(position.instrumentId)) keepAsStated(state, position, reading);
}

/**
 * Fills of ours may be on the way, and are asked for. Beside a ladder that rests they are asked for once: a quantity
 * that stays without them is a person's, and `noteForeign` tells of it.
 */
function noteUnproven(state: EngineState, position: OpenPosition, { row, asOfMs, out }: Reading): void {
  const rests = ladderOf(state, position) !== null;
  if (rests && position.driftQuantity?.equals(row.quantity) === true) return;
  if (rests) noteDrift(position, row.quantity, asOfMs);
  requestSnapshot('fills-missing', out);
}

/** The position proves an entry that was not known; an exit that should long have closed it has failed. */
function settleByPosition(state: EngineState, position: OpenPosition, { asOfMs, out }: Reading): void {
  const entry = state.orders.get(position.entryOrderId);
  // Of a ladder it would not tell which of its orders filled.
  if (entry?.state === 'unknown' && entry.ladderId === null) settle(state, entry, 'accepted', out);
  if (heldQuantity(position.holding).isZero()) requestSnapshot('fills-missing', out);
  const exit = position.closing === null ? undefined : state.orders.get(position.closing.clientOrderId);
  if (exit === undefined || !isLive(exit) || asOfMs < exit.placedMs + ORDER_SETTLE_MS) return;
  endOrder(
    state,
    exit,
    { as: 'given-up', code: 'engine.exit.failed', detail: 'The position is still there.' },
    out,
  );
}

/**
 * Fills decide what we hold. A list that states less is believed like one that states nothing: where the exchange bears
 * it out by other words, for long enough. More is a stranger's.
 */
function compareQuantity(state: EngineState, position: OpenPosition, reading: Reading): void {
  const { row, asOfMs, out } = reading;
  const held = heldQuantity(position.holding);
  // The usual reading, before all orders are looked through: both agree, and nothing else was suspected.
  const suspected = position.driftQuantity ?? position.driftMs ?? position.proof;
  if (suspected === null && row.quantity.equals(held)) return;
  const busy = held.isZero() || isBusy(state, position, row) || isLagging(state, position, asOfMs);
  if (busy || row.quantity.equals(held)) {
    if (!busy) noteDrift(position, null, null);
    return;
  }
  if (position.driftQuantity?.equals(row.quantity) !== true) {
    noteDrift(position, row.quantity, asOfMs);
    tellDrift(position, row, out);
    return;
  }
  if (row.quantity.lessThan(held))
    noteShrunk(state, position, { ...reading, quantity: held.minus(row.quantity) });
}

function noteShrunk(
  state: EngineState,
  position: OpenPosition,
  { quantity, asOfMs, confirmed, out }: Shortfall & { readonly quantity: Decimal },
): void {
  if (!confirmed || !isBorneOut(position, asOfMs)) return;
  const price = closeUnseen(state, position, { quantity, asOfMs });
  noteDrift(position, null, null);
  const { instrumentId } = position;
  const detail = { quantity: decimalText(quantity), assumedPrice: decimalText(price) };
  const message = `${detail.quantity} of the position on ${instrumentId} are gone without a fill; their result is an estimate.`;
  out.push(notify('critical', 'engine.position.shrunk', { instrumentId, message, detail }));
}

function noteDrift(position: OpenPosition, quantity: Decimal | null, asOfMs: number | null): void {
  position.driftQuantity = quantity;
  position.proof = null;
  position.driftMs = asOfMs;
}

function tellDrift(position: OpenPosition, row: ExchangePosition, out: Decision[]): void {
  const { instrumentId } = position;
  const detail = { held: decimalText(heldQuantity(position.holding)), stated: decimalText(row.quantity) };
  const message = `The exchange states ${detail.stated} on ${instrumentId}, our fills add up to ${detail.held}.`;
  out.push(notify('warning', 'engine.position.drift', { instrumentId, message, detail }));
  requestSnapshot('position-drift', out);
}

/** Orders on their way explain any difference, those that rest in the book only as much more as they may fill. */
function isBusy(state: EngineState, { instrumentId, holding }: OpenPosition, row: ExchangePosition): boolean {
  const held = heldQuantity(holding);
  let quantityMax = held;
  for (const order of state.orders.values()) {
    if (order.instrumentId !== instrumentId || !isLive(order)) continue;
    if (!isResting(order)) return true;
    quantityMax = quantityMax.plus(order.quantity).minus(order.filledQuantity);
  }
  return row.quantity.greaterThan(held) && row.quantity.lessThanOrEqualTo(quantityMax);
}
