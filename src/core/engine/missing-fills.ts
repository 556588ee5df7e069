import { decimalText } from '../base/decimal.ts';
import type { Decision } from './decision.ts';
import { isLive, type TrackedOrder } from './open-position.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/** A fill follows the word that its order is filled within a second or two; this much later something is wrong. */
const FILLS_MISSING_MS = 30_000;

/**
 * Tells once of an order the exchange calls filled without telling its fills. They are asked for all the same, back to
 * when the order was placed, until they come: only fills say what is held.
 */
export function noteMissingFills(state: EngineState, order: TrackedOrder, out: Decision[]): void {
  const { filledMs, fillsMissing, instrumentId } = order;
  if (filledMs === null || fillsMissing || !isLive(order)) return;
  if (state.timeMs - filledMs < FILLS_MISSING_MS) return;
  order.fillsMissing = true;
  touchTrading(state);
  const { clientOrderId, quantity, filledQuantity } = order;
  const detail = { clientOrderId, ordered: decimalText(quantity), told: decimalText(filledQuantity) };
  out.push(notify('critical', 'engine.fill.missing', { instrumentId, message: messageOf(order), detail }));
}

function messageOf({ purpose, instrumentId, clientOrderId }: TrackedOrder): string {
  const what = purpose === 'entry' ? 'entry' : 'exit';
  const told = `The exchange calls the ${what} ${clientOrderId} on ${instrumentId} filled, but has told not all its fills.`;
  const stands =
    purpose === 'entry'
      ? 'Its stop is kept at the exchange; its RSI exit waits.'
      : 'Whether the position is closed is not known.';
  return `${told} ${stands} Look at the executions of the order at the exchange; close what is open there by hand if they do not show.`;
}
