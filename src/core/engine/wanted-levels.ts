import { type Decimal, numberOf } from '../base/decimal.ts';
import { isTighter } from '../risk/stop-price.ts';
import type { AmendStop } from './decision.ts';
import type { OpenPosition } from './open-position.ts';
import type { EngineState } from './state.ts';

/** What was last seen not where we hold it; a level that is there is left out, so that sending never moves it. */
export function missingLevels(state: EngineState, position: OpenPosition): AmendStop | null {
  if (position.readMs === null || isBeyondStop(state, position)) return null;
  const stopPrice = isStopAtLeast(position) ? null : position.stopPrice;
  const takeProfitPrice = isTakeProfitThere(position) ? null : position.takeProfitPrice;
  if (stopPrice === null && takeProfitPrice === null) return null;
  const { instrumentId, holding } = position;
  return { kind: 'amend-stop', instrumentId, direction: holding.direction, stopPrice, takeProfitPrice };
}

/** True when the exchange was last seen without our stop, and could be given it. */
export function isStopMissing(state: EngineState, position: OpenPosition): boolean {
  const missing = missingLevels(state, position);
  return missing !== null && missing.stopPrice !== null;
}

/** True when the exchange was last seen with a stop no looser than ours. */
export function isStopAtLeast({ exchangeStopPrice, stopPrice, holding }: OpenPosition): boolean {
  return exchangeStopPrice !== null && !isTighter(stopPrice, exchangeStopPrice, holding.direction);
}

/** A take-profit of ours rests there; one we do not want is a person's and stays. */
function isTakeProfitThere({ takeProfitPrice, exchangeTakeProfitPrice }: OpenPosition): boolean {
  return takeProfitPrice === null || isEqual(takeProfitPrice, exchangeTakeProfitPrice);
}

function isEqual(a: Decimal, b: Decimal | null): boolean {
  return a === b || (b !== null && a.equals(b));
}

/** Beyond the stop an exchange takes no stop any more: the exit rule closes instead. */
export function isBeyondStop(state: EngineState, position: OpenPosition): boolean {
  const markPrice = state.markets.get(position.instrumentId)?.markPrice ?? null;
  if (markPrice === null) return false;
  const stop = numberOf(position.stopPrice);
  return position.holding.direction === 'long' ? markPrice <= stop : markPrice >= stop;
}
