import { type Decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { ClientOrderId, Direction } from '../domain/order.ts';
import type { Decision } from './decision.ts';
import type { TrackedOrder } from './open-position.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';

/** How long nothing is entered on an instrument after a surprise, unless a person ends it before. */
const FROZEN_MS = 86_400_000;

/** Why nothing is entered on an instrument, and what ends it. */
export interface FrozenInstrument {
  readonly instrumentId: InstrumentId;
  readonly direction: Direction;
  readonly clientOrderId: ClientOrderId;
  readonly why: 'order-unknown' | 'surprise';
  readonly sinceMs: number;
  /** When it ends by itself; null: with the word on the order. */
  readonly untilMs: number | null;
}

/**
 * Tells and counts that an order exists of which the exchange had said, or we had concluded, that it does not, and lets
 * nothing be entered on its instrument: what was concluded once may be wrong again. Called before its state changes.
 */
export function noteSurprise(
  state: EngineState,
  order: TrackedOrder,
  { quantity, out }: { readonly quantity: Decimal | null; readonly out: Decision[] },
): void {
  const { instrumentId, clientOrderId, direction, purpose } = order;
  const sinceMs = state.timeMs;
  state.surprises = { count: state.surprises.count + 1, lastMs: sinceMs };
  const freeze = { instrumentId, clientOrderId, direction, sinceMs, untilMs: sinceMs + FROZEN_MS };
  state.freezes.set(instrumentId, freeze);
  touchTrading(state);
  const filled = quantity === null ? '' : ` and has filled ${decimalText(quantity)}`;
  const message =
    `The ${purpose} order ${clientOrderId} on ${instrumentId}, which was ${order.state}, exists${filled}. ` +
    'What it opened is ours and protected; nothing is entered there for a day, or until a person allows it.';
  const detail = { clientOrderId, was: order.state, purpose, direction, untilMs: freeze.untilMs };
  out.push(notify('critical', 'engine.order.surprise', { instrumentId, message, detail }));
  // Its outcome is found out and journaled anew.
  out.push({ kind: 'look-up-order', instrumentId, clientOrderId, taken: true });
  requestSnapshot('order-surprise', out);
}

/** Ends the freezes whose day is over. */
export function endFreezes(state: EngineState, out: Decision[]): void {
  for (const { instrumentId, untilMs } of state.freezes.values())
    if (state.timeMs >= untilMs) letEnter(state, instrumentId, out);
}

/** A person lets entries go on. The error says why it cannot be, in a sentence. */
export function unfreeze(
  state: EngineState,
  instrumentId: InstrumentId,
  { reason, out }: { readonly reason: string; readonly out: Decision[] },
): Result<string, string> {
  if (!state.freezes.has(instrumentId)) {
    const unknown = unknownOrder(state, instrumentId);
    return err(
      unknown === null
        ? `${instrumentId} is not frozen.`
        : `The outcome of the order ${unknown.clientOrderId} on ${instrumentId} is being found out; that ends the freeze.`,
    );
  }
  if (reason.trim() === '') return err('Letting entries go on after a surprise takes a reason.');
  letEnter(state, instrumentId, out);
  return ok(`Entries on ${instrumentId} may go on.`);
}

/** Why nothing is entered on this instrument; null: for no such reason. */
export function frozenOn(state: EngineState, instrumentId: InstrumentId): FrozenInstrument | null {
  const surprise = state.freezes.get(instrumentId);
  if (surprise !== undefined) return { ...surprise, why: 'surprise' };
  const order = unknownOrder(state, instrumentId);
  return order === null ? null : frozenBy(order);
}

/** Every instrument on which nothing is entered because of its orders. */
export function frozenInstruments(state: EngineState): readonly FrozenInstrument[] {
  const frozen: FrozenInstrument[] = [...state.freezes.values()].map((freeze) => ({
    ...freeze,
    why: 'surprise',
  }));
  for (const order of state.orders.values()) if (order.state === 'unknown') frozen.push(frozenBy(order));
  return frozen;
}

function letEnter(state: EngineState, instrumentId: InstrumentId, out: Decision[]): void {
  state.freezes.delete(instrumentId);
  touchTrading(state);
  const message = `Entries on ${instrumentId} are no longer kept back by an order that came as a surprise.`;
  out.push(notify('info', 'engine.instrument.unfrozen', { instrumentId, message }));
}

function frozenBy(order: TrackedOrder): FrozenInstrument {
  const { instrumentId, direction, clientOrderId, unknownMs, placedMs } = order;
  const sinceMs = unknownMs ?? placedMs;
  return { instrumentId, direction, clientOrderId, why: 'order-unknown', sinceMs, untilMs: null };
}

function unknownOrder({ orders }: EngineState, instrumentId: InstrumentId): TrackedOrder | null {
  for (const order of orders.values())
    if (order.state === 'unknown' && order.instrumentId === instrumentId) return order;
  return null;
}
