import type { DecisionView } from '../api/coin.ts';
import type { EventView, TradeView } from '../api/position.ts';
import type { DecisionRecord } from '../core/engine/decision.ts';
import type { DecisionRequest } from '../http/bots-api.ts';
import type { PageRequest, Rows } from '../http/caller.ts';
import { type DecisionRow, type Page, type Store, StoreError } from '../store/store.ts';
import { decisionView, eventView, tradeView } from './api-views.ts';

/** What happened, from the store, as the API shows it. Null: the cursor is not one the list gave. */
export class StoredHistory {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  trades(page: PageRequest): Promise<Rows<TradeView> | null> {
    return shown(this.store.listTrades(page), tradeView);
  }

  events(page: PageRequest): Promise<Rows<EventView> | null> {
    return shown(this.store.listEvents(page), eventView);
  }

  decisions(page: DecisionRequest, instrumentId: string | null): Promise<Rows<DecisionView> | null> {
    const { limit, cursor, outcome } = page;
    const ofInstrument = instrumentId === null ? {} : { instrumentId };
    const ofOutcome = outcome === null ? {} : { outcome };
    return shown(this.store.listDecisions({ limit, cursor, ...ofInstrument, ...ofOutcome }), storedDecision);
  }

  /** The newest of one instrument. */
  async decisionsOf(instrumentId: string, limit: number): Promise<DecisionView[]> {
    if (limit === 0) return [];
    const { rows } = await this.store.listDecisions({ limit, cursor: null, instrumentId });
    return rows.map(storedDecision);
  }
}

async function shown<Row, View>(
  reading: Promise<Page<Row>>,
  view: (row: Row) => View,
): Promise<Rows<View> | null> {
  try {
    const { rows, nextCursor } = await reading;
    return { rows: rows.map(view), nextCursor };
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'cursor') return null;
    throw error;
  }
}

function storedDecision(row: DecisionRow): DecisionView {
  return decisionView(JSON.parse(row.recordJson) as DecisionRecord);
}
