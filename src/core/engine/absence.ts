import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { exitSide } from '../domain/order.ts';
import { applyFill } from '../position/apply-fill.ts';
import { heldQuantity } from '../position/holding.ts';
import { closePosition } from './close-position.ts';
import type { Decision } from './decision.ts';
import { ABSENCES_MIN, APART_MS, isBorneOut } from './doubt.ts';
import { READING_LAG_MS } from './foreign.ts';
import { ladderOf } from './ladder.ts';
import type { OpenPosition, TrackedOrder } from './open-position.ts';
import { endOrder } from './order-updates.ts';
import { noteStep } from './position-steps.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';

/** An order this old that a reading of the account contradicts is given up; longer than any request may live. */
export const ORDER_SETTLE_MS = 10_000;

/** A reading of the account that states nothing of a position, or less of it than our fills add up to. */
export interface Shortfall {
  readonly asOfMs: number;
  /** More than the list says so: the instrument asked for by its name, and the margin of the wallet. */
  readonly confirmed: boolean;
  readonly out: Decision[];
}

/**
 * A list without a position proves nothing, however often it is read: it puts the position in doubt, and its fills are
 * looked for. Where there are none, and the exchange bears it out by other words for long enough, the position, or the
 * entry, is over. An entry whose placement has no outcome yet may still be accepted; only the lookup of the order
 * ends it.
 */
export function noteAbsence(state: EngineState, position: OpenPosition, reading: Shortfall): void {
  const { asOfMs, confirmed, out } = reading;
  const waiting = heldQuantity(position.holding).isZero();
  if (!isMissed(state, position, asOfMs)) return;
  const { absence } = position;
  if (absence !== null && asOfMs < absence.asOfMs + APART_MS) return;
  const count = (absence?.count ?? 0) + 1;
  position.absence = { count, asOfMs };
  if (count <= ABSENCES_MIN) requestSnapshot('position-absent', out);
  if (count === ABSENCES_MIN && !waiting) tellDoubt(state, position, out);
  if (!confirmed || !isBorneOut(position, asOfMs)) return;
  if (waiting) giveUpEntry(state, position, out);
  else closeGone(state, position, reading);
}

/** Held, or entered and due to have filled. Rungs wait for their price for hours; what becomes of each decides. */
function isMissed(state: EngineState, position: OpenPosition, asOfMs: number): boolean {
  if (isLagging(state, position, asOfMs)) return false;
  if (!heldQuantity(position.holding).isZero()) return true;
  const entry = state.orders.get(position.entryOrderId);
  return entry !== undefined && ladderOf(state, position) === null && isAnswered(entry, asOfMs);
}

function giveUpEntry(state: EngineState, { entryOrderId }: OpenPosition, out: Decision[]): void {
  const entry = state.orders.get(entryOrderId);
  if (entry === undefined) return;
  endOrder(
    state,
    entry,
    { as: 'given-up', code: 'engine.position.gone', detail: 'The exchange shows no position.' },
    out,
  );
}

/** The exchange states the position again. */
export function endAbsence(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const { absence, instrumentId } = position;
  if (absence === null) return;
  position.absence = null;
  position.proof = null;
  if (absence.count < ABSENCES_MIN || heldQuantity(position.holding).isZero()) return;
  touchTrading(state);
  const message = `The exchange states the position on ${instrumentId} again; it is in doubt no more.`;
  out.push(notify('info', 'engine.position.found', { instrumentId, message }));
}

/** A fill may come some time after the position that shows it. */
export function isLagging(state: EngineState, { instrumentId }: OpenPosition, asOfMs: number): boolean {
  return asOfMs <= (state.lastFills.get(instrumentId) ?? 0) + READING_LAG_MS;
}

/** The exchange has taken the order, long enough ago for its fills to have shown. */
export function isAnswered({ state, placedMs }: TrackedOrder, timeMs: number): boolean {
  return state !== 'sent' && state !== 'unknown' && timeMs >= placedMs + ORDER_SETTLE_MS;
}

/** Books what was closed without a fill at the last known price and no fee, and gives that price. */
export function closeUnseen(
  state: EngineState,
  position: OpenPosition,
  { quantity, asOfMs }: { readonly quantity: Decimal; readonly asOfMs: number },
): Decimal {
  const known = state.markets.get(position.instrumentId)?.price ?? null;
  const price = known === null ? position.entry.referencePrice : decimal(known);
  const side = exitSide(position.holding.direction);
  position.holding = applyFill(position.holding, { side, price, quantity, fee: ZERO });
  noteStep(position, null, asOfMs);
  state.lastFills.set(position.instrumentId, asOfMs);
  touchTrading(state);
  return price;
}

function tellDoubt(state: EngineState, { instrumentId, holding }: OpenPosition, out: Decision[]): void {
  touchTrading(state);
  const quantity = decimalText(heldQuantity(holding));
  const message =
    `The exchange's list lacks the ${holding.direction} of ${quantity} on ${instrumentId} and no fill says why. ` +
    'It is guarded as before and nothing is entered there; its fills are looked for at every reading.';
  const detail = { direction: holding.direction, quantity };
  out.push(notify('warning', 'engine.position.doubtful', { instrumentId, message, detail }));
}

function closeGone(state: EngineState, position: OpenPosition, { asOfMs, out }: Shortfall): void {
  const { instrumentId, closing } = position;
  const quantity = heldQuantity(position.holding);
  const price = closeUnseen(state, position, { quantity, asOfMs });
  const detail = { quantity: decimalText(quantity), assumedPrice: decimalText(price) };
  const message =
    `The position on ${instrumentId} is gone without a fill: the exchange's list, the instrument asked for by its ` +
    'name and the margin of the wallet agree. Its price is not known and its result is an estimate.';
  out.push(notify('critical', 'engine.position.gone', { instrumentId, message, detail }));
  closePosition(state, position, { reason: closing?.reason ?? 'external', closedMs: asOfMs, out });
}
