import { ensure } from '../base/assert.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { ExitFinding, GuardedPosition } from '../position/exit-rule.ts';
import { type Guarding, guardPosition } from '../position/guard-position.ts';
import { entryPriceOf, isHeld } from '../position/holding.ts';
import { type RsiExitAnswer, type RsiExitHold, rsiExit } from '../position/rsi-exit.ts';
import { trendFlip } from '../position/trend-flip.ts';
import type { Decision } from './decision.ts';
import { exitVerdict } from './exit-order.ts';
import { orderExit, retryExit } from './exits.ts';
import { decisionRecord, explainOnce } from './explain.ts';
import { followStop, tellGuard } from './follow-stop.ts';
import type { OpenPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { reducePosition } from './reduce-position.ts';
import { type EngineState, touchTrading } from './state.ts';
import type { StreamedSeries } from './streamed-series.ts';

/** Prices of one moment; null: not known. */
export interface Prices {
  readonly markPrice: number | null;
  readonly lastPrice: number | null;
}

/**
 * Judges an open position at a moment: ends it, takes off a part, or moves its stop. One that is closing has its exit
 * sent again when that is due.
 */
export function guardByPrice(
  state: EngineState,
  position: OpenPosition,
  prices: Prices,
  out: Decision[],
): void {
  if (!isHeld(position.holding)) return;
  if (position.closing !== null) {
    retryExit(state, position, out);
    return;
  }
  const guarding = judgeAt(state, position, prices, state.timeMs);
  remember(state, position, guarding, out);
  act(state, position, { guarding, lastPrice: prices.lastPrice, out });
}

/** What would end a position at these prices; null: nothing. Changes nothing. */
export function endingNow(state: EngineState, position: OpenPosition, prices: Prices): ExitFinding | null {
  const { finding, partial } = judgeAt(state, position, prices, state.timeMs);
  return partial === null ? finding : null;
}

/** What guarding would say of a position at these prices and this time. Changes nothing. */
export function judgeAt(
  state: EngineState,
  position: OpenPosition,
  prices: Prices,
  timeMs: number,
): Guarding {
  const rules = { exit: settingsOf(state, position.instrumentId).exit, paused: isPaused(state, position) };
  const market = state.markets.get(position.instrumentId);
  const moment = {
    timeMs,
    markPrice: prices.markPrice,
    lastPrice: prices.lastPrice,
    fundingRate: market?.fundingRate ?? null,
    deliveryTimeMs: market?.instrument.deliveryTimeMs ?? null,
  };
  return guardPosition(guardedPosition(position), position.guard, moment, rules);
}

/**
 * Judges an open position on a closed candle of its own timeframe: its RSI may have come back, the trend may have
 * turned. A paused bot waits, and a candle that closed before the position was opened, which a restart may read again,
 * says nothing of it.
 */
export function guardByCandle(
  state: EngineState,
  position: OpenPosition,
  series: StreamedSeries,
  out: Decision[],
): void {
  const { timeframe, closedMs, close, rsi, trend } = series;
  if (position.state !== 'open' || position.entry.timeframe !== timeframe) return;
  if (closedMs === null || close === null || closedMs <= position.openedMs) return;
  if (isPaused(state, position) || !isHeld(position.holding)) return;
  const guarded = guardedPosition(position);
  const { exit } = settingsOf(state, position.instrumentId);
  const answer = rsiExit(guarded, { timeframe, closeTimeMs: closedMs, close, rsi: rsi.value }, exit);
  const ending =
    answer?.hold === null ? answer.finding : trendFlip(guarded, { trend: trend.value, close }, exit);
  if (ending !== null) orderExit(state, position, { reason: ending.reason, finding: ending, out });
  else if (answer !== null && answer.hold !== null)
    putOff(state, position, { ...answer, hold: answer.hold }, out);
}

function act(
  state: EngineState,
  position: OpenPosition,
  seen: { readonly guarding: Guarding; readonly lastPrice: number | null; readonly out: Decision[] },
): void {
  const { guarding, lastPrice, out } = seen;
  const { finding, partial, stop } = guarding;
  if (finding !== null && partial === null) {
    orderExit(state, position, { reason: finding.reason, finding, out });
    return;
  }
  if (stop !== null) followStop(state, position, stop, out);
  if (finding === null || partial === null || lastPrice === null) return;
  reducePosition(state, position, { partial, finding, lastPrice, out });
}

/** Takes over what guarding remembers. A better price alone is not worth a save: after a crash it is seen again. */
function remember(
  state: EngineState,
  position: OpenPosition,
  { memory, finding, partial }: Guarding,
  out: Decision[],
): void {
  const before = position.guard;
  if (memory === before) return;
  position.guard = memory;
  const armed = before.breakEvenPrice !== memory.breakEvenPrice;
  const woken = before.trailing === null && memory.trailing !== null;
  if (!armed && !woken) return;
  touchTrading(state);
  if (finding === null || partial !== null) tellGuard(position, before, memory, out);
}

/** An RSI exit that reached its threshold and may not go through: told, and remembered when it waits for a profit. */
function putOff(
  state: EngineState,
  position: OpenPosition,
  { finding, hold }: RsiExitAnswer & { readonly hold: RsiExitHold },
  out: Decision[],
): void {
  if (hold.waits && !position.guard.rsiExitWaiting) {
    position.guard = { ...position.guard, rsiExitWaiting: true };
    touchTrading(state);
  }
  const market = state.markets.get(position.instrumentId);
  const signal = market?.on(position.entry.timeframe)?.signal() ?? null;
  if (market === undefined || signal === null) return;
  const { code, value, threshold, unit } = hold;
  const margin = value - threshold;
  const held: Verdict = { filter: finding.reason, code, kind: 'veto', value, threshold, margin, unit };
  const said = { outcome: 'hold', verdicts: [exitVerdict(finding), held] } as const;
  explainOnce(market, decisionRecord(market, { signal, timeMs: state.timeMs }, said), out);
}

function isPaused(state: EngineState, { instrumentId }: OpenPosition): boolean {
  return state.bots.get(instrumentId)?.paused === true;
}

/** What was last made of each position, and of which holding and levels: they change far less often than prices. */
const GUARDED = new WeakMap<
  OpenPosition,
  Pick<OpenPosition, 'holding' | 'stopPrice' | 'takeProfitPrice'> & { readonly guarded: GuardedPosition }
>();

/** The position in numbers. Divisions are exact and dear, so they are made once for each fill and not for each price. */
function guardedPosition(position: OpenPosition): GuardedPosition {
  const known = GUARDED.get(position);
  const { holding, stopPrice, takeProfitPrice, stopKind, openedMs } = position;
  if (
    known?.holding === holding &&
    known.stopPrice === stopPrice &&
    known.takeProfitPrice === takeProfitPrice &&
    known.guarded.stopKind === stopKind &&
    known.guarded.openedMs === openedMs
  ) {
    return known.guarded;
  }
  const entryPrice = ensure(entryPriceOf(holding), 'What is held was entered at a price.');
  const guarded = {
    direction: holding.direction,
    entryPrice: entryPrice.toNumber(),
    openedMs,
    feePerUnit: holding.fees.dividedBy(holding.entryQuantity).toNumber(),
    stopPrice: stopPrice.toNumber(),
    stopKind,
    takeProfitPrice: takeProfitPrice?.toNumber() ?? null,
    entryTrend: position.entry.trend,
  };
  GUARDED.set(position, { holding, stopPrice, takeProfitPrice, guarded });
  return guarded;
}
