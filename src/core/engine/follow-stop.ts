import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import { stopToTick } from '../domain/quantise.ts';
import { hasFallenTo } from '../position/exit-rule.ts';
import type { GuardMemory } from '../position/guard-memory.ts';
import type { WantedStop } from '../position/guard-position.ts';
import { isTighter } from '../risk/stop-price.ts';
import type { Decision } from './decision.ts';
import type { OpenPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, notify, requestSnapshot, touchTrading } from './state.ts';

/** Digits a computed price keeps before it is rounded to a tick: what lies beyond is noise of the arithmetic. */
const PRICE_DIGITS = 12;

/**
 * Moves the stop that is to rest at the exchange to where break-even or the trailing stop wants it: by a tick at
 * least, tighter only, on the safe side of mark and last price, and not more often than `trailingUpdateMs`; the local
 * rules follow every price meanwhile. It is sent after the next reading of the account, like any stop that is not yet
 * where it belongs.
 */
export function followStop(
  state: EngineState,
  position: OpenPosition,
  wanted: WantedStop,
  out: Decision[],
): void {
  const { stopKind, stopMovedMs, holding } = position;
  const market = state.markets.get(position.instrumentId);
  const { trailingUpdateMs } = settingsOf(state, position.instrumentId).exit;
  const soon = stopMovedMs !== null && state.timeMs - stopMovedMs < trailingUpdateMs;
  if (market === undefined || (soon && stopKind === wanted.kind)) return;
  const exact = decimal(wanted.price).toSignificantDigits(PRICE_DIGITS);
  const stopPrice = stopToTick(exact, holding.direction, market.instrument);
  if (!isTighter(stopPrice, position.stopPrice, holding.direction)) return;
  if (!isClear(stopPrice, position, market)) return;
  position.stopPrice = stopPrice;
  position.stopKind = wanted.kind;
  position.stopMovedMs = state.timeMs;
  touchTrading(state);
  requestSnapshot('stop-moved', out);
}

/** Tells, once each, that break-even is armed and that the trailing stop is awake. */
export function tellGuard(
  { instrumentId }: OpenPosition,
  before: GuardMemory,
  after: GuardMemory,
  out: Decision[],
): void {
  if (before.breakEvenPrice === null && after.breakEvenPrice !== null) {
    const price = priceText(after.breakEvenPrice);
    const message = `Break-even of ${instrumentId} is armed: it ends at ${price} at worst.`;
    out.push(notify('info', 'engine.stop.break-even', { instrumentId, message, detail: { price } }));
  }
  if (before.trailing !== null || after.trailing === null) return;
  const price = priceText(after.trailing.stopPrice);
  const message = `The trailing stop of ${instrumentId} is awake at ${price} and follows the best price.`;
  out.push(notify('info', 'engine.stop.trailing', { instrumentId, message, detail: { price } }));
}

/** An exchange takes a stop on the safe side of its mark price only, and ours must not end what still stands. */
function isClear(
  stopPrice: Decimal,
  { holding }: OpenPosition,
  { markPrice, lastPrice }: { readonly markPrice: number | null; readonly lastPrice: number | null },
): boolean {
  const level = stopPrice.toNumber();
  return [markPrice, lastPrice].every(
    (price) => price !== null && !hasFallenTo(holding.direction, price, level),
  );
}

function priceText(price: number): string {
  return decimalText(decimal(price).toSignificantDigits(PRICE_DIGITS));
}
