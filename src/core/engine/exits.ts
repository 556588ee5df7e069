import { ensure } from '../base/assert.ts';
import { ZERO } from '../base/decimal.ts';
import type { ExitReason } from '../domain/order.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { ExitFinding, GuardedPosition } from '../position/exit-rule.ts';
import { heldQuantity } from '../position/holding.ts';
import { rsiExit } from '../position/rsi-exit.ts';
import { stopLoss } from '../position/stop-loss.ts';
import { takeProfit } from '../position/take-profit.ts';
import { approveExit } from '../risk/approve.ts';
import type { Decision } from './decision.ts';
import { decisionRecord } from './explain.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { OpenPosition } from './open-position.ts';
import { type EngineState, nextOrderId, touchTrading, trackOrder } from './state.ts';

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/** Prices of one moment; null: not known. */
export interface Prices {
  readonly markPrice: number | null;
  readonly lastPrice: number | null;
}

/** Ends a position that has reached its stop or take-profit, and sends an exit again that is due. */
export function guardByPrice(
  state: EngineState,
  position: OpenPosition,
  prices: Prices,
  out: Decision[],
): void {
  if (!heldQuantity(position.holding).greaterThan(0)) return;
  if (position.closing !== null) {
    retryExit(state, position, out);
    return;
  }
  const guarded = guardedPosition(position);
  const stopped = prices.markPrice === null ? null : stopLoss(guarded, prices.markPrice);
  const finding = stopped ?? (prices.lastPrice === null ? null : takeProfit(guarded, prices.lastPrice));
  if (finding !== null) orderExit(state, position, { reason: finding.reason, finding, out });
}

/** Ends an open position of the closed candle's timeframe whose RSI has come back; a paused bot waits. */
export function guardByRsi(
  state: EngineState,
  position: OpenPosition,
  market: InstrumentMarket,
  out: Decision[],
): void {
  if (position.state !== 'open' || position.entry.timeframe !== market.series.timeframe) return;
  if (state.bots.get(position.instrumentId)?.paused === true) return;
  const guarded = guardedPosition(position);
  const finding = rsiExit(guarded, market.rsi.value, state.settings.exit);
  if (finding !== null) orderExit(state, position, { reason: finding.reason, finding, out });
}

/** Sends the next exit order of a position that is closing, when its wait is over. */
function retryExit(state: EngineState, position: OpenPosition, out: Decision[]): void {
  const { closing } = position;
  if (closing === null || closing.retryMs === null || state.timeMs < closing.retryMs) return;
  orderExit(state, position, { reason: closing.reason, finding: null, out });
}

/** How long to wait before exit attempt `attempts` + 1, ms: doubling from one second, a minute at most. */
export function exitRetryDelayMs(attempts: number): number {
  return Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** (attempts - 1));
}

/** Orders all of a position closed by a reduce-only market order. */
export function orderExit(
  state: EngineState,
  position: OpenPosition,
  exit: { readonly reason: ExitReason; readonly finding: ExitFinding | null; readonly out: Decision[] },
): void {
  const { instrumentId, holding, closing } = position;
  const market = state.markets.get(instrumentId);
  const order = approveExit({
    clientOrderId: ensure(nextOrderId(state), 'Every position was ordered under a lease.'),
    instrumentId,
    direction: holding.direction,
    quantity: heldQuantity(holding),
    quantityMax: market?.instrument.marketQuantityMax ?? null,
    purpose: exit.reason,
  });
  trackOrder(state, {
    clientOrderId: order.clientOrderId,
    instrumentId,
    direction: holding.direction,
    purpose: exit.reason,
    quantity: order.quantity,
    placedMs: state.timeMs,
    entry: null,
    state: 'sent',
    filledQuantity: ZERO,
  });
  position.state = 'closing';
  const attempts = (closing?.attempts ?? 0) + 1;
  position.closing = { reason: exit.reason, clientOrderId: order.clientOrderId, attempts, retryMs: null };
  touchTrading(state);
  exit.out.push({ kind: 'place-order', order });
  explainExit(state, position, exit);
}

function explainExit(
  state: EngineState,
  position: OpenPosition,
  { finding, out }: { readonly finding: ExitFinding | null; readonly out: Decision[] },
): void {
  const market = state.markets.get(position.instrumentId);
  const signal = market?.signal() ?? null;
  if (market === undefined || signal === null || position.closing === null) return;
  const record = decisionRecord(
    market,
    { signal, timeMs: state.timeMs },
    {
      outcome: 'exit-ordered',
      verdicts: finding === null ? [] : [exitVerdict(finding)],
      clientOrderId: position.closing.clientOrderId,
    },
  );
  out.push({ kind: 'explain', record });
}

function exitVerdict({ reason, code, value, threshold, unit }: ExitFinding): Verdict {
  const margin = Math.abs(value - threshold);
  return { filter: reason, code, kind: 'pass', value, threshold, margin, unit };
}

function guardedPosition(position: OpenPosition): GuardedPosition {
  return {
    direction: position.holding.direction,
    stopPrice: position.stopPrice.toNumber(),
    takeProfitPrice: position.takeProfitPrice?.toNumber() ?? null,
    entryTrend: position.entry.trend,
  };
}
