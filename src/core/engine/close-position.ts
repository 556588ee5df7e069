import { assert, ensure } from '../base/assert.ts';
import { type Decimal, decimalText } from '../base/decimal.ts';
import type { ExitReason } from '../domain/order.ts';
import type { ClosedPosition } from '../domain/position.ts';
import { entryPriceOf, exitPriceOf, heldQuantity, realisedGross } from '../position/holding.ts';
import { endBotPosition } from './bot.ts';
import type { Decision } from './decision.ts';
import { coolAfterHand, isEndedByHand } from './ended-by-hand.ts';
import { followSeriesOf } from './held-series.ts';
import type { OpenPosition } from './open-position.ts';
import { type EngineState, notify, touchTrading } from './state.ts';
import { unprotectedMs } from './stop-watch.ts';

/** Digits of an average price in a record; money sums keep every digit. */
const PRICE_DIGITS = 16;

/** Turns a flat position into a record and lets go of it. Auto Bot's bot goes with it. */
export function closePosition(
  state: EngineState,
  position: OpenPosition,
  close: { readonly reason: ExitReason; readonly closedMs: number; readonly out: Decision[] },
): void {
  const { reason, closedMs, out } = close;
  assert(heldQuantity(position.holding).isZero(), 'Only a flat position is closed.');
  const accountId = state.lease?.accountId ?? null;
  const closed = closedPosition(position, { accountId, reason, closedMs });
  state.positions.delete(position.instrumentId);
  followSeriesOf(state, position.instrumentId);
  noteResult(state, closed);
  const { instrumentId, timeframe } = closed;
  if (isEndedByHand(reason)) coolAfterHand(state, { instrumentId, timeframe, endedMs: closedMs });
  endBotPosition(state.bots, position.instrumentId);
  touchTrading(state);
  out.push({ kind: 'position-closed', closed });
  const { direction, tradedPnl } = closed;
  const pnlText = decimalText(tradedPnl);
  const message = `Closed ${direction} ${instrumentId} by ${reason}: ${pnlText} USDT after fees, before funding.`;
  const detail = { tradeId: closed.tradeId, pnl: pnlText, exitReason: reason };
  out.push(notify('info', 'engine.position.closed', { instrumentId, message, detail }));
}

/** A loss adds to the streak of its instrument; anything else ends it. */
function noteResult(state: EngineState, { instrumentId, tradedPnl, closedMs }: ClosedPosition): void {
  const count = (state.lossStreaks.get(instrumentId)?.count ?? 0) + 1;
  if (tradedPnl.lessThan(0)) state.lossStreaks.set(instrumentId, { count, closedMs });
  else state.lossStreaks.delete(instrumentId);
}

function closedPosition(
  position: OpenPosition,
  close: { readonly accountId: string | null; readonly reason: ExitReason; readonly closedMs: number },
): ClosedPosition {
  const { holding, entry, steps } = position;
  const { accountId, reason: exitReason, closedMs } = close;
  const grossPnl = realisedGross(holding);
  return {
    tradeId: `${position.entryOrderId}-${position.openingFillId}`,
    instrumentId: position.instrumentId,
    direction: holding.direction,
    timeframe: entry.timeframe,
    quantity: holding.entryQuantity,
    entryPrice: recordPrice(entryPriceOf(holding)),
    exitPrice: recordPrice(exitPriceOf(holding)),
    grossPnl,
    fees: holding.fees,
    tradedPnl: grossPnl.minus(holding.fees),
    openedMs: position.openedMs,
    closedMs,
    entryTrend: entry.trend ?? 'neutral',
    entryRsi: entry.rsi,
    exitReason,
    unprotectedMs: unprotectedMs(position.stopWatch, closedMs),
    accountId,
    steps,
  };
}

function recordPrice(price: Decimal | null): Decimal {
  return ensure(price, 'A closed position was entered and left.').toSignificantDigits(PRICE_DIGITS);
}
