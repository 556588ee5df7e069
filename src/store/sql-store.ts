import type { Kysely } from 'kysely';
import { retryWhileBusy } from '../platform/busy-retry.ts';
import { sleep, type Time } from '../platform/time.ts';
import { addIntent, openIntents, settleIntent, takeEpoch } from './queries/intents.ts';
import * as journal from './queries/journal.ts';
import { assertLimit } from './queries/page.ts';
import { addSettings, latestSettings, loadTradingState, saveTradingState } from './queries/state.ts';
import { addFills, addTrade, lastFillMs, listTrades } from './queries/trades.ts';
import {
  type DecisionPage,
  type DecisionRow,
  type EventRow,
  type FillRow,
  type IntentRow,
  type IntentState,
  type Numbered,
  type Page,
  type PageRequest,
  type SettingsRow,
  type Store,
  StoreError,
  type TradeRow,
} from './store.ts';
import type { Tables } from './tables.ts';

/** What differs between databases. */
export interface SqlStoreParts {
  readonly db: Kysely<Tables>;
  readonly time: Time;
  /** Library errors in the port's words. */
  readonly translate: (error: unknown) => Error;
  /** Throws when what is written now would be lost. */
  readonly assertWritable: () => void;
  readonly close: () => void;
}

/**
 * The store over SQL. Every row but an intent's first waits out a short lock of another process; the intent does
 * not: its order has a price in mind, and the caller decides what a late one is worth.
 */
export class SqlStore implements Store {
  private readonly parts: SqlStoreParts;
  private readonly db: Kysely<Tables>;
  private closed = false;

  constructor(parts: SqlStoreParts) {
    this.parts = parts;
    this.db = parts.db;
  }

  takeEpoch(accountId: string, nowMs: number): Promise<number> {
    return this.write(() => takeEpoch(this.db, accountId, nowMs));
  }

  addIntent(intent: IntentRow): Promise<void> {
    return this.once(() => {
      this.parts.assertWritable();
      return addIntent(this.db, intent);
    });
  }

  settleIntent(clientOrderId: string, state: IntentState, detail: string, nowMs: number): Promise<void> {
    return this.write(() => settleIntent(this.db, { clientOrderId, state, detail, updatedMs: nowMs }));
  }

  openIntents(): Promise<readonly IntentRow[]> {
    return this.read(() => openIntents(this.db));
  }

  addFills(fills: readonly FillRow[]): Promise<readonly string[]> {
    return this.write(() => addFills(this.db, fills));
  }

  lastFillMs(): Promise<number | null> {
    return this.read(() => lastFillMs(this.db));
  }

  saveTradingState(accountId: string, stateJson: string, nowMs: number): Promise<void> {
    return this.write(() => saveTradingState(this.db, { accountId, stateJson, savedMs: nowMs }));
  }

  loadTradingState(accountId: string): Promise<string | null> {
    return this.read(() => loadTradingState(this.db, accountId));
  }

  addTrade(trade: TradeRow): Promise<void> {
    return this.write(() => addTrade(this.db, trade));
  }

  listTrades(page: PageRequest): Promise<Page<TradeRow>> {
    return this.readPage(page, () => listTrades(this.db, page));
  }

  addEvents(events: readonly EventRow[]): Promise<void> {
    return this.write(() => journal.addEvents(this.db, events));
  }

  listEvents(page: PageRequest & { readonly instrumentId?: string }): Promise<Page<EventRow & Numbered>> {
    return this.readPage(page, () => journal.listEvents(this.db, page));
  }

  addDecisions(records: readonly DecisionRow[]): Promise<void> {
    return this.write(() => journal.addDecisions(this.db, records));
  }

  listDecisions(page: DecisionPage): Promise<Page<DecisionRow & Numbered>> {
    return this.readPage(page, () => journal.listDecisions(this.db, page));
  }

  /** In small commits; other writes go in between. */
  async prune(before: { readonly decisionsMs: number; readonly eventsMs: number }): Promise<number> {
    const decisions = await this.pruneTable('decision', before.decisionsMs);
    return decisions + (await this.pruneTable('event', before.eventsMs));
  }

  addSettings(row: SettingsRow): Promise<number> {
    return this.write(() => addSettings(this.db, row));
  }

  latestSettings(): Promise<(SettingsRow & { readonly version: number }) | null> {
    return this.read(() => latestSettings(this.db));
  }

  /** Waits for what is under way. Calling it again is a no-op. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    // A query of its own queues behind all that were asked for before.
    await this.db.connection().execute(() => Promise.resolve());
    await this.db.destroy();
    this.parts.close();
  }

  private async pruneTable(table: 'decision' | 'event', beforeMs: number): Promise<number> {
    let pruned = 0;
    for (let full = true; full; ) {
      const count = await this.write(() => journal.pruneOnce(this.db, table, beforeMs));
      pruned += count;
      full = count === journal.ROWS_PER_PRUNE;
      if (full) await sleep(this.parts.time, 0);
    }
    return pruned;
  }

  private write<T>(work: () => Promise<T>): Promise<T> {
    return this.retried(() => {
      this.parts.assertWritable();
      return work();
    });
  }

  private read<T>(work: () => Promise<T>): Promise<T> {
    return this.retried(work);
  }

  private async readPage<T>(page: PageRequest, work: () => Promise<T>): Promise<T> {
    assertLimit(page.limit);
    return this.retried(work);
  }

  private retried<T>(work: () => Promise<T>): Promise<T> {
    return retryWhileBusy(this.parts.time, () => this.once(work));
  }

  private async once<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreError('failed', 'The store is closed.');
    try {
      return await work();
    } catch (error) {
      throw this.parts.translate(error);
    }
  }
}
