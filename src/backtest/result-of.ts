import { assert, ensure } from '../core/base/assert.ts';
import { decimal, decimalText, ZERO } from '../core/base/decimal.ts';
import { timeframeMs } from '../core/domain/timeframe.ts';
import { entryPrice, type MatchingPosition } from '../core/matching/matching-position.ts';
import { tradeStatistic } from '../core/statistic/trade-statistic.ts';
import { sha256Hex } from '../platform/random.ts';
import type { BacktestRequest, Span } from './backtest-request.ts';
import type {
  BacktestResult,
  BacktestSummary,
  MarketRead,
  OpenRow,
  ScreeningRead,
} from './backtest-result.ts';
import type { PastMarket } from './past-market.ts';
import type { PastWalk } from './past-walk.ts';

/** A walk that has come to its end. */
export interface FinishedWalk {
  readonly request: BacktestRequest;
  readonly span: Span;
  readonly walk: PastWalk;
  readonly screening: ScreeningRead;
}

/** Puts together what a walk gave. Stops when the books do not add up: such a result would be worth nothing. */
export function resultOf(finished: FinishedWalk): BacktestResult {
  const { request, walk } = finished;
  const { options, engineVersion, market } = request;
  const { tally } = walk;
  return {
    format: 2,
    engineVersion,
    settings: settingsRead(request),
    options,
    market: marketRead(market, finished.span, tally.candles),
    screening: finished.screening,
    summary: summaryOf(finished),
    exits: tally.exitCounts(),
    exitRules: sorted(tally.exitRules),
    outcomes: sorted(tally.outcomes),
    refusals: sorted(tally.refusals),
    vetoes: tally.vetoCounts(),
    notices: sorted(tally.notices),
    trades: tally.trades,
    open: walk.exchange.openPositions().map((position) => openRow(position, walk)),
    equity: tally.equity,
  };
}

function settingsRead({ settings: values, instruments: own }: BacktestRequest): BacktestResult['settings'] {
  const instruments = Object.fromEntries([...own].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { sha256: sha256Hex(JSON.stringify({ values, instruments })), values, instruments };
}

function summaryOf({ request, walk }: FinishedWalk): BacktestSummary {
  const { tally, exchange } = walk;
  const start = decimal(request.options.equityUsdt);
  const end = exchange.exactEquity();
  const openPnl = exchange
    .openPositions()
    .reduce((sum, position) => sum.plus(exchange.openPnl(position)), ZERO);
  const { grossPnl, fees } = tally;
  const [funding, insurance] = [exchange.funding, exchange.insurance()];
  const explained = start.plus(grossPnl).minus(fees).minus(funding).plus(openPnl).plus(insurance);
  assert(explained.equals(end), `Equity ${decimalText(end)} is what was booked: ${decimalText(explained)}.`);
  return {
    equityStart: decimalText(start),
    equityEnd: decimalText(end),
    returnPct: end.minus(start).dividedBy(start).times(100).toNumber(),
    trades: tradeStatistic(tally.trades.map(({ pnl }) => Number(pnl))),
    grossPnl: decimalText(grossPnl),
    fees: decimalText(fees),
    funding: decimalText(funding),
    openPnl: decimalText(openPnl),
    insurance: decimalText(insurance),
    drawdown: tally.drawdown.deepest,
    exposurePct: tally.exposurePct,
    positionsMean: tally.positionsMean,
  };
}

function marketRead(market: PastMarket, { fromMs, toMs }: Span, candles: number): MarketRead {
  const lengthMs = timeframeMs(market.recordedTimeframe);
  const files = market.instruments.map(({ file, fundings }) => ({ ...file, fundings: fundings.length }));
  const { recordedTimeframe, timeframe } = market;
  const gaps = files.reduce(
    (sum, { firstOpenMs, lastOpenMs, rows }) => sum + (lastOpenMs - firstOpenMs) / lengthMs + 1 - rows,
    0,
  );
  return { recordedTimeframe, timeframe, fromMs, toMs, candles, gaps, files };
}

function openRow(position: MatchingPosition, walk: PastWalk): OpenRow {
  const price = ensure(entryPrice(position), 'An open position has an entry price.');
  return {
    instrumentId: position.instrumentId,
    direction: position.direction,
    openedMs: position.openedMs,
    quantity: decimalText(position.quantity),
    entryPrice: decimalText(price.toSignificantDigits(16)),
    lastPrice: String(walk.exchange.priceOf(position.instrumentId)),
    pnl: decimalText(walk.exchange.openPnl(position)),
  };
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
