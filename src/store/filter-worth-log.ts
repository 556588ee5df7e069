/** What is known of the worth of filters: every blocked entry that was priced, and what was judged of all. */
export interface FilterWorthLog {
  /** All of one timeframe, by time. */
  trades(timeframe: string): Promise<readonly BlockedTradeRow[]>;
  /** Replaces those of the same signal; in one commit. */
  saveTrades(rows: readonly BlockedTradeRow[]): Promise<void>;
  /** Forgets those of the given signals; what is not there is no fault. */
  removeTrades(rows: readonly BlockedSignal[]): Promise<void>;
  /** Null before the first judgement of the timeframe. */
  worth(timeframe: string): Promise<FilterWorthRow | null>;
  /** Replaces that of the same timeframe. */
  saveWorth(row: FilterWorthRow): Promise<void>;
}

/** A signal that filters kept from being an entry. */
export interface BlockedSignal {
  readonly instrumentId: string;
  readonly timeframe: string;
  /** Close of the candle that signalled, ms UTC. */
  readonly timeMs: number;
}

/** One blocked entry and the trade that would have followed. */
export interface BlockedTradeRow extends BlockedSignal {
  readonly direction: string;
  /** JSON array: the filters that vetoed. */
  readonly filtersJson: string;
  /** Of everything the trade depends on besides candles and equity: another one makes it stale. */
  readonly settingsHash: string;
  readonly pricedMs: number;
  /** JSON object text; null when it could not have been entered. */
  readonly tradeJson: string | null;
}

/** What was judged of all filters. */
export interface FilterWorthRow {
  readonly timeframe: string;
  readonly judgedMs: number;
  /** In force when it was judged. */
  readonly settingsVersion: number;
  /** Shape of `worthJson`: another one is not read. */
  readonly format: number;
  readonly worthJson: string;
}
