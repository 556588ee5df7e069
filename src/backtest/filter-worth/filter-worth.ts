import type { InstrumentId } from '../../core/domain/instrument.ts';
import type { TradingSettings } from '../../core/engine/settings.ts';
import { runBacktest } from '../backtest.ts';
import type { BacktestRequest } from '../backtest-request.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { Portfolio } from './added-worth.ts';
import { BlockedCandidates } from './blocked-candidates.ts';
import { HeldTrades } from './held-trades.ts';
import { judgeFilters } from './judge-filters.ts';
import { madeBy, portfolioWorth } from './portfolio-worth.ts';
import type { FilterWorthResult, PortfolioWorth, SoloFilterWorth } from './result.ts';
import type { WorthSettings } from './settings.ts';
import { SoloTrades } from './solo-trade.ts';
import { withoutFilter } from './without-filter.ts';

/** What is being done: the walk as it is, blocked entries traded alone, walks without one filter each. */
export type WorthPhase = 'walking' | 'pricing' | 'comparing';

export interface FilterWorthRequest {
  /** The walk the filters are judged on; nobody else observes it. */
  readonly backtest: Omit<BacktestRequest, 'onProgress' | 'observe' | 'entry'>;
  readonly worth: WorthSettings;
  /** Called with the share of the phase that is done, 0 to 1. */
  readonly onProgress: (phase: WorthPhase, share: number) => void;
}

/**
 * What each entry filter saved or lost, in two ways that are kept apart. Solo: every entry it blocked, traded alone.
 * Portfolio: the whole walk once more without it. Both by the walk that `runBacktest` makes, nothing is computed in
 * another way. The same request gives the same result, byte for byte.
 */
export function filterWorth(request: FilterWorthRequest): FilterWorthResult {
  const { backtest, worth, onProgress } = request;
  const blocked = new BlockedCandidates();
  const asIs = runBacktest({
    ...backtest,
    observe: blocked.observe,
    onProgress: (share) => onProgress('walking', share),
  });
  const candidates = blocked.list();
  const trades = new SoloTrades(backtest);
  const { judged, silent } = judgeFilters(candidates, {
    price: (candidate) => trades.of(candidate),
    worth,
    portfolio: portfolioOf(asIs, backtest.settings),
    onProgress: (share) => onProgress('pricing', share),
  });
  return {
    format: 2,
    engineVersion: backtest.engineVersion,
    worth,
    settings: asIs.settings,
    options: asIs.options,
    market: asIs.market,
    trades: asIs.summary.trades.count,
    pnlUsdt: madeBy(asIs),
    blocked: candidates.length,
    filters: judged.map((filter, place) => ({
      ...filter,
      portfolio: portfolio(request, asIs, { filter, progress: { done: place, all: judged.length } }),
    })),
    silent,
  };
}

/** What the walk traded, with the room of its settings and of the money it began with. */
function portfolioOf({ trades, options }: BacktestResult, { risk }: TradingSettings): Portfolio {
  const held = trades.map(({ instrumentId, openedMs, closedMs, quantity, entryPrice, pnl }) => ({
    instrumentId: instrumentId as InstrumentId,
    openedMs,
    closedMs,
    notionalUsdt: Number(quantity) * Number(entryPrice),
    pnlUsdt: Number(pnl),
  }));
  return {
    held: new HeldTrades(held),
    positionsMax: risk.positionsMax,
    exposureMaxUsdt: (options.equityUsdt * risk.exposurePctMax) / 100,
  };
}

function portfolio(
  { backtest, worth, onProgress }: FilterWorthRequest,
  asIs: BacktestResult,
  {
    filter,
    progress,
  }: { readonly filter: SoloFilterWorth; readonly progress: { readonly done: number; readonly all: number } },
): PortfolioWorth | null {
  const request = withoutFilter(backtest, filter.filter);
  if (request === null) return null;
  const without = runBacktest({
    ...request,
    onProgress: (share) => onProgress('comparing', (progress.done + share) / progress.all),
  });
  return portfolioWorth(asIs, without, { worth, blockDays: filter.alone.blockDays });
}
