import type { Brand } from '../base/brand.ts';
import type { Decimal } from '../base/decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { MarginMode } from './margin-mode.ts';
import type { Timeframe } from './timeframe.ts';
import type { Trend } from './trend.ts';

/** Of an order. */
export type Side = 'buy' | 'sell';
/** Of a position. */
export type Direction = 'long' | 'short';

/** Ours, at most 32 letters and digits: every exchange takes it. A function of account, epoch and intent number. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;

/** Why an order is sent. */
export type OrderPurpose = 'entry' | ExitReason;

/** Why a position ends, as far as we know. `exchange-stop` and below are read from the venue's fills. */
export const EXIT_REASONS = [
  'stop-loss',
  'take-profit',
  'partial-take-profit',
  'trailing-stop',
  'break-even',
  'time-limit',
  'rsi-exit',
  'trend-flip',
  'funding',
  'delisting',
  'manual',
  'late-fill',
  'stop-unconfirmed',
  'exchange-stop',
  'exchange-take-profit',
  'liquidation',
  'deleveraging',
  'delivery',
  'external',
] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

interface OrderRequestBase {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  /** Whose position: needed in hedge mode, informative in one-way mode. */
  readonly direction: Direction;
  readonly quantity: Decimal;
  readonly purpose: OrderPurpose;
}

/** A price that an order waits for in the book. */
export interface LimitTerms {
  /** The worst price it takes, on the instrument's tick. */
  readonly price: Decimal;
  /** True: the exchange takes it back where it would meet the book at once. */
  readonly postOnly: boolean;
}

/** An order that can add exposure. It carries its stop, so that no position is born without one. */
export interface EntryRequest extends OrderRequestBase {
  readonly kind: 'entry';
  readonly purpose: 'entry';
  readonly leverage: number;
  /** Margin mode of the account the entry is meant for. */
  readonly marginMode: MarginMode;
  readonly stopPrice: Decimal;
  readonly takeProfitPrice: Decimal | null;
  /** Null: a market order. */
  readonly limit: LimitTerms | null;
  /** The first order of the ladder it is a rung of; null for an entry alone. */
  readonly ladderId: ClientOrderId | null;
  /** Price the size was computed at, for the record. */
  readonly referencePrice: Decimal;
  /** What the signal was read from: the exit rules of the position follow it. */
  readonly timeframe: Timeframe;
  readonly rsi: number | null;
  readonly trend: Trend | null;
}

/** An order that can only reduce a position. */
export interface ExitRequest extends OrderRequestBase {
  readonly kind: 'exit';
  readonly purpose: ExitReason;
  readonly reduceOnly: true;
}

/** A wish; nothing can send it. */
export type OrderRequest = EntryRequest | ExitRequest;

/** What the executor accepts. Only `core/risk/approve.ts` mints it. */
export type ApprovedOrder = Brand<OrderRequest & { readonly clientOrderId: ClientOrderId }, 'ApprovedOrder'>;

/** One that enters. */
export type ApprovedEntry = Extract<ApprovedOrder, { kind: 'entry' }>;

/** Life of an order at the exchange, in our words. */
export type OrderStatus = 'open' | 'partly-filled' | 'filled' | 'cancelled' | 'rejected' | 'untriggered';

/** An order as the exchange reports it. `clientOrderId` is null for orders that are not ours. */
export interface Order {
  readonly exchangeOrderId: string;
  readonly clientOrderId: string | null;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly kind: 'market' | 'limit';
  readonly status: OrderStatus;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly price: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly reduceOnly: boolean;
  /** The exchange's own reason when rejected or cancelled; empty otherwise. */
  readonly reason: string;
  readonly updatedMs: number;
  /** When the exchange took it; left out: it does not tell. */
  readonly createdMs?: number;
}

/** One execution. `fee` > 0 is paid. Unique by `fillId`. */
export interface Fill {
  readonly fillId: string;
  readonly exchangeOrderId: string;
  readonly clientOrderId: string | null;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal;
  readonly maker: boolean;
  /** Who caused the order, for the exit reason: ours by id, or the exchange's own creation type. */
  readonly cause: FillCause;
  readonly timeMs: number;
}

/** Who caused the order of a fill, as far as the exchange tells. */
export type FillCause =
  | 'user'
  | 'stop-loss'
  | 'take-profit'
  | 'liquidation'
  | 'deleveraging'
  | 'delivery'
  | 'funding'
  | 'other';

/** The side that opens a position in `direction`. */
export function entrySide(direction: Direction): Side {
  return direction === 'long' ? 'buy' : 'sell';
}

/** The side that closes a position in `direction`. */
export function exitSide(direction: Direction): Side {
  return direction === 'long' ? 'sell' : 'buy';
}

/** +1 for long, -1 for short: the sign of the profit of a rising price. */
export function directionSign(direction: Direction): 1 | -1 {
  return direction === 'long' ? 1 : -1;
}

/** Null unless 1-36 letters, digits, dashes or underscores: the union of what exchanges return. */
export function parseClientOrderId(text: string): ClientOrderId | null {
  return /^[A-Za-z0-9_-]{1,36}$/.test(text) ? (text as ClientOrderId) : null;
}
