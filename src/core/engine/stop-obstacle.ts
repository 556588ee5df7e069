import { isHeld } from '../position/holding.ts';
import type { OpenPosition } from './open-position.ts';
import type { EngineState } from './state.ts';
import { reachableMs } from './stop-watch.ts';

/** Without a confirmed stop for so long, nothing is added to a position. */
const OVERDUE_MS = 10_000;

/** Why no entry may leave at all. */
interface StopObstacle {
  readonly kind: 'stops-refused' | 'stops-unconfirmed';
  /** A whole sentence. */
  readonly detail: string;
}

/** True for a position that is held and whose stop was not confirmed in time. */
export function isStopOverdue({ timeMs }: EngineState, { holding, stopWatch }: OpenPosition): boolean {
  return stopWatch.sinceMs !== null && isHeld(holding) && reachableMs(stopWatch, timeMs) >= OVERDUE_MS;
}

/**
 * What keeps all entries back on account of stops: the exchange has refused one and taken none since, or more than one
 * position is without. Null when nothing does.
 */
export function stopObstacle(state: EngineState): StopObstacle | null {
  const { stopRefusal } = state;
  if (stopRefusal !== null) {
    const { instrumentId, code, text } = stopRefusal;
    const why = `${code} ${text}`.trim();
    const detail = `The exchange refused a stop of ${instrumentId} (${why}); entries wait until it takes one.`;
    return { kind: 'stops-refused', detail };
  }
  const overdue = [...state.positions.values()].filter((position) => isStopOverdue(state, position));
  if (overdue.length < 2) return null;
  const names = overdue.map(({ instrumentId }) => instrumentId).join(', ');
  return { kind: 'stops-unconfirmed', detail: `The stops of ${names} cannot be confirmed.` };
}
