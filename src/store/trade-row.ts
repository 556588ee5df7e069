/** A closed position as its executions make it. Money in quote currency. */
export interface TradeRow {
  readonly tradeId: string;
  readonly instrumentId: string;
  readonly direction: string;
  readonly timeframe: string;
  readonly quantity: string;
  readonly entryPrice: string;
  readonly exitPrice: string;
  /** What its prices made, before every cost. */
  readonly grossPnl: string;
  /** Paid for its executions. */
  readonly fees: string;
  /** Gross less fees. */
  readonly tradedPnl: string;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryTrend: string;
  readonly entryRsi: number | null;
  readonly exitReason: string;
  /** How long it was held without a confirmed stop, ms; null: it was not measured then. */
  readonly unprotectedMs: number | null;
  /** Whose money it was; null: not known. */
  readonly accountId: string | null;
  /** How what was held changed, oldest first; empty, or without its beginning, where it was not kept. */
  readonly steps: readonly TradeStepRow[];
}

/** One change of what is held. */
export interface TradeStepRow {
  /** The execution that made it; null: none was told. */
  readonly fillId: string | null;
  readonly timeMs: number;
  /** What was held after it, ours alone. */
  readonly held: string;
}

/**
 * A closed position with the funding that the account's books say it paid. Both are null while that is not known: the
 * books were opened after the position, or have not been seen to equal the wallet since its end.
 */
export interface FundedTrade extends TradeRow {
  /** Above zero was paid. */
  readonly funding: string | null;
  /** The net result: gross less fees less funding. */
  readonly pnl: string | null;
}
