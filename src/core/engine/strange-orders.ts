import { decimalText } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { type Order, parseClientOrderId } from '../domain/order.ts';
import { isEndState } from '../domain/order-state.ts';
import type { Decision } from './decision.ts';
import { APART_MS } from './doubt.ts';
import type { RestingOrders } from './event.ts';
import { isAskedBack } from './ladder-rungs.ts';
import { isResting, type TrackedOrder } from './open-position.ts';
import type { StrangeOrder } from './outside-memory.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/** An order placed this shortly before a list may not be in it yet, ms. */
const LIST_LAG_MS = 5_000;

/**
 * Holds the exchange's list of what rests against our orders. One that is not ours is told once, counted as exposure
 * and never touched; one of ours that should be over, or that is not there, is looked up: its own word decides.
 */
export function compareOrders(
  state: EngineState,
  resting: RestingOrders | null | undefined,
  out: Decision[],
): void {
  if (resting === null || resting === undefined) return;
  const strange = resting.rows.flatMap((row) => strangeOrder(state, row, resting.asOfMs) ?? []);
  if (strange.length > 0 || state.strangeOrders.length > 0) touchTrading(state);
  state.strangeOrders = strange;
  for (const order of strange) judge(state, order, { asOfMs: resting.asOfMs, out });
  for (const order of state.orders.values()) if (isMissing(state, order, resting)) lookUp(order, out);
}

function judge(
  state: EngineState,
  strange: StrangeOrder,
  { asOfMs, out }: { readonly asOfMs: number; readonly out: Decision[] },
): void {
  if (!strange.ended && strange.sinceMs === asOfMs) tellForeignOrder(strange, out);
  const ended = isSurelyNotEnded(strange, asOfMs) ? ownOrder(state, strange.clientOrderId) : null;
  if (ended !== null) lookUp(ended, out);
}

/** True for one of ours that two lists apart let rest although it was over before the first of them. */
export function isSurelyNotEnded({ ended, sinceMs }: StrangeOrder, asOfMs: number): boolean {
  return ended && asOfMs >= sinceMs + APART_MS;
}

/** The order on an instrument that is not ours and could open something there; null: none. */
export function foreignOrderOn(state: EngineState, instrumentId: InstrumentId): StrangeOrder | null {
  const found = state.strangeOrders.find((order) => order.instrumentId === instrumentId && !order.reduceOnly);
  return found ?? null;
}

/** Should rest, and is not in a list that is young enough to have it. */
function isMissing(state: EngineState, order: TrackedOrder, { rows, asOfMs }: RestingOrders): boolean {
  const { clientOrderId, placedMs } = order;
  if (!isResting(order) || asOfMs <= placedMs + LIST_LAG_MS || isAskedBack(state, order)) return false;
  return !rows.some((row) => row.clientOrderId === clientOrderId);
}

/** Null for one of ours that lives. */
function strangeOrder(state: EngineState, row: Order, asOfMs: number): StrangeOrder | null {
  const { exchangeOrderId, clientOrderId, instrumentId, side, price, stopPrice, reduceOnly } = row;
  const own = ownOrder(state, clientOrderId);
  if (own !== null && !isEndState(own.state)) return null;
  const known = state.strangeOrders.find((order) => order.exchangeOrderId === exchangeOrderId);
  return {
    ...{ exchangeOrderId, clientOrderId, instrumentId, side, reduceOnly },
    quantity: row.quantity.minus(row.filledQuantity),
    price: price ?? stopPrice,
    sinceMs: known?.sinceMs ?? asOfMs,
    ended: own !== null,
  };
}

/** Null for one that no order of ours, as far as we remember them, goes by. */
function ownOrder(state: EngineState, clientOrderId: string | null): TrackedOrder | null {
  const id = clientOrderId === null ? null : parseClientOrderId(clientOrderId);
  return id === null ? null : (state.orders.get(id) ?? null);
}

function lookUp({ instrumentId, clientOrderId }: TrackedOrder, out: Decision[]): void {
  out.push({ kind: 'look-up-order', instrumentId, clientOrderId, taken: false });
}

function tellForeignOrder(order: StrangeOrder, out: Decision[]): void {
  const { instrumentId, side, exchangeOrderId } = order;
  const counts = order.reduceOnly ? '' : ' and counts as exposure; nothing is entered there';
  const message = `An order rests on ${instrumentId} that is not ours, ${strangeText(order)}; it stays untouched${counts}.`;
  const detail = { exchangeOrderId, side, quantity: decimalText(order.quantity) };
  out.push(notify('warning', 'engine.order.foreign', { instrumentId, message, detail }));
}

/** `buy 0.5 at 100`. */
export function strangeText({ side, quantity, price }: StrangeOrder): string {
  return `${side} ${decimalText(quantity)} ${price === null ? 'at the market' : `at ${decimalText(price)}`}`;
}
