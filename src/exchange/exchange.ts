import type { Decimal } from '../core/base/decimal.ts';
import type { Candle } from '../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { MarginMode } from '../core/domain/margin-mode.ts';
import type { Movement } from '../core/domain/movement.ts';
import type { ClientOrderId, Direction, Fill, Order } from '../core/domain/order.ts';
import type { AccountBalance, ExchangePosition, RestingStop } from '../core/domain/position.ts';
import type { Reading } from '../core/domain/reading.ts';
import type { SendableOrder } from '../core/domain/sendable-order.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';

/**
 * Who goes first when the rate budget is short. `watch`: the reading of positions that stops are kept by, without which
 * nobody knows whether a position is protected.
 */
export const REQUEST_CLASSES = ['protect', 'exit', 'watch', 'entry', 'reconcile', 'scan'] as const;
export type RequestClass = (typeof REQUEST_CLASSES)[number];

/** Prices and statistics of one instrument now; numbers, for statistics and screens. */
export interface Ticker {
  readonly instrumentId: InstrumentId;
  readonly lastPrice: number;
  readonly markPrice: number;
  readonly bidPrice: number | null;
  readonly askPrice: number | null;
  readonly turnover24h: number;
  readonly priceChange24hPct: number | null;
  readonly fundingRate: number | null;
}

/** A candle as served; `closed` is derived, never assumed. */
export interface ServedCandle extends Candle {
  readonly closed: boolean;
}

/** The account's money, with what the wallet itself says is bound by all positions together. */
export interface WalletStatement extends AccountBalance {
  /** Initial margin of all open positions; null or left out: the exchange does not tell it. */
  readonly positionMargin?: Decimal | null;
}

/** A position with the initial margin the exchange counts for it; null or left out: it does not tell it. */
export interface StatedPosition extends ExchangePosition {
  readonly margin?: Decimal | null;
}

/** Candles of one instrument on one timeframe. */
export interface FollowedSeries {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
}

export interface CandleQuery {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  /** Open time of the first candle wanted. */
  readonly startMs: number;
  /** Open time of the last candle wanted. */
  readonly endMs: number;
}

/** What became of a placement. On `unknown` look the order up by its id; never send it again. */
export type PlaceOutcome =
  /** A null id: the exchange has proved that it has the order without naming it. */
  | { readonly kind: 'accepted'; readonly exchangeOrderId: string | null }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | {
      readonly kind: 'unknown';
      readonly detail: string;
      /**
       * Exchange time after which the request cannot be accepted any more, the error of our knowledge of its clock
       * counted in; null: it cannot be told.
       */
      readonly validUntilMs: number | null;
    };

/** What became of a level-triggered change (stop, cancel, leverage): re-read, then ask again if still needed. */
export type ChangeOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

/** `unsupported`: refused for its kind or its address, not for its prices; any stop sent the same way would be. */
export type StopOutcome =
  | ChangeOutcome
  | { readonly kind: 'unsupported'; readonly code: string; readonly detail: string };

/** Levels of a whole position; null leaves the one that rests there untouched. One of the two is not null. */
export interface StopRequest {
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly stopPrice: Decimal | null;
  readonly takeProfitPrice: Decimal | null;
}

/** Connection life of a stream. After `up` everything missed meanwhile must be read by REST. */
export type StreamState =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly detail: string }
  /** Data of one instrument is overdue although the connection lives. */
  | { readonly kind: 'silent'; readonly instrumentId: InstrumentId };

export interface MarketHandlers {
  readonly onCandle: (instrumentId: InstrumentId, timeframe: Timeframe, candle: ServedCandle) => void;
  readonly onTicker: (ticker: Ticker) => void;
  readonly onState: (state: StreamState) => void;
}

/** The live market connection; it reconnects by itself until closed. */
export interface MarketStream {
  /** Replaces the set of followed candles; those already followed go on undisturbed. */
  followCandles(series: readonly FollowedSeries[]): void;
  /** Replaces the set of followed tickers. */
  followTickers(instruments: readonly Instrument[]): void;
  close(): void;
}

/** What the account's stream tells; any of it may be lost or come twice. */
export interface AccountHandlers {
  readonly onOrder: (order: Order) => void;
  readonly onFill: (fill: Fill) => void;
  /** Something about positions or wallet changed: read again. */
  readonly onAccountChanged: () => void;
  readonly onState: (state: StreamState) => void;
}

/** The live account connection; it reconnects by itself until closed. */
export interface AccountStream {
  close(): void;
}

/** How full the rate budget is, for the status page. */
export interface RateUsage {
  readonly usedInWindow: number;
  readonly limitPerWindow: number;
  readonly windowMs: number;
  readonly waiting: number;
  /** Until when nothing may be sent at all; null when free. */
  readonly bannedUntilMs: number | null;
}

/**
 * The port to an exchange. Reads are tri-state and retried inside; placements are sent once.
 * Every call waits for its share of the rate budget. Instruments are known to the adapter after
 * `readInstruments`.
 */
export interface Exchange {
  readonly name: string;
  readTime(): Promise<Reading<number>>;
  /** The exchange's time as far as it is known, on the monotonic clock, UTC ms; the wall clock's until it was measured. */
  timeMs(): number;
  /** Whether the exchange has told its time yet. */
  isTimeKnown(): boolean;
  /** How far `timeMs` may be from the exchange's own time, ms; null: it was not measured yet. */
  clockErrorMs(): number | null;
  readInstruments(): Promise<Reading<readonly Instrument[]>>;
  readTickers(): Promise<Reading<readonly Ticker[]>>;
  /** Prices of one instrument now, for an entry that is about to be sent. */
  readTicker(instrument: Instrument): Promise<Reading<Ticker>>;
  /** Ascending, unique by open time, sound; at most 1,000. */
  readCandles(query: CandleQuery): Promise<Reading<readonly ServedCandle[]>>;
  readBalance(requestClass: RequestClass): Promise<Reading<WalletStatement>>;
  /** All open positions, every page, or unknown. */
  readPositions(requestClass: RequestClass): Promise<Reading<readonly StatedPosition[]>>;
  /**
   * What is held on one instrument, asked for by its name, in either direction. Empty only where the exchange states
   * that nothing is: an answer without a row of the instrument is unknown.
   */
  readHeld(instrument: Instrument, requestClass: RequestClass): Promise<Reading<readonly StatedPosition[]>>;
  /** Every stop that rests for a position, or a part of it, whoever set it. */
  readStops(requestClass: RequestClass): Promise<Reading<readonly RestingStop[]>>;
  readOpenOrders(requestClass: RequestClass): Promise<Reading<readonly Order[]>>;
  /** Every resting order, and those since over that the exchange took at or after `sinceMs`; some may come twice. */
  readOrdersSince(sinceMs: number, requestClass: RequestClass): Promise<Reading<readonly Order[]>>;
  /** Looks in open orders, then in history. Null: both answered and neither has it. */
  findOrder(instrument: Instrument, clientOrderId: ClientOrderId): Promise<Reading<Order | null>>;
  /** The fills of one order of ours, of the last seven days. Empty: the exchange answered and has none. */
  readOrderFills(instrument: Instrument, clientOrderId: ClientOrderId): Promise<Reading<readonly Fill[]>>;
  /** All fills with `sinceMs <= time <= untilMs`, ascending; funding rows left out. */
  readFills(sinceMs: number, untilMs: number): Promise<Reading<readonly Fill[]>>;
  /** All that moved the wallet with `sinceMs <= time <= untilMs`, each once, in any order. */
  readMovements(sinceMs: number, untilMs: number): Promise<Reading<readonly Movement[]>>;
  /** The leverage an entry on this instrument would have. Unknown too when the account is not in one-way mode there. */
  readLeverage(instrument: Instrument): Promise<Reading<number>>;
  /** The margin mode of the whole account. */
  readMarginMode(): Promise<Reading<MarginMode>>;
  /** Takes nothing but what the gate has made sendable; its last word is asked right before the first byte. */
  placeOrder(sendable: SendableOrder, instrument: Instrument): Promise<PlaceOutcome>;
  /** Why the exchange as a whole takes no orders, a sentence; null: it does as far as is known. */
  tradingHalt(): string | null;
  cancelOrder(instrument: Instrument, clientOrderId: ClientOrderId): Promise<ChangeOutcome>;
  /**
   * `mayLeave` is asked right before the first byte with how long from then on the exchange can carry it out, ms: not
   * longer, whatever becomes of the answer; false: it is not sent.
   */
  setStop(request: StopRequest, mayLeave?: (validForMs: number) => boolean): Promise<StopOutcome>;
  setLeverage(instrument: Instrument, leverage: number): Promise<ChangeOutcome>;
  /** Puts the account into one-way position mode. */
  setOneWayMode(): Promise<ChangeOutcome>;
  streamMarket(handlers: MarketHandlers): MarketStream;
  streamAccount(handlers: AccountHandlers): AccountStream;
  rateUsage(): RateUsage;
  close(): void;
}
