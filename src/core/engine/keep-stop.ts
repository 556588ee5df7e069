import { decimalText } from '../base/decimal.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import { isHeld } from '../position/holding.ts';
import type { Decision } from './decision.ts';
import type { StopRefused } from './event.ts';
import { orderExit } from './exits.ts';
import { isLive, type OpenPosition } from './open-position.ts';
import { type EngineState, notify, touchTrading } from './state.ts';
import { isStopOverdue } from './stop-obstacle.ts';
import { isInContact, reachableMs } from './stop-watch.ts';
import { isBeyondStop, isStopMissing } from './wanted-levels.ts';

/**
 * Without a confirmed stop for so long, a position is closed. It is looked at every 2 seconds at the latest, so that
 * the way out has begun by 15 seconds.
 */
const FLATTEN_MS = 12_000;
/** After a refusal, with nothing held that lacks a stop, entries come back after this: each carries its stop. */
const REFUSAL_MS = 60_000;

/**
 * Level-triggered, at every reading and on the timer: tells of a position whose stop is not confirmed in time, and
 * has it closed. An exit on its way for another reason ends nothing of this: it is only sent again sooner.
 */
export function keepStop(state: EngineState, position: OpenPosition, out: Decision[]): void {
  if (!isStopOverdue(state, position)) return;
  tellOverdue(state, position, out);
  const { instrumentId, entry, stopWatch } = position;
  if (position.closing !== null || reachableMs(stopWatch, state.timeMs) < FLATTEN_MS) return;
  // What was read long ago, before a restart it may be, closes nothing: the next reading does.
  if (!isInContact(stopWatch, state.timeMs)) return;
  state.coolDowns.set(instrumentId, state.timeMs + timeframeMs(entry.timeframe));
  const message = `No stop of ${instrumentId} could be confirmed: the position is being closed.`;
  out.push(notify('critical', 'engine.stop.flatten', { instrumentId, message }));
  orderExit(state, position, { reason: 'stop-unconfirmed', finding: null, out });
}

/**
 * The exchange has refused a stop by a definite word. Where the position has none that guards it, or stops of any price
 * would be refused, nothing is entered until it has taken one again. A refused move of a stop that guards is told, no
 * more: the price has mostly passed the new level, and the next reading has it sent again where it still belongs. Every
 * stop of what is over is refused, and one that the price has passed: where that may be so the next refusal tells.
 */
export function noteStopRefused(state: EngineState, event: StopRefused, out: Decision[]): void {
  const { instrumentId, code, detail, timeMs } = event;
  const position = state.positions.get(instrumentId);
  if (position === undefined || mayBeOver(state, position)) return;
  if (!event.unsupported && isHeld(position.holding) && position.stopWatch.sinceMs === null) {
    tellMoveRefused(state, position, event, out);
    return;
  }
  const first = state.stopRefusal === null;
  state.stopRefusal = { instrumentId, code, text: detail, timeMs };
  touchTrading(state);
  if (!first) return;
  const why = `${code} ${detail}`.trim();
  const message = `The exchange refused the stop of ${instrumentId}: ${why}. Nothing is entered until it takes one.`;
  out.push(
    notify('critical', 'engine.stop.refused', { instrumentId, message, detail: { code, text: detail } }),
  );
}

/** Once for each row of refusals: until a stop rests where it belongs. */
function tellMoveRefused(
  state: EngineState,
  position: OpenPosition,
  { instrumentId, code, detail }: StopRefused,
  out: Decision[],
): void {
  if (position.stopMoveRefused) return;
  position.stopMoveRefused = true;
  touchTrading(state);
  const stopPrice = decimalText(position.stopPrice);
  const why = `${code} ${detail}`.trim();
  const message = `The exchange did not move the stop of ${instrumentId} to ${stopPrice}: ${why}. The one before guards on.`;
  const facts = { code, text: detail, stopPrice };
  out.push(notify('warning', 'engine.stop.move-refused', { instrumentId, message, detail: facts }));
}

/** The exchange states a stop that was not there before: it takes stops. */
export function noteStopTaken(state: EngineState, { instrumentId }: OpenPosition, out: Decision[]): void {
  if (state.stopRefusal === null) return;
  state.stopRefusal = null;
  touchTrading(state);
  const message = `The exchange has taken the stop of ${instrumentId}: stops do not keep entries back any more.`;
  out.push(notify('info', 'engine.stop.taken', { instrumentId, message }));
}

/** With nothing held that lacks a stop, only an entry can show whether stops are taken, and each carries its own. */
export function endRefusal(state: EngineState, out: Decision[]): void {
  const { stopRefusal, timeMs } = state;
  if (stopRefusal === null || timeMs - stopRefusal.timeMs < REFUSAL_MS) return;
  for (const position of state.positions.values()) {
    if (position.stopWatch.sinceMs !== null || isStopMissing(state, position)) return;
  }
  state.stopRefusal = null;
  touchTrading(state);
  const { instrumentId } = stopRefusal;
  const message =
    'Nothing held lacks a stop: entries may leave, and show whether the exchange takes stops again.';
  out.push(notify('info', 'engine.stop.taken', { instrumentId, message }));
}

/** The price has passed its stop, or an order that ends it is on its way. */
function mayBeOver(state: EngineState, position: OpenPosition): boolean {
  if (isBeyondStop(state, position)) return true;
  const exit = position.closing === null ? undefined : state.orders.get(position.closing.clientOrderId);
  return exit !== undefined && isLive(exit);
}

function tellOverdue(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const { stopWatch, instrumentId } = position;
  if (stopWatch.told) return;
  position.stopWatch = { ...stopWatch, told: true };
  touchTrading(state);
  const message = `No stop of ${instrumentId} is confirmed after 10 s; nothing is added to it.`;
  out.push(notify('critical', 'engine.stop.unconfirmed', { instrumentId, message }));
}
