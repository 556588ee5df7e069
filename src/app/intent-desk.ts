import { z } from 'zod';
import type { IntentFileView, IntentView } from '../api/intent.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import type { Rows } from '../http/caller.ts';
import type { IntentRequest, IntentsApi } from '../http/intents-api.ts';
import type { EvidenceRow, IntentRow } from '../store/intent-row.ts';
import { type Store, StoreError } from '../store/store.ts';
import { findInstrumentId } from './coin-board.ts';
import type { TradingService } from './trading-service.ts';

/** The intent journal as HTTP sees it. */
export class IntentDesk implements IntentsApi {
  private readonly trading: TradingService;
  private readonly store: Store;

  constructor(options: { readonly trading: TradingService; readonly store: Store }) {
    this.trading = options.trading;
    this.store = options.store;
  }

  async list({ limit, cursor, state, symbol }: IntentRequest): Promise<Rows<IntentView> | null> {
    const instrumentId = symbol === null ? null : this.named(symbol);
    if (symbol !== null && instrumentId === null) return { rows: [], nextCursor: null };
    try {
      const { rows, nextCursor } = await this.store.intents.list({
        ...{ limit, cursor },
        ...(state === null ? {} : { state }),
        ...(instrumentId === null ? {} : { instrumentId }),
      });
      return { rows: rows.map(intentView), nextCursor };
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'cursor') return null;
      throw error;
    }
  }

  async find(id: string): Promise<IntentFileView | null> {
    const file = await this.store.intents.find(id);
    return file === null
      ? null
      : { intent: intentView(file.intent), evidence: file.evidence.map(evidenceView) };
  }

  /** One that is no longer listed may still have its orders, under its full name. */
  private named(symbol: string): InstrumentId | null {
    return findInstrumentId(this.trading, symbol) ?? parseInstrumentId(symbol.toUpperCase());
  }
}

function intentView(row: IntentRow): IntentView {
  const { accountId, clientOrderId, instrumentId, referencePrice, timeframe, entryRsi, entryTrend, ...rest } =
    row;
  return { id: clientOrderId, symbol: instrumentId, ...rest };
}

const saidSchema = z.record(z.string(), z.unknown());

function evidenceView({ timeMs, kind, evidenceJson }: EvidenceRow): IntentFileView['evidence'][number] {
  return { timeMs, kind, said: saidSchema.parse(JSON.parse(evidenceJson)) };
}
