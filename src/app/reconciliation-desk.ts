import {
  type DifferenceView,
  differenceSchema,
  type FillView,
  type ReconciliationView,
  type RestingOrderView,
} from '../api/reconciliation.ts';
import { type InstrumentId, parseInstrumentId } from '../core/domain/instrument.ts';
import type { Order } from '../core/domain/order.ts';
import { isOwnOrderId } from '../core/engine/client-order-id.ts';
import { textOrNull } from '../core/engine/state.ts';
import type { Rows } from '../http/caller.ts';
import type {
  DifferenceRequest,
  FillRequest,
  ReconciliationApi,
  RestingOrderRequest,
} from '../http/reconciliation-api.ts';
import type { Time } from '../platform/time.ts';
import type { DifferenceRow } from '../store/difference-row.ts';
import type { FillRow } from '../store/fill-row.ts';
import { type Store, StoreError } from '../store/store.ts';
import { findInstrumentId } from './coin-board.ts';
import type { TradingService } from './trading-service.ts';

const NONE = { rows: [], nextCursor: null };

/** What the exchange's account holds, and whether it is what we hold, as HTTP sees it. */
export class ReconciliationDesk implements ReconciliationApi {
  private readonly trading: TradingService;
  private readonly store: Pick<Store, 'differences' | 'fills'>;
  private readonly time: Time;
  private readonly accountId: string;

  constructor(parts: {
    readonly trading: TradingService;
    readonly store: Pick<Store, 'differences' | 'fills'>;
    readonly time: Time;
    readonly ledger: { readonly accountId: string };
  }) {
    this.trading = parts.trading;
    this.store = parts.store;
    this.time = parts.time;
    this.accountId = parts.ledger.accountId;
  }

  async standing(): Promise<Omit<ReconciliationView, 'rows' | 'nextCursor'>> {
    const { reconciler, sync } = this.trading;
    const { mode, reason } = this.trading.mode();
    const { comparedMs, streak, open } = reconciler.agreement();
    return {
      timeMs: this.time.nowMs(),
      mode,
      modeReason: reason,
      accountAgeMs: sync.ageMs(),
      comparedMs,
      streak,
      failures: sync.failureCount(),
      open: open.map((row) => this.view(row)),
    };
  }

  ended({ kind, symbol, ...page }: DifferenceRequest): Promise<Rows<DifferenceView> | null> {
    return this.inPages(symbol, async (ofInstrument) => {
      const { accountId } = this;
      const ofKind = kind === null ? {} : { kind };
      const found = await this.store.differences.list({
        ...{ ...page, accountId, isOpen: false },
        ...{ ...ofInstrument, ...ofKind },
      });
      return { ...found, rows: found.rows.map((row) => this.view(row)) };
    });
  }

  async orders({ symbol, ours, limit, cursor }: RestingOrderRequest) {
    const listed = this.trading.sync.newestOrders();
    const asOfMs = listed?.asOfMs ?? null;
    const wanted = symbol === null ? null : this.named(symbol);
    const rows = (listed?.value ?? [])
      .filter((order) => symbol === null || order.instrumentId === wanted)
      .map((order) => this.order(order))
      .filter((order) => ours === null || order.ours === ours)
      .toSorted(compareOrders);
    const after = cursor === null ? null : placeOf(cursor);
    if (cursor !== null && after === null) return null;
    const left = after === null ? rows : rows.filter((row) => compareOrders(after, row) < 0);
    const page = left.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = last !== undefined && left.length > limit ? `${last.updatedMs}-${last.id}` : null;
    return { rows: page, nextCursor, asOfMs };
  }

  fills({ symbol, intentId, ...page }: FillRequest): Promise<Rows<FillView> | null> {
    return this.inPages(symbol, async (ofInstrument) => {
      const ofOrder = intentId === null ? {} : { clientOrderId: intentId };
      const found = await this.store.fills.list({ ...page, ...ofInstrument, ...ofOrder });
      return { ...found, rows: found.rows.map(fillView) };
    });
  }

  /** A coin that is not known has nothing. Null: not a cursor of the list. */
  private async inPages<T>(
    symbol: string | null,
    read: (ofInstrument: { readonly instrumentId?: string }) => Promise<Rows<T>>,
  ): Promise<Rows<T> | null> {
    const instrumentId = symbol === null ? null : this.named(symbol);
    if (symbol !== null && instrumentId === null) return NONE;
    try {
      return await read(instrumentId === null ? {} : { instrumentId });
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'cursor') return null;
      throw error;
    }
  }

  /** One that is no longer listed may still have its records, under its full name. */
  private named(symbol: string): InstrumentId | null {
    return findInstrumentId(this.trading, symbol) ?? parseInstrumentId(symbol.toUpperCase());
  }

  private view(row: DifferenceRow): DifferenceView {
    const { instrumentId, differenceId: id, kind, fillIdsJson, resolution, ...rest } = row;
    const held = instrumentId === null ? null : parseInstrumentId(instrumentId);
    const ignored = row.endedMs !== null || held === null ? null : this.trading.engine.ignored(held);
    return differenceSchema.parse({
      ...rest,
      ...{ id, kind, resolution, symbol: instrumentId },
      fillIds: JSON.parse(fillIdsJson),
      offers: row.endedMs === null ? offersOf(kind) : [],
      ignored: ignored === null ? null : { ...ignored },
    });
  }

  private order(order: Order): RestingOrderView {
    const { exchangeOrderId: id, clientOrderId: intentId, instrumentId, averagePrice: _, ...rest } = order;
    const { side, kind, status, reduceOnly, updatedMs } = rest;
    return {
      ...{ id, intentId, symbol: instrumentId, side, kind, status, reduceOnly, updatedMs },
      ours: intentId !== null && isOwnOrderId(intentId, this.accountId),
      quantity: order.quantity.toFixed(),
      filledQuantity: order.filledQuantity.toFixed(),
      price: textOrNull(order.price),
      stopPrice: textOrNull(order.stopPrice),
    };
  }
}

type Place = Pick<RestingOrderView, 'id' | 'updatedMs'>;

/** Newest first. */
function compareOrders(a: Place, b: Place): number {
  return b.updatedMs - a.updatedMs || a.id.localeCompare(b.id);
}

/** A place in the list, and not an order of it: that may be gone before the next page is asked for. */
function placeOf(cursor: string): Place | null {
  const [, updatedMs, id] = /^(\d{1,15})-(.+)$/.exec(cursor) ?? [];
  return id === undefined ? null : { updatedMs: Number(updatedMs), id };
}

function offersOf(kind: string): readonly string[] {
  if (kind === 'position-foreign' || kind === 'side-flipped') return ['adopt', 'ignore'];
  return kind === 'quantity-differs' || kind === 'position-missing' ? ['disown'] : [];
}

function fillView(row: FillRow): FillView {
  const {
    fillId: id,
    clientOrderId: intentId,
    exchangeOrderId: orderId,
    instrumentId: symbol,
    ...rest
  } = row;
  return { ...rest, id, intentId, orderId, symbol };
}
