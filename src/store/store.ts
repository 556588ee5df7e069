/**
 * What we remember, as a port. Every promise resolves after the durable commit and rejects with
 * `StoreError`. Times are integer milliseconds UTC, money is exact decimal text.
 */
export interface Store {
  /** Takes the account's lease: a number higher than any before, durable. */
  takeEpoch(accountId: string, nowMs: number): Promise<number>;

  /** Write-ahead of an order: durable before its first byte is sent. Refuses an id it already has. */
  addIntent(intent: IntentRow): Promise<void>;
  /** Records what became of an intent. A no-op when the state is already that. */
  settleIntent(clientOrderId: string, state: IntentState, detail: string, nowMs: number): Promise<void>;
  /** Intents whose outcome is not known for certain, oldest first. */
  openIntents(): Promise<readonly IntentRow[]>;

  /** Adds fills; those already there (same `fillId`) are left alone. Gives the ids that were new. */
  addFills(fills: readonly FillRow[]): Promise<readonly string[]>;
  /** Time of the newest stored fill; null without one. */
  lastFillMs(): Promise<number | null>;

  /** Trading state of the engine as JSON text, one per account, replaced. */
  saveTradingState(accountId: string, stateJson: string, nowMs: number): Promise<void>;
  /** Null before the first save. */
  loadTradingState(accountId: string): Promise<string | null>;

  /** Adds a closed position; one already there (same `tradeId`) is left alone. */
  addTrade(trade: TradeRow): Promise<void>;
  listTrades(page: PageRequest): Promise<Page<TradeRow>>;

  addEvents(events: readonly EventRow[]): Promise<void>;
  listEvents(page: PageRequest & { readonly instrumentId?: string }): Promise<Page<EventRow & Numbered>>;

  addDecisions(records: readonly DecisionRow[]): Promise<void>;
  /** Newest first. */
  listDecisions(page: DecisionPage): Promise<Page<DecisionRow & Numbered>>;
  /** Drops decisions and events older than the given times; gives how many rows went. */
  prune(before: { readonly decisionsMs: number; readonly eventsMs: number }): Promise<number>;

  /** Adds a version of the trading settings; gives its number. */
  addSettings(row: SettingsRow): Promise<number>;
  /** Null before the first version. */
  latestSettings(): Promise<(SettingsRow & { readonly version: number }) | null>;

  close(): Promise<void>;
}

/**
 * Why the store could not answer. `busy`: locked by another; `full`: no disk space; `corrupt`: stop and restore;
 * `cursor`: the caller's cursor is not one the list gave.
 */
export type StoreErrorKind = 'busy' | 'full' | 'corrupt' | 'conflict' | 'cursor' | 'failed';

/** What every promise of the store rejects with. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  constructor(kind: StoreErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** `prepared`: journaled, outcome unknown. The rest is final but `accepted`. */
export type IntentState =
  | 'prepared'
  | 'accepted'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'not-placed'
  | 'unknown';

/** An order that is about to be sent, or was. */
export interface IntentRow {
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly direction: string;
  readonly purpose: string;
  readonly quantity: string;
  readonly reduceOnly: boolean;
  readonly stopPrice: string | null;
  readonly takeProfitPrice: string | null;
  readonly state: IntentState;
  readonly detail: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

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

/** A closed position; `pnl` = gross - fees. */
export interface TradeRow {
  readonly tradeId: string;
  readonly instrumentId: string;
  readonly direction: string;
  readonly timeframe: string;
  readonly quantity: string;
  readonly entryPrice: string;
  readonly exitPrice: string;
  readonly grossPnl: string;
  readonly fees: string;
  readonly pnl: string;
  readonly openedMs: number;
  readonly closedMs: number;
  readonly entryTrend: string;
  readonly entryRsi: number | null;
  readonly exitReason: string;
}

/** Something a person may want to know of later. */
export interface EventRow {
  readonly timeMs: number;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly code: string;
  readonly instrumentId: string | null;
  readonly message: string;
  /** JSON object text. */
  readonly detailJson: string;
}

/** A decision record, with what it is searched by beside it. */
export interface DecisionRow {
  readonly timeMs: number;
  readonly instrumentId: string;
  readonly timeframe: string;
  readonly outcome: string;
  readonly signal: string;
  /** The whole DecisionRecord as JSON text. */
  readonly recordJson: string;
}

export interface SettingsRow {
  /** TradingSettings as JSON text. */
  readonly settingsJson: string;
  readonly author: string;
  readonly reason: string;
  readonly createdMs: number;
}

/** Rowid of the stored row: the cursor of its list. */
export interface Numbered {
  readonly id: number;
}

/** `cursor` is what the previous page gave as `nextCursor`; null for the first. `limit` 1-500. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** A page of decisions, of one instrument or one outcome where named. */
export interface DecisionPage extends PageRequest {
  readonly instrumentId?: string;
  readonly outcome?: string;
}

/** Rows of one page, in the order of their list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}
