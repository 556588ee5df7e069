import { assert, ensure } from '../base/assert.ts';
import { type Decimal, decimalText, ZERO } from '../base/decimal.ts';
import { isEndState } from '../domain/order-state.ts';
import { approveRung } from '../risk/approve.ts';
import type { PlannedRung } from '../risk/plan-ladder.ts';
import type { Decision } from './decision.ts';
import { isRungOver, type Ladder, moveRung, type Rung, type RungState } from './ladder.ts';
import {
  endedOrder,
  isLive,
  isResting,
  type OrderEnd,
  sentOrder,
  type TrackedOrder,
} from './open-position.ts';
import { type EngineState, nextOrderId, notify, touchTrading, trackOrder } from './state.ts';

/** Pause before an order is taken back again; each is twice the one before. */
const TAKE_BACK_MS = 2_000;
const TAKE_BACK_MS_MAX = 60_000;

/** Sends the order of a planned rung under a name of its own; the first one's is that of the ladder. */
export function sendRung(state: EngineState, ladder: Ladder, rung: Rung, out: Decision[]): void {
  assert(rung.state === 'planned', 'A rung is sent once.');
  const named = rung.clientOrderId ?? nextOrderId(state);
  const clientOrderId = ensure(named, 'A ladder was approved under a lease.');
  const order = approveRung(ladder.plan, plannedRung(ladder, rung), {
    clientOrderId,
    ladderId: ladder.ladderId,
  });
  trackOrder(state, sentOrder(order, state.timeMs));
  rung.clientOrderId = clientOrderId;
  rung.checkedMs = state.timeMs;
  tellRung(state, ladder, { rung, to: 'sent', code: '', out });
  out.push({ kind: 'place-order', order });
}

/** What was planned of a rung. */
export function plannedRung(ladder: Ladder, rung: Rung): PlannedRung {
  return ensure(ladder.plan.rungs[ladder.rungs.indexOf(rung)], 'A ladder has as many rungs as its plan.');
}

/** Has a rung follow its order; a no-op where the order is no rung of a ladder that is known. */
export function followOrder(state: EngineState, order: TrackedOrder, out: Decision[]): void {
  const found = rungOf(state, order);
  if (found === null) return;
  const { ladder, rung } = found;
  if (!rung.filledQuantity.equals(order.filledQuantity)) {
    rung.filledQuantity = order.filledQuantity;
    touchTrading(state);
  }
  const to = stateBy(order, rung, plannedRung(ladder, rung));
  if (to !== rung.state) tellRung(state, ladder, { rung, to, code: '', out });
}

/**
 * Learns that nothing more comes of the order of a rung but the fills the exchange counts and has not told: it is
 * waited for them. An order that was taken back had existed; one that was refused, or never placed, has failed.
 */
export function endRung(state: EngineState, order: TrackedOrder, word: OrderEnd, out: Decision[]): void {
  state.orders.set(order.clientOrderId, endedOrder(order, word, state.timeMs));
  touchTrading(state);
  if (word.as === 'not-placed' && isResting(order)) takeBack(state, order, out);
  const found = rungOf(state, order);
  if (found === null || isRungOver(found.rung)) return;
  const { ladder, rung } = found;
  const to = word.as === 'cancelled' || rung.state === 'cancelling' ? 'cancelled' : 'rejected';
  tellRung(state, ladder, { rung, to, code: word.code, out });
}

/**
 * Has an order taken back that is believed to be over and may rest all the same: nobody else would. Every reading and
 * every word may ask for it, and a cancel asks for a reading: between two there is a pause that grows.
 */
export function takeBack(state: EngineState, order: TrackedOrder, out: Decision[]): void {
  const { instrumentId, clientOrderId, limitPrice } = order;
  if (limitPrice === null || state.entriesAllowed.leaseLost) return;
  // What ended in this step is another object of the same order.
  const tracked = state.orders.get(clientOrderId) ?? order;
  const { count, askedMs } = tracked.takenBack ?? { count: 0, askedMs: Number.NEGATIVE_INFINITY };
  const pauseMs = Math.min(TAKE_BACK_MS_MAX, TAKE_BACK_MS * 2 ** (count - 1));
  if (state.timeMs - askedMs < pauseMs) return;
  tracked.takenBack = { count: count + 1, askedMs: state.timeMs };
  touchTrading(state);
  out.push({ kind: 'cancel-order', instrumentId, clientOrderId });
}

/** True when we asked for an order to be taken back, or are about to. */
export function isAskedBack(state: EngineState, order: TrackedOrder): boolean {
  const found = rungOf(state, order);
  if (order.takenBack !== null || found === null) return true;
  return found.ladder.ending !== null || found.rung.state === 'cancelling';
}

/** An order of a ladder that rests, and that no rung looks after any more. */
export function isLeftBehind(state: EngineState, order: TrackedOrder): boolean {
  if (!isResting(order)) return false;
  const found = rungOf(state, order);
  return found === null || isRungOver(found.rung);
}

/** Moves a rung on and tells it. */
export function tellRung(
  state: EngineState,
  ladder: Ladder,
  change: { readonly rung: Rung; readonly to: RungState; readonly code: string; readonly out: Decision[] },
): void {
  const { rung, to, code, out } = change;
  const from = rung.state;
  moveRung(rung, to);
  touchTrading(state);
  const { price, quantity, market } = plannedRung(ladder, rung);
  const { instrumentId } = ladder.plan;
  const number = ladder.rungs.indexOf(rung) + 1;
  const at = market ? 'at the market' : `at ${decimalText(price)}`;
  const filled = decimalText(rung.filledQuantity);
  const message = `Rung ${number} of ${ladder.rungs.length} on ${instrumentId}, ${decimalText(quantity)} ${at}: ${to}.`;
  const { clientOrderId } = rung;
  const detail = { ladderId: ladder.ladderId, clientOrderId, rung: number, from, to, filled, code };
  const severity = to === 'rejected' ? 'warning' : 'info';
  out.push(notify(severity, 'engine.ladder.rung', { instrumentId, message, detail }));
}

/** Orders of a ladder that may still change what is held. */
export function liveRungs(state: EngineState, { ladderId }: Ladder): readonly TrackedOrder[] {
  return [...state.orders.values()].filter((order) => order.ladderId === ladderId && isLive(order));
}

/**
 * What its orders that are not known to rest may hold without our knowing. Those of a lost state were placed long ago:
 * their fills have been told, or there are none.
 */
export function unseenQuantity(state: EngineState, ladder: Ladder): Decimal {
  let sum = ZERO;
  for (const order of liveRungs(state, ladder)) {
    const isOld = order.state === 'unknown' && ladder.ending === 'state-lost';
    if (!isOld && !isResting(order)) sum = sum.plus(order.quantity);
  }
  return sum;
}

function rungOf(
  { ladders }: EngineState,
  { instrumentId, clientOrderId }: TrackedOrder,
): { readonly ladder: Ladder; readonly rung: Rung } | null {
  const ladder = ladders.get(instrumentId);
  const rung = ladder?.rungs.find((candidate) => candidate.clientOrderId === clientOrderId);
  return ladder === undefined || rung === undefined ? null : { ladder, rung };
}

/** A rung that is being taken back stays so until its end is known; one that has ended, until its last lot is told. */
function stateBy(order: TrackedOrder, rung: Rung, { quantity }: PlannedRung): RungState {
  if (order.filledQuantity.greaterThanOrEqualTo(quantity)) return 'filled';
  if (isRungOver(rung))
    return rung.state === 'rejected' && !order.filledQuantity.isZero() ? 'cancelled' : rung.state;
  if (order.state === 'filled') return 'filled';
  if (order.state === 'unknown') return 'unknown';
  if (isEndState(order.state) || rung.state === 'cancelling') return rung.state;
  if (!order.filledQuantity.isZero()) return 'partly-filled';
  return order.state === 'sent' ? 'sent' : 'accepted';
}
