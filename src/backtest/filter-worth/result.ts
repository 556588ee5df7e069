import type { Interval } from '../../core/statistic/block-bootstrap.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { BacktestOptions } from '../options.ts';
import type { WorthSettings } from './settings.ts';

/** What each filter saved or lost on recorded candles, as plain JSON: the same request gives the same bytes. */
export interface FilterWorthResult {
  /** Counts up whenever the shape changes. */
  readonly format: 2;
  readonly engineVersion: string;
  readonly worth: WorthSettings;
  readonly settings: BacktestResult['settings'];
  readonly options: BacktestOptions;
  readonly market: BacktestResult['market'];
  /** The walk with all filters as they are. */
  readonly trades: number;
  readonly pnlUsdt: number;
  /** Entry signals that filters kept from becoming a candidate. */
  readonly blocked: number;
  /** Filters that blocked something, in the order of the chain. */
  readonly filters: readonly FilterWorth[];
  /** Filters that blocked nothing. */
  readonly silent: readonly string[];
}

/** What the solo trades of a filter prove. */
export type WorthVerdict = 'saves' | 'costs' | 'unclear' | 'not-enough-data';

/** What blocked entries alone tell of a filter. Positive money: the filter saved it. */
export interface SoloFilterWorth {
  readonly filter: string;
  /** Of what it blocked alone: its own work, which ends when it is switched off. */
  readonly verdict: WorthVerdict;
  /** Entries nothing else blocked. A filter spared because this one blocked already may have, too. */
  readonly alone: SoloWorth;
  /** Entries others blocked as well: switching it off alone would not have let them in. */
  readonly shared: SoloWorth;
  /** What it blocked alone, in portfolio: each entry added to what was traded. */
  readonly added: AddedWorth;
}

/** With what the whole walk tells. */
export interface FilterWorth extends SoloFilterWorth {
  /** Null for a filter that cannot be switched off. */
  readonly portfolio: PortfolioWorth | null;
}

/** What blocked entries that were priced, each by itself, prove: together they would have kept out each other, too. */
interface JudgedWorth {
  /** Those that would have left more money. */
  readonly wins: number;
  /** Share of those priced, %; null without one. */
  readonly winRatePct: number | null;
  /** Of one; null without one. */
  readonly meanSavedUsdt: number | null;
  readonly totalSavedUsdt: number;
  /** Of `meanSavedUsdt`; null with too few of them or too short a time. */
  readonly interval: Interval | null;
  /** Length of the blocks of time the interval is drawn from. */
  readonly blockDays: number;
}

/**
 * Blocked entries, each traded alone with the money there was at the start, under the same size, stop, exits and
 * costs. One position an instrument: what was blocked while the trade of an earlier one lasts is not priced again.
 */
export interface SoloWorth extends JudgedWorth {
  readonly candidates: number;
  /** Those that were priced. */
  readonly trades: number;
  /** Came while the trade of an earlier one would have lasted. */
  readonly overlapping: number;
  /** Could not have been entered: refused by risk or by the exchange, or no candle comes after it. */
  readonly unpriced: number;
  /** Priced, and not at their end when the candles were: taken at the last price. */
  readonly open: number;
}

/**
 * Blocked entries, each added alone to what was traded, slots and exposure as they were. Money is what the entry made
 * less what the entries it kept out made, with the sign turned: positive was saved by the filter.
 */
export interface AddedWorth extends JudgedWorth {
  /** Those there was room for. */
  readonly entered: number;
  /** Those there was none for: they would have changed nothing. */
  readonly noRoom: number;
  /** Entries they would have kept out, and what those made. */
  readonly displaced: number;
  readonly displacedPnlUsdt: number;
}

/** The whole walk without the filter against the walk as it is, slots and money included. */
export interface PortfolioWorth {
  readonly tradesWithout: number;
  readonly pnlWithoutUsdt: number;
  /** Result as it is less the result without the filter. */
  readonly savedUsdt: number;
  /** Of `savedUsdt`; null with too short a time. */
  readonly interval: Interval | null;
}
