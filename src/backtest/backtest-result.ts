import type { Direction, ExitReason } from '../core/domain/order.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type { Trend } from '../core/domain/verdict.ts';
import type { InstrumentPatch, TradingSettings } from '../core/engine/settings.ts';
import type { DeepestFall } from '../core/statistic/drawdown.ts';
import type { TradeStatistic } from '../core/statistic/trade-statistic.ts';
import type { BacktestOptions } from './options.ts';
import type { PastFile } from './past-market.ts';

/**
 * All a walk through the past gave, as plain JSON: the same market, settings and options give the same bytes. Money
 * is exact decimal text where it was booked, a number where it is a statistic.
 */
export interface BacktestResult {
  /** Counts up whenever the shape changes. */
  readonly format: 2;
  readonly engineVersion: string;
  readonly settings: SettingsRead;
  readonly options: BacktestOptions;
  readonly market: MarketRead;
  readonly screening: ScreeningRead;
  readonly summary: BacktestSummary;
  /** By exit reason, most frequent first. */
  readonly exits: readonly ExitCount[];
  /** Exit rules of ours that ordered an exit, by code; an exit at the exchange has none. */
  readonly exitRules: Readonly<Record<string, number>>;
  /** What came of each look at an entry signal, one a candle and instrument. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Codes of refusals besides filters: risk, slots taken by what is open, one attempt a signal. */
  readonly refusals: Readonly<Record<string, number>>;
  /** By code of the veto. */
  readonly vetoes: readonly VetoCount[];
  /** Notices for people, by code. */
  readonly notices: Readonly<Record<string, number>>;
  readonly trades: readonly TradeRow[];
  /** What was still open at the end, at its last price. */
  readonly open: readonly OpenRow[];
  /** Equity at the last candle of each UTC day. */
  readonly equity: readonly EquityPoint[];
}

/** What was in force. The hash is of all of it. */
export interface SettingsRead {
  readonly sha256: string;
  readonly values: TradingSettings;
  /** What single instruments did otherwise, by id. */
  readonly instruments: Readonly<Record<string, InstrumentPatch>>;
}

/** What was walked through. */
export interface MarketRead {
  readonly recordedTimeframe: Timeframe;
  readonly timeframe: Timeframe;
  /** Open of the first candle and close of the last one of the walk, ms UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Closed candles the engine decided on. */
  readonly candles: number;
  /** Candles missing inside the files; a file with a gap is refused when it is read. */
  readonly gaps: number;
  readonly files: readonly (PastFile & { readonly fundings: number })[];
}

/** Whether candles were kept from the engine on which nothing could be decided. No trade and no equity depends on it. */
export interface ScreeningRead {
  readonly used: boolean;
  /** Why it was not used; null when it was. */
  readonly reason: string | null;
  /** Closed candles the engine took without being asked about them. */
  readonly candlesSkipped: number;
  /** False: `outcomes`, `refusals` and `vetoes` know of no look for which no slot was free. */
  readonly looks: boolean;
}

/** The figures of the whole walk. */
export interface BacktestSummary {
  readonly equityStart: string;
  readonly equityEnd: string;
  readonly returnPct: number;
  readonly trades: TradeStatistic;
  /** Sums of what was booked: gross of closed positions, their fees, funding paid, result of what is open. */
  readonly grossPnl: string;
  readonly fees: string;
  readonly funding: string;
  readonly openPnl: string;
  /** Losses beyond the account's money; anything but 0 means the account was wiped out. */
  readonly insurance: string;
  readonly drawdown: DeepestFall | null;
  /** Share of the time in which at least one position was open, %. */
  readonly exposurePct: number;
  /** Mean number of open positions. */
  readonly positionsMean: number;
}

export interface ExitCount {
  readonly reason: ExitReason;
  readonly count: number;
  readonly wins: number;
  /** Net, USDT. */
  readonly pnl: number;
}

export interface VetoCount {
  readonly code: string;
  /** Looks it vetoed. */
  readonly count: number;
  /** Looks it vetoed alone: without it the coin would have been a candidate. */
  readonly alone: number;
}

/** A finished round trip. */
export interface TradeRow {
  readonly tradeId: string;
  readonly instrumentId: string;
  readonly direction: Direction;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryPrice: string;
  readonly exitPrice: string;
  readonly quantity: string;
  /** Stop the entry was sent with. */
  readonly stopPrice: string | null;
  readonly grossPnl: string;
  /** Paid. */
  readonly fees: string;
  /** Paid; below zero was received. */
  readonly funding: string;
  /** Net: gross less fees less funding. */
  readonly pnl: string;
  /** Net result against the notional at entry, %. */
  readonly pnlPct: number;
  /** Result in units of what would have been lost at the first stop; null when that is not known. */
  readonly rMultiple: number | null;
  readonly entryRsi: number | null;
  readonly entryTrend: Trend;
  readonly exitReason: ExitReason;
}

/** A position that was open at the end. */
export interface OpenRow {
  readonly instrumentId: string;
  readonly direction: Direction;
  readonly openedMs: number;
  readonly quantity: string;
  readonly entryPrice: string;
  readonly lastPrice: string;
  /** Unrealised and realised so far, after fees, USDT; funding left out. */
  readonly pnl: string;
}

export interface EquityPoint {
  readonly timeMs: number;
  readonly equity: number;
}
