import { desiredStop } from '../position/desired-stop.ts';
import { entryPriceOf, isHeld } from '../position/holding.ts';
import { takeProfitPriceFrom } from '../risk/stop-price.ts';
import type { Decision } from './decision.ts';
import { guardByPrice } from './guard.ts';
import { endRefusal, keepStop } from './keep-stop.ts';
import { ladderOf } from './ladder.ts';
import { isLeftBehind, takeBack } from './ladder-rungs.ts';
import { noteMissingFills } from './missing-fills.ts';
import { isLive, isResting, type OpenPosition, type TrackedOrder } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, requestSnapshot, touchTrading } from './state.ts';
import { endFreezes } from './surprise.ts';
import { missingLevels } from './wanted-levels.ts';

/** How long an order may be without its last word before the exchange is asked, ms. */
const ORDER_OVERDUE_MS = 10_000;
/**
 * How old the exchange's word on a stop may be before it is asked for again, ms: with a timer of 2 seconds, one that
 * is gone without a word is seen within three.
 */
const STOP_READING_AGE_MS_MAX = 1_500;

/**
 * Level-triggered care for what is open, on a timer: a stop that was last seen not where it belongs, or not seen
 * lately, is read again, one that is not confirmed in time ends its position, an overdue order is looked up, a due
 * exit goes out again.
 */
export function protectAll(state: EngineState, out: Decision[]): void {
  for (const order of state.orders.values()) chaseOrder(state, order, out);
  for (const position of state.positions.values()) protect(state, position, out);
  endRefusal(state, out);
  endFreezes(state, out);
}

function chaseOrder(state: EngineState, order: TrackedOrder, out: Decision[]): void {
  noteMissingFills(state, order, out);
  if (!isLive(order) || state.timeMs - order.placedMs <= ORDER_OVERDUE_MS) return;
  if (isLeftBehind(state, order)) takeBack(state, order, out);
  else if (isResting(order)) return;
  const { instrumentId, clientOrderId } = order;
  out.push({ kind: 'look-up-order', instrumentId, clientOrderId, taken: false });
  requestSnapshot('order-overdue', out);
}

function protect(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const market = state.markets.get(position.instrumentId);
  guardByPrice(state, position, { markPrice: market?.markPrice ?? null, lastPrice: null }, out);
  keepStop(state, position, out);
  if (missingLevels(state, position) !== null) requestSnapshot('levels-not-there', out);
  if (isStopReadingOld(state, position)) requestSnapshot('stop-not-confirmed', out);
}

/**
 * Asks for stop and take-profit to be put where they belong when the exchange was seen without them. Called in the
 * step of that reading and nowhere else: an exchange takes any stop for an amendment, so only one that is tighter
 * than what is known to rest there may be sent, and a person may set a tighter one at any time. What is left of that
 * race is the way from the exchange's reading to its taking the amendment, two or three round trips and what the
 * rate budget makes them wait: a person's stop of exactly that time is replaced by ours.
 */
export function protectStop(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const missing = missingLevels(state, position);
  if (missing !== null) out.push(missing);
}

/**
 * Moves our stop to where the entry price and the settings want it, if that is tighter than it was. While rungs of a
 * ladder may still fill, the entry price is that of the whole ladder: one of fewer rungs would want a stop that the
 * next one had to loosen.
 */
export function tightenStop(state: EngineState, position: OpenPosition): void {
  const average = entryPriceOf(position.holding);
  const price = average === null ? null : (ladderOf(state, position)?.plan.averagePrice ?? average);
  const instrument = state.markets.get(position.instrumentId)?.instrument;
  if (price === null || instrument === undefined) return;
  const { direction } = position.holding;
  const { exit } = settingsOf(state, position.instrumentId);
  const level = { price, direction, pct: exit.stopLossPct, instrument };
  const stopPrice = desiredStop(level, position.stopPrice);
  if (stopPrice.equals(position.stopPrice)) return;
  position.stopPrice = stopPrice;
  position.stopKind = 'initial';
  touchTrading(state);
}

/** Moves our take-profit to where the entry price and the settings want it. */
export function placeTakeProfit(state: EngineState, position: OpenPosition): void {
  const price = entryPriceOf(position.holding);
  const instrument = state.markets.get(position.instrumentId)?.instrument;
  if (price === null || instrument === undefined) return;
  const pct = settingsOf(state, position.instrumentId).exit.takeProfitPct;
  const { direction } = position.holding;
  position.takeProfitPrice = pct === null ? null : takeProfitPriceFrom({ price, direction, pct, instrument });
  touchTrading(state);
}

function isStopReadingOld(state: EngineState, { holding, stopWatch, openedMs }: OpenPosition): boolean {
  return isHeld(holding) && state.timeMs - (stopWatch.seenMs ?? openedMs) > STOP_READING_AGE_MS_MAX;
}
