import type { CoinClose, DecisionView } from '../api/coin.ts';
import type { EventView, TradeView } from '../api/position.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { DecisionRecord } from '../core/engine/decision.ts';
import type { DecisionRequest } from '../http/bots-api.ts';
import type { PageRequest, Rows } from '../http/caller.ts';
import { type DecisionRow, type Page, type Store, StoreError } from '../store/store.ts';
import { decisionView, eventView, tradeView } from './api-views.ts';
import { judgedCoinClose } from './close-views.ts';

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

  /** The newest of one instrument: what was said at its signals, and every close. */
  async ofInstrument(
    instrumentId: InstrumentId,
    limit: number,
  ): Promise<{ readonly history: DecisionView[]; readonly closes: CoinClose[] }> {
    if (limit === 0) return { history: [], closes: [] };
    const page = { limit, cursor: null };
    const [history, closes] = await Promise.all([
      this.store.listDecisions({ ...page, instrumentId }),
      this.store.closes.judgedOfInstrument(instrumentId, page),
    ]);
    return { history: history.rows.map(storedDecision), closes: closes.rows.map(judgedCoinClose) };
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
