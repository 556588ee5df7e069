import type { ClientOrderId, ExitReason } from '../domain/order.ts';
import type { ExitFinding } from '../position/exit-rule.ts';
import type { Decision } from './decision.ts';
import { freeQuantity, placeExit } from './exit-order.ts';
import { isLive, type OpenPosition } from './open-position.ts';
import { type EngineState, touchTrading } from './state.ts';
import { isStopOverdue } from './stop-obstacle.ts';

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/** While no stop of the position is confirmed, the next attempt waits no longer than this. */
const UNPROTECTED_RETRY_MS = 2_000;

/** Sends the next exit order of a position that is closing, when its wait is over. */
export function retryExit(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const { closing } = position;
  if (closing === null || closing.retryMs === null) return;
  const failedMs = closing.retryMs - exitRetryDelayMs(closing.attempts);
  const sooner = isStopOverdue(state, position) && state.timeMs >= failedMs + UNPROTECTED_RETRY_MS;
  if (state.timeMs < closing.retryMs && !sooner) return;
  orderExit(state, position, { reason: closing.reason, finding: null, out });
}

/** How long to wait before exit attempt `attempts` + 1, ms: doubling from one second, a minute at most. */
export function exitRetryDelayMs(attempts: number): number {
  return Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (attempts - 1));
}

/**
 * Orders all of a position closed. What a partial exit on its way is about to close is left to it; where that is all,
 * nothing is ordered yet, and the retry asks again: a person asks once.
 */
export function orderExit(
  state: EngineState,
  position: OpenPosition,
  exit: { readonly reason: ExitReason; readonly finding: ExitFinding | null; readonly out: Decision[] },
): void {
  const { closing } = position;
  const quantity = freeQuantity(state, position);
  if (!quantity.greaterThan(0)) {
    waitForPart(state, position, exit.reason);
    return;
  }
  const clientOrderId = placeExit(state, position, { ...exit, quantity });
  position.state = 'closing';
  const attempts = (closing?.attempts ?? 0) + 1;
  position.closing = { reason: exit.reason, clientOrderId, attempts, retryMs: null };
  touchTrading(state);
}

/**
 * The exit is remembered under the order it waits for: a partial exit, or one for a position before this, which still
 * reduces whatever it meets.
 */
function waitForPart(state: EngineState, position: OpenPosition, reason: ExitReason): void {
  const { closing, reducing } = position;
  const clientOrderId = reducing?.clientOrderId ?? exitOnItsWay(state, position);
  const first = clientOrderId === null ? null : { reason, clientOrderId, attempts: 0 };
  const waiting = closing ?? first;
  if (waiting === null) return;
  position.state = 'closing';
  position.closing = { ...waiting, retryMs: state.timeMs + RETRY_MS_MIN };
  touchTrading(state);
}

function exitOnItsWay(state: EngineState, { instrumentId }: OpenPosition): ClientOrderId | null {
  for (const order of state.orders.values()) {
    if (order.instrumentId === instrumentId && order.purpose !== 'entry' && isLive(order))
      return order.clientOrderId;
  }
  return null;
}
