import type { InstrumentId } from '../domain/instrument.ts';
import type { Guarding } from '../position/guard-position.ts';
import { judgeAt } from './guard.ts';
import type { OpenPosition } from './open-position.ts';
import { type EngineState, liveOrder } from './state.ts';
import { missingLevels } from './wanted-levels.ts';

/** Prices of one instrument that stay within two bounds until a time. */
export interface PriceStretch {
  readonly instrumentId: InstrumentId;
  readonly low: number;
  readonly high: number;
  readonly untilMs: number;
  /** The funding rate a ticker tells in that time; null where it tells none. */
  readonly fundingRate: number | null;
}

/**
 * True when the engine would do nothing for its position at any price of a stretch, and would remember no more than
 * the best profit seen. The exit rules themselves are asked, at both bounds and as late as the stretch goes: each of
 * them holds on one side of a price and from some time on, so what is silent at the bounds is silent between them.
 */
export function isQuiet(state: EngineState, stretch: PriceStretch): boolean {
  const { instrumentId, low, high, untilMs, fundingRate } = stretch;
  if (state.markets.get(instrumentId)?.fundingRate !== fundingRate) return false;
  const position = state.positions.get(instrumentId);
  if (position === undefined || position.state !== 'open') return false;
  if (!isSettled(state, position)) return false;
  return isQuietAt(state, position, low, untilMs) && isQuietAt(state, position, high, untilMs);
}

function isQuietAt(state: EngineState, position: OpenPosition, price: number, timeMs: number): boolean {
  return saysNothing(position, judgeAt(state, position, { markPrice: price, lastPrice: price }, timeMs));
}

/** Nothing is on its way, and the exchange was last seen with what we hold and want there. */
function isSettled(state: EngineState, position: OpenPosition): boolean {
  const { closing, reducing, absence, driftQuantity, readMs, instrumentId } = position;
  const doubt = closing ?? reducing ?? absence ?? driftQuantity;
  if (doubt !== null || readMs === null || missingLevels(state, position) !== null) return false;
  return !state.ladders.has(instrumentId) && liveOrder(state, instrumentId) === null;
}

function saysNothing({ guard }: OpenPosition, { memory, finding, stop }: Guarding): boolean {
  const same = memory.breakEvenPrice === guard.breakEvenPrice && memory.trailing === guard.trailing;
  return same && finding === null && stop === null;
}
