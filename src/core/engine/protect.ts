import type { Decimal } from '../base/decimal.ts';
import { desiredStop } from '../position/desired-stop.ts';
import { entryPriceOf, heldQuantity } from '../position/holding.ts';
import { isTighter, takeProfitPriceFrom } from '../risk/stop-price.ts';
import type { AmendStop, Decision } from './decision.ts';
import { guardByPrice } from './exits.ts';
import { isLive, type OpenPosition } from './open-position.ts';
import { type EngineState, requestSnapshot, touchTrading } from './state.ts';

/** How long an order may be without its last word before the exchange is asked, ms. */
const ORDER_OVERDUE_MS = 10_000;
/** How old the exchange's word on a stop may be before it is asked for again, ms. */
const STOP_READING_AGE_MS_MAX = 30_000;

/**
 * Level-triggered care for what is open, on a timer: a stop the exchange was last seen without is sent again, a
 * stop not read lately is read, an overdue order is looked up, a due exit goes out again.
 */
export function protectAll(state: EngineState, out: Decision[]): void {
  for (const order of state.orders.values()) {
    if (!isLive(order) || state.timeMs - order.placedMs <= ORDER_OVERDUE_MS) continue;
    const { instrumentId, clientOrderId } = order;
    out.push({ kind: 'look-up-order', instrumentId, clientOrderId });
    requestSnapshot('order-overdue', out);
  }
  for (const position of state.positions.values()) {
    const market = state.markets.get(position.instrumentId);
    guardByPrice(state, position, { markPrice: market?.markPrice ?? null, lastPrice: null }, out);
    protectStop(state, position, out);
    if (isStopReadingOld(state, position)) requestSnapshot('stop-not-confirmed', out);
  }
}

/** Asks for the stop to be put where it belongs when the exchange was last seen without it. */
export function protectStop(state: EngineState, position: OpenPosition, out: Decision[]): void {
  if (position.readMs === null || isBeyondStop(state, position)) return;
  if (isStopAtLeast(position) && isTakeProfitThere(position)) return;
  out.push(amendStop(position));
}

/** The order to put stop and take-profit of a position where we hold them. */
export function amendStop(position: OpenPosition): AmendStop {
  const { instrumentId, holding, stopPrice, takeProfitPrice } = position;
  return { kind: 'amend-stop', instrumentId, direction: holding.direction, stopPrice, takeProfitPrice };
}

/** Moves our stop to where the entry price and the settings want it, if that is tighter than it was. */
export function tightenStop(state: EngineState, position: OpenPosition): void {
  const price = entryPriceOf(position.holding);
  const instrument = state.markets.get(position.instrumentId)?.instrument;
  if (price === null || instrument === undefined) return;
  const { direction } = position.holding;
  const level = { price, direction, pct: state.settings.exit.stopLossPct, instrument };
  const stopPrice = desiredStop(level, position.stopPrice);
  if (stopPrice.equals(position.stopPrice)) return;
  position.stopPrice = stopPrice;
  touchTrading(state);
}

/** Moves our take-profit to where the entry price and the settings want it. */
export function placeTakeProfit(state: EngineState, position: OpenPosition): void {
  const price = entryPriceOf(position.holding);
  const instrument = state.markets.get(position.instrumentId)?.instrument;
  if (price === null || instrument === undefined) return;
  const pct = state.settings.exit.takeProfitPct;
  const { direction } = position.holding;
  position.takeProfitPrice = pct === null ? null : takeProfitPriceFrom({ price, direction, pct, instrument });
  touchTrading(state);
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
  return b !== null && a.equals(b);
}

/** Beyond the stop an exchange takes no stop any more: the exit rule closes instead. */
function isBeyondStop(state: EngineState, position: OpenPosition): boolean {
  const markPrice = state.markets.get(position.instrumentId)?.markPrice ?? null;
  if (markPrice === null) return false;
  const stop = position.stopPrice.toNumber();
  return position.holding.direction === 'long' ? markPrice <= stop : markPrice >= stop;
}

function isStopReadingOld(state: EngineState, position: OpenPosition): boolean {
  if (!heldQuantity(position.holding).greaterThan(0)) return false;
  return state.timeMs - (position.stopConfirmedMs ?? position.openedMs) > STOP_READING_AGE_MS_MAX;
}
