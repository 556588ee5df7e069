import { type Decimal, decimalText } from '../base/decimal.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { tighterStop } from '../position/desired-stop.ts';
import { isHeld } from '../position/holding.ts';
import { isTighter, stopBeforeLiquidation } from '../risk/stop-price.ts';
import type { Decision } from './decision.ts';
import { noteStopTaken } from './keep-stop.ts';
import type { OpenPosition } from './open-position.ts';
import { tightenStop } from './protect.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';
import { watchReading } from './stop-watch.ts';
import { isStopAtLeast } from './wanted-levels.ts';

/** Takes over the exchange's stop; one tighter than ours becomes ours, for a stop is never loosened. */
export function readStop(
  state: EngineState,
  position: OpenPosition,
  reading: { readonly row: ExchangePosition; readonly asOfMs: number; readonly out: Decision[] },
): void {
  const { row, asOfMs, out } = reading;
  const { stopPrice } = row;
  const hadStop = position.readMs === null || position.exchangeStopPrice !== null;
  const wasThere = isStopAtLeast(position);
  const isTold = asOfMs === position.readMs;
  position.readMs = asOfMs;
  position.exchangeStopPrice = stopPrice;
  position.exchangeTakeProfitPrice = row.takeProfitPrice;
  tightenStop(state, position);
  if (!isTold) tightenBeforeLiquidation(state, position, row, out);
  if (stopPrice !== null)
    takeOverStop(state, position, tighterStop(stopPrice, position.stopPrice, row.direction));
  if (isHeld(position.holding)) watchStop(state, position, row);
  if (isStopAtLeast(position)) {
    position.stopConfirmedMs = asOfMs;
    position.confirmedStopPrice = stopPrice;
    noteStopPlaced(state, position);
    if (!wasThere) noteStopTaken(state, position, out);
  } else if (stopPrice === null && hadStop) tellStopGone(position, out);
}

/** A refusal to move it, if there was one, is over. */
function noteStopPlaced(state: EngineState, position: OpenPosition): void {
  if (!position.stopMoveRefused) return;
  position.stopMoveRefused = false;
  touchTrading(state);
}

/**
 * Inside its liquidation price a stop protects from nothing: it follows, by a buffer, one that has come near. A stop is
 * never let go again, so one reading alone moves none: what counts is the further of the prices of two in a row.
 */
function tightenBeforeLiquidation(
  state: EngineState,
  position: OpenPosition,
  row: ExchangePosition,
  out: Decision[],
): void {
  const { instrumentId } = position;
  const { entryPrice, direction } = row;
  const before = position.liquidationPrice;
  const stated = believedLiquidation(row);
  const instrument = state.markets.get(instrumentId)?.instrument;
  position.liquidationPrice = stated;
  if (stated === null || instrument === undefined) return;
  const stopFor = (liquidationPrice: Decimal) =>
    stopBeforeLiquidation({ entryPrice, liquidationPrice, direction, instrument });
  if (!isTighter(stopFor(stated), position.stopPrice, direction)) return;
  const liquidationPrice = before !== null && isTighter(stated, before, direction) ? before : stated;
  const stopPrice = stopFor(liquidationPrice);
  if (liquidationPrice === before || before === null) requestSnapshot('liquidation-near', out);
  if (before === null || !isTighter(stopPrice, position.stopPrice, direction)) return;
  const first = position.stopKind !== 'liquidation';
  position.stopPrice = stopPrice;
  position.stopKind = 'liquidation';
  touchTrading(state);
  if (!first) return;
  const detail = { stopPrice: decimalText(stopPrice), liquidationPrice: decimalText(liquidationPrice) };
  const message = `${instrumentId} would be liquidated at ${detail.liquidationPrice}: its stop is pulled to ${detail.stopPrice}.`;
  out.push(notify('warning', 'engine.stop.liquidation', { instrumentId, message, detail }));
}

function takeOverStop(state: EngineState, position: OpenPosition, stopPrice: Decimal): void {
  if (stopPrice === position.stopPrice || stopPrice.equals(position.stopPrice)) return;
  const { instrumentId } = position;
  state.stopsMoved.set(instrumentId, { instrumentId, from: position.stopPrice, to: stopPrice });
  position.stopPrice = stopPrice;
  position.stopKind = 'exchange';
  touchTrading(state);
}

/** What begins or ends a time without a stop must survive a restart. */
function watchStop(state: EngineState, position: OpenPosition, row: ExchangePosition): void {
  const before = position.stopWatch;
  position.stopWatch = watchReading(before, isGuarded(position, row), state.timeMs);
  if ((before.sinceMs === null) !== (position.stopWatch.sinceMs === null)) touchTrading(state);
}

/**
 * A stop guards a position when it is no looser than the tightest that was ever confirmed, before that than the one
 * the entry carried, and is met before the liquidation. While ours moves to a tighter level, the one it leaves guards.
 */
function isGuarded({ confirmedStopPrice, entry }: OpenPosition, row: ExchangePosition): boolean {
  const { stopPrice, direction } = row;
  if (stopPrice === null || isTighter(confirmedStopPrice ?? entry.stopPrice, stopPrice, direction))
    return false;
  const liquidationPrice = believedLiquidation(row);
  return liquidationPrice === null || !isTighter(liquidationPrice, stopPrice, direction);
}

/** One on the other side of the mark price is no price anybody could be liquidated at: null, as where none is stated. */
function believedLiquidation({ liquidationPrice, markPrice, direction }: ExchangePosition): Decimal | null {
  return liquidationPrice !== null && isTighter(markPrice, liquidationPrice, direction)
    ? liquidationPrice
    : null;
}

function tellStopGone(position: OpenPosition, out: Decision[]): void {
  const { instrumentId } = position;
  const message = `No stop rests at the exchange for ${instrumentId}; it is being put back.`;
  const detail = { stopPrice: decimalText(position.stopPrice) };
  out.push(notify('critical', 'engine.stop.restored', { instrumentId, message, detail }));
}
