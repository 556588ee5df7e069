import type { Kysely } from 'kysely';
import type { OrderMove } from '../core/domain/order-state.ts';
import type { FillRow } from './fill-row.ts';
import type { FilterWorthLog } from './filter-worth-log.ts';
import type { IntentRow, IntentState, LastEntry } from './intent-row.ts';
import { addImported } from './queries/imported.ts';
import { addIntent, openIntents, settleIntent } from './queries/intents.ts';
import * as journal from './queries/journal.ts';
import { lastEntries } from './queries/last-entries.ts';
import { takeEpoch } from './queries/lease.ts';
import { packOnce, RECORDS_PER_PACK } from './queries/packing.ts';
import { assertLimit } from './queries/page.ts';
import * as settings from './queries/settings.ts';
import { loadTradingState, newestAccount, saveTradingState } from './queries/state.ts';
import { addFills, addTrade, lastFillMs, listTrades, newestFills } from './queries/trades.ts';
import type { SettingsRow, SettingsVersionRow } from './settings-row.ts';
import { SqlCloseLog } from './sql-close-log.ts';
import { SqlDifferenceLog, SqlFillLog } from './sql-difference-log.ts';
import { SqlDoor, type SqlStoreParts } from './sql-door.ts';
import { SqlEmaSearchLog } from './sql-ema-search-log.ts';
import { SqlEquityMarkLog } from './sql-equity-mark-log.ts';
import { SqlFilterWorthLog } from './sql-filter-worth-log.ts';
import { SqlIntentLog } from './sql-intent-log.ts';
import { SqlLedgerBook } from './sql-ledger-book.ts';
import type {
  CloseLog,
  DecisionPage,
  DecisionRow,
  EmaSearchLog,
  EventRow,
  HeldLease,
  ImportedRows,
  IntentLog,
  Numbered,
  Page,
  PageRequest,
  Retention,
  Store,
} from './store.ts';
import type { Tables } from './tables.ts';
import type { FundedTrade, TradeRow } from './trade-row.ts';

/**
 * The store over SQL. Every row but an entry's intent waits out a short lock of another process; that one does not: its
 * order has a price in mind, and the caller decides what a late one is worth. What tells of orders under way and of
 * fills waits for as long as the database is locked or the disk full.
 */
export class SqlStore implements Store {
  readonly closes: CloseLog;
  readonly emaSearches: EmaSearchLog;
  readonly filterWorths: FilterWorthLog;
  readonly intents: IntentLog;
  readonly ledger: SqlLedgerBook;
  readonly equityMarks: SqlEquityMarkLog;
  readonly differences: SqlDifferenceLog;
  readonly fills: SqlFillLog;
  private readonly door: SqlDoor;

  constructor(parts: SqlStoreParts) {
    this.door = new SqlDoor(parts);
    this.closes = new SqlCloseLog(this.door);
    this.emaSearches = new SqlEmaSearchLog(this.door);
    this.filterWorths = new SqlFilterWorthLog(this.door);
    this.intents = new SqlIntentLog(this.door);
    this.ledger = new SqlLedgerBook(this.door);
    this.equityMarks = new SqlEquityMarkLog(this.door);
    this.differences = new SqlDifferenceLog(this.door);
    this.fills = new SqlFillLog(this.door);
  }

  takeEpoch(accountId: string, nowMs: number): Promise<number> {
    return this.door.save((db) => takeEpoch(db, accountId, nowMs));
  }

  addIntent(intent: IntentRow, epoch: number | null): Promise<void> {
    const add = (db: Kysely<Tables>) => addIntent(db, intent, epoch);
    return intent.reduceOnly ? this.door.keep(add) : this.door.writeOnce(add);
  }

  settleIntent(clientOrderId: string, state: IntentState, detail: string, nowMs: number): Promise<OrderMove> {
    return this.door.keep((db) => settleIntent(db, { clientOrderId, state, detail, updatedMs: nowMs }));
  }

  openIntents(): Promise<readonly IntentRow[]> {
    return this.door.read((db) => openIntents(db));
  }

  lastEntries(accountId: string): Promise<readonly LastEntry[]> {
    return this.door.read((db) => lastEntries(db, accountId));
  }

  addFills(fills: readonly FillRow[]): Promise<readonly string[]> {
    return this.door.keep((db) => addFills(db, fills));
  }

  newestFills(limit: number): Promise<readonly Pick<FillRow, 'fillId' | 'instrumentId'>[]> {
    return this.door.read((db) => newestFills(db, limit));
  }

  lastFillMs(): Promise<number | null> {
    return this.door.read((db) => lastFillMs(db));
  }

  saveTradingState(lease: HeldLease, stateJson: string, nowMs: number): Promise<void> {
    return this.door.save((db) => saveTradingState(db, lease, { stateJson, savedMs: nowMs }));
  }

  loadTradingState(accountId: string): Promise<string | null> {
    return this.door.read((db) => loadTradingState(db, accountId));
  }

  newestAccount(): Promise<string | null> {
    return this.door.read(newestAccount);
  }

  addTrade(trade: TradeRow): Promise<void> {
    return this.door.save((db) => addTrade(db, trade));
  }

  listTrades(page: PageRequest): Promise<Page<FundedTrade>> {
    return this.readPage(page, (db) => listTrades(db, page));
  }

  addEvents(events: readonly EventRow[]): Promise<void> {
    return this.door.save((db) => journal.addEvents(db, events));
  }

  listEvents(page: PageRequest & { readonly instrumentId?: string }): Promise<Page<EventRow & Numbered>> {
    return this.readPage(page, (db) => journal.listEvents(db, page));
  }

  addDecisions(records: readonly DecisionRow[]): Promise<void> {
    return this.door.write((db) => journal.addDecisions(db, records));
  }

  listDecisions(page: DecisionPage): Promise<Page<DecisionRow & Numbered>> {
    return this.readPage(page, (db) => journal.listDecisions(db, page));
  }

  /** In small commits; other work goes in between. */
  packDecisions(beforeMs: number): Promise<number> {
    return this.repeated(RECORDS_PER_PACK, (db) => packOnce(db, beforeMs));
  }

  /** In small commits; other work goes in between. */
  async prune({ decisionsMs, eventsMs, decisionsMax }: Retention): Promise<number> {
    let pruned = await this.pruneTable('event', eventsMs);
    const newestId = await this.door.read((db) => journal.newestDecisionId(db));
    const surplusId = newestId - (decisionsMax ?? newestId);
    for (const table of journal.DECISION_TABLES) {
      pruned += await this.pruneTable(table, decisionsMs);
      const prune = (db: Kysely<Tables>) => journal.pruneUpToOnce(db, table, surplusId);
      pruned += await this.repeated(journal.ROWS_PER_PRUNE, prune);
    }
    return pruned;
  }

  addSettings(row: SettingsRow): Promise<number> {
    return this.door.write((db) => settings.addSettings(db, row));
  }

  latestSettings(): Promise<SettingsVersionRow | null> {
    return this.door.read((db) => settings.latestSettings(db));
  }

  settingsVersion(version: number): Promise<SettingsVersionRow | null> {
    return this.door.read((db) => settings.settingsVersion(db, version));
  }

  listSettings(page: PageRequest): Promise<Page<SettingsVersionRow>> {
    return this.readPage(page, (db) => settings.listSettings(db, page));
  }

  addImported(imported: ImportedRows): Promise<number | null> {
    return this.door.write((db) => addImported(db, imported));
  }

  fault(): string | null {
    return this.door.fault();
  }

  tend(): Promise<void> {
    return this.door.tend();
  }

  /** Waits for what is under way. Calling it again is a no-op. */
  close(): Promise<void> {
    return this.door.close();
  }

  private pruneTable(table: journal.PrunedTable, beforeMs: number): Promise<number> {
    return this.repeated(journal.ROWS_PER_PRUNE, (db) => journal.pruneOnce(db, table, beforeMs));
  }

  /** Until a commit finds fewer rows than it may take; gives how many it took in all. */
  private async repeated(rowsMax: number, work: (db: Kysely<Tables>) => Promise<number>): Promise<number> {
    let total = 0;
    for (let full = true; full; ) {
      const count = await this.door.write(work);
      total += count;
      full = count === rowsMax;
      if (full) await this.door.letOthers();
    }
    return total;
  }

  private async readPage<T>(page: PageRequest, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    assertLimit(page.limit);
    return this.door.read(work);
  }
}
