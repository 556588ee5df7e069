/** One execution; `fee` > 0 is paid. */
export interface FillRow {
  readonly fillId: string;
  readonly clientOrderId: string | null;
  readonly exchangeOrderId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly maker: boolean;
  readonly cause: string;
  readonly timeMs: number;
}

/** Which; left out: of all instruments, of all orders. `cursor` is what the page before gave; `limit` 1-500. */
export interface FillPage {
  readonly limit: number;
  readonly cursor: string | null;
  readonly instrumentId?: string;
  readonly clientOrderId?: string;
}

/** Rows of one page; the cursor is null on the last one. */
export interface FillRows {
  readonly rows: readonly FillRow[];
  readonly nextCursor: string | null;
}

/** Every execution that was told. Errors are those of the store. */
export interface FillLog {
  /** Newest first by the exchange's time. */
  list(page: FillPage): Promise<FillRows>;
}
