import type { InstrumentId } from '../core/domain/instrument.ts';
import type { OrderMove } from '../core/domain/order-state.ts';
import type { BlockerCounts } from '../core/engine/blocker-tally.ts';
import type { CloseRecord, JudgedAtClose } from '../core/engine/close-record.ts';
import type { ClosesKept, InstrumentCloseRow, JudgedCloseRow } from './close-row.ts';
import type { DifferenceLog } from './difference-row.ts';
import type { EquityMarkLog } from './equity-mark.ts';
import type { FillLog, FillRow } from './fill-row.ts';
import type { FilterWorthLog } from './filter-worth-log.ts';
import type { EvidenceRow, IntentFile, IntentRow, IntentState, LastEntry } from './intent-row.ts';
import type { LedgerBook } from './ledger-row.ts';
import type { SettingsRow, SettingsVersionRow } from './settings-row.ts';
import type { FundedTrade, TradeRow } from './trade-row.ts';

/**
 * What we remember, as a port. Every promise resolves after the durable commit and rejects with
 * `StoreError`. Times are integer milliseconds UTC, money is exact decimal text.
 */
export interface Store {
  /**
   * Takes the account's lease: a number higher than any before, durable, and not below what `nowMs` asks for, so
   * that a restored backup repeats none.
   */
  takeEpoch(accountId: string, nowMs: number): Promise<number>;

  /**
   * Write-ahead of an order: durable before its first byte is sent. Refuses an id it already has and, given the
   * epoch the order was named under, rejects `lease-lost` when it is not the account's newest.
   */
  addIntent(intent: IntentRow, epoch: number | null): Promise<void>;
  /**
   * Records what is said to have become of an intent, where the moves of an order let it be taken; gives what the move
   * is. A word that contradicts what is known changes nothing and is kept as evidence.
   */
  settleIntent(clientOrderId: string, state: IntentState, detail: string, nowMs: number): Promise<OrderMove>;
  /** Intents whose outcome is not known for certain, oldest first. */
  openIntents(): Promise<readonly IntentRow[]>;
  /**
   * The newest entry of each instrument, where the exchange may have carried it out and no closed position tells of its
   * end, or where more of it may have filled since that end; oldest first.
   */
  lastEntries(accountId: string): Promise<readonly LastEntry[]>;

  /** Adds fills; those already there (same `fillId`) are left alone. Gives the ids that were new. */
  addFills(fills: readonly FillRow[]): Promise<readonly string[]>;
  /** Ids of the newest stored fills, with their instruments. */
  newestFills(limit: number): Promise<readonly Pick<FillRow, 'fillId' | 'instrumentId'>[]>;
  /** Time of the newest stored fill; null without one. */
  lastFillMs(): Promise<number | null>;

  /**
   * Trading state of the engine as JSON text, one per account, replaced. Rejects `lease-lost` when a later epoch
   * was taken: the state of the later process stands.
   */
  saveTradingState(lease: HeldLease, stateJson: string, nowMs: number): Promise<void>;
  /** Null before the first save. */
  loadTradingState(accountId: string): Promise<string | null>;
  /** The account whose trading state was saved last; null before the first. */
  newestAccount(): Promise<string | null>;

  /** Adds a closed position; one already there (same `tradeId`) is left alone, or gives way to one of more executions. */
  addTrade(trade: TradeRow): Promise<void>;
  /** Newest close first. */
  listTrades(page: PageRequest): Promise<Page<FundedTrade>>;

  addEvents(events: readonly EventRow[]): Promise<void>;
  listEvents(page: PageRequest & { readonly instrumentId?: string }): Promise<Page<EventRow & Numbered>>;

  addDecisions(records: readonly DecisionRow[]): Promise<void>;
  /** Newest first. */
  listDecisions(page: DecisionPage): Promise<Page<DecisionRow & Numbered>>;
  /** Packs records of decisions older than `beforeMs`: they are read as before and take a tenth. Gives how many. */
  packDecisions(beforeMs: number): Promise<number>;
  /**
   * Drops decisions and events older than the given times, and decisions beyond the newest `decisionsMax`; gives how
   * many rows went.
   */
  prune(before: Retention): Promise<number>;
  /** Every instrument at every close. */
  readonly closes: CloseLog;
  /** Pairs of averages that were searched for. */
  readonly emaSearches: EmaSearchLog;
  /** What blocked entries would have made. */
  readonly filterWorths: FilterWorthLog;
  /** What is remembered of intents beyond their state. */
  readonly intents: IntentLog;
  /** The account's money by double entry. */
  readonly ledger: LedgerBook;
  /** What losses are counted from. */
  readonly equityMarks: EquityMarkLog;
  /** In what the exchange's account and ours differed. */
  readonly differences: DifferenceLog;
  /** Every execution that was told. */
  readonly fills: FillLog;

  /** Adds a version of the trading settings; gives its number. */
  addSettings(row: SettingsRow): Promise<number>;
  /** Null before the first version. */
  latestSettings(): Promise<SettingsVersionRow | null>;
  /** Null when there is no such version. */
  settingsVersion(version: number): Promise<SettingsVersionRow | null>;
  /** Newest first. */
  listSettings(page: PageRequest): Promise<Page<SettingsVersionRow>>;

  /**
   * All that is brought from elsewhere in one commit: all of it or nothing. Gives the number of the settings version,
   * null without one. Rejects `lease-lost` like the saving of a state.
   */
  addImported(imported: ImportedRows): Promise<number | null>;

  /**
   * Why nothing, or on a full disk nothing but what protects positions, can be written now, as a sentence for a person;
   * null: all is well. A lock of less than a second is no fault.
   */
  fault(): string | null;
  /** To be called every second: finds out whether a fault has gone, and sets room for the next full disk aside again. */
  tend(): Promise<void>;

  close(): Promise<void>;
}

/** What is brought from elsewhere; null and empty: none of it. */
export interface ImportedRows {
  readonly settings: SettingsRow | null;
  readonly state: { readonly lease: HeldLease; readonly stateJson: string; readonly savedMs: number } | null;
  readonly emaSearches: readonly EmaSearchRow[];
}

/** What searches for pairs of averages found: the newest one of each instrument and timeframe. */
export interface EmaSearchLog {
  /** Replaces the one of the same instrument and timeframe. */
  save(row: EmaSearchRow): Promise<void>;
  /** All of one timeframe, in order of instrument. */
  list(timeframe: string): Promise<readonly EmaSearchRow[]>;
}

/** One search. */
export interface EmaSearchRow {
  readonly instrumentId: string;
  readonly timeframe: string;
  readonly verdict: 'better' | 'no-better' | 'not-enough';
  /** The best pair whatever the verdict; null where none could be judged. */
  readonly shortLength: number | null;
  readonly longLength: number | null;
  /** Of everything it depends on besides the candles: another one makes it stale. */
  readonly settingsHash: string;
  /** Open time of the newest candle it saw. */
  readonly lastMs: number;
  readonly searchedMs: number;
  /** JSON object text. */
  readonly evidenceJson: string;
}

/** What was decided of all instruments, close by close: compact, so that a year of it stays. */
export interface CloseLog {
  /** Replaces the record of the same close and timeframe. */
  save(record: CloseRecord<JudgedAtClose>): Promise<void>;
  /** Newest first, at most `limit` 1-500; those that ended at `untilMs` or before where that is given. */
  newest(limit: number, untilMs: number | null): Promise<readonly CloseRecord[]>;
  /** One instrument's rows, newest first; empty for one that was never at a close. */
  ofInstrument(id: InstrumentId, page: PageRequest): Promise<Page<InstrumentCloseRow>>;
  /** The same with every verdict. */
  judgedOfInstrument(id: InstrumentId, page: PageRequest): Promise<Page<JudgedCloseRow>>;
  /** What stood in the way since `fromMs`, of one instrument or, with null, of all. */
  countBlockers(id: InstrumentId | null, fromMs: number): Promise<BlockerCounts>;
  /**
   * Drops closes older than `beforeMs` and all but the newest `rowsMax`, and the verdicts of all but the newest
   * `judgedMax`; gives how many closes went.
   */
  prune(kept: ClosesKept): Promise<number>;
}

/** What is kept. */
export interface Retention {
  readonly decisionsMs: number;
  readonly eventsMs: number;
  /** All that are young enough when left out. */
  readonly decisionsMax?: number;
}

/**
 * Why the store could not answer. `busy`: locked by another; `full`: no disk space; `corrupt`: stop and restore;
 * `refused`: the file is another program's or another version's; `cursor`: the caller's cursor is not one the list gave;
 * `lease-lost`: another process has taken the account.
 */
export type StoreErrorKind =
  | 'busy'
  | 'full'
  | 'corrupt'
  | 'refused'
  | 'conflict'
  | 'cursor'
  | 'lease-lost'
  | 'failed';

/** What every promise of the store rejects with. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  constructor(kind: StoreErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** An account and the epoch a process has taken it with. */
export interface HeldLease {
  readonly accountId: string;
  readonly epoch: number;
}

/** What is remembered of intents beyond their state. Errors are those of the store. */
export interface IntentLog {
  /** Newest first. */
  list(page: IntentPage): Promise<Page<IntentRow>>;
  /** Null when there is no intent of this name. */
  find(clientOrderId: string): Promise<IntentFile | null>;
  /** How many intents of an account were written at `sinceMs` or later. */
  countSince(accountId: string, sinceMs: number): Promise<number>;
  /** Remembers until when, by the exchange's clock, the request of an intent may be accepted. */
  noteValidity(clientOrderId: string, validUntilMs: number): Promise<void>;
  /** Adds what was found out; the newest fifty of an intent are kept. */
  addEvidence(row: EvidenceRow): Promise<void>;
}

/** A page of intents, of one state or one instrument where named. */
export interface IntentPage extends PageRequest {
  readonly state?: IntentState;
  readonly instrumentId?: string;
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
