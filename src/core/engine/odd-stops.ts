import type { RestingStop } from '../domain/position.ts';
import { isHeld } from '../position/holding.ts';
import type { Decision } from './decision.ts';
import type { OpenPosition, StopOddity } from './open-position.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

/**
 * Tells, once each, of a position that has more than one stop, and of a stop that goes by another price than the mark.
 * Ours is one of the whole position by its mark price; any other was set by somebody else, and is not touched.
 */
export function noteOddStops(
  state: EngineState,
  stops: readonly RestingStop[] | null | undefined,
  out: Decision[],
): void {
  if (stops === null || stops === undefined) return;
  for (const position of state.positions.values())
    if (isHeld(position.holding)) note(state, position, stops, out);
}

function note(
  state: EngineState,
  position: OpenPosition,
  stops: readonly RestingStop[],
  out: Decision[],
): void {
  const { instrumentId, holding } = position;
  const own = stops.filter(
    (stop) => stop.instrumentId === instrumentId && stop.direction === holding.direction,
  );
  const odd = oddityOf(own);
  if (odd === position.stopOddity) return;
  position.stopOddity = odd;
  touchTrading(state);
  if (odd === 'stacked') {
    const message = `${own.length} stops rest for ${instrumentId}; one of them is ours, the others stay untouched.`;
    out.push(
      notify('warning', 'engine.stop.stacked', { instrumentId, message, detail: { count: own.length } }),
    );
  } else if (odd === 'trigger') {
    const trigger = own[0]?.trigger ?? 'last';
    const message = `The stop of ${instrumentId} goes by the ${trigger} price: a wick may fire it.`;
    out.push(notify('warning', 'engine.stop.trigger', { instrumentId, message, detail: { trigger } }));
  }
}

function oddityOf(stops: readonly RestingStop[]): StopOddity {
  if (stops.length > 1) return 'stacked';
  return stops.some(({ trigger }) => trigger !== 'mark') ? 'trigger' : 'none';
}
