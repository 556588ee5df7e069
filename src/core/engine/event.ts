import type { Decimal } from '../base/decimal.ts';
import type { Candle } from '../domain/candle.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { MarginMode } from '../domain/margin-mode.ts';
import type { ClientOrderId, Direction, Fill, Order } from '../domain/order.ts';
import type { AccountBalance, ExchangePosition, RestingStop, Transfer } from '../domain/position.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { InstrumentPatch, TradingSettings } from './settings.ts';
import type { InstrumentPatches } from './settings-document.ts';

/**
 * Everything the engine can learn. A closed union: commands come through the same door as the market.
 * `timeMs` is the time of arrival, stamped by the loop that owns the clock; the engine knows no other time.
 */
export type EngineEvent =
  | CandleClosed
  | CandleHistory
  | PriceTick
  | OrderUpdate
  | FillReceived
  | AccountSnapshot
  | PositionsStated
  | StopRefused
  | CommandReceived
  | TimerFired
  | FeedLost
  | FeedRestored
  | InstrumentChanged
  | LeaseTaken
  | EntriesAllowed;

interface EventBase {
  readonly timeMs: number;
}

/** A candle of a streamed series closed. Exactly one per instrument, timeframe and open time. */
export interface CandleClosed extends EventBase {
  readonly kind: 'candle-closed';
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly candle: Candle;
}

/** Closed candles, ascending and gap-free: replaces what is known of that series (backfill, gap repair). */
export interface CandleHistory extends EventBase {
  readonly kind: 'candle-history';
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly candles: readonly Candle[];
}

/** What a ticker of the exchange tells of one instrument. Prices in quote currency. */
export interface PriceTick extends EventBase {
  readonly kind: 'price';
  readonly instrumentId: InstrumentId;
  readonly lastPrice: number;
  readonly markPrice: number;
  /** Quote-currency turnover of 24 hours: the liquidity that ranks candidates. */
  readonly turnover24h: number;
  /** Best prices of the book; null where a side is empty or the source tells none. */
  readonly bidPrice: number | null;
  readonly askPrice: number | null;
  /** Paid by a long to a short per funding interval, as a rate; null where the source tells none. */
  readonly fundingRate: number | null;
}

/** What became of an order of ours: the exchange's word, or that it is not known yet. */
export interface OrderUpdate extends EventBase {
  readonly kind: 'order-update';
  readonly clientOrderId: ClientOrderId;
  readonly instrumentId: InstrumentId;
  readonly state: 'accepted' | 'filled' | 'cancelled' | 'rejected' | 'not-placed' | 'unknown';
  /** Exchange code or our own; empty when all is well. */
  readonly code: string;
  readonly detail: string;
  /** What the gate refused it for, with the numbers; left out: it did not. */
  readonly refusal?: Refusal;
  /** How much of it has filled in all, as the exchange counts; null or left out: it was not told. */
  readonly filledQuantity?: Decimal | null;
}

/** An execution in the account, ours or not; told again after a doubt, booked once. */
export interface FillReceived extends EventBase {
  readonly kind: 'fill';
  readonly fill: Fill;
}

/**
 * The account as the exchange states it. `positions` is its list, every page; what it lacks of ours is in doubt, and
 * over only by its fills, or where `confirmed` says the same for long enough.
 */
export interface AccountSnapshot extends EventBase {
  readonly kind: 'account-snapshot';
  readonly asOfMs: number;
  readonly balance: AccountBalance;
  readonly positions: readonly ExchangePosition[];
  /**
   * Instruments of ours of which the list states less than our fills add up to, all fills read, and on which the
   * exchange bears the list out: asked for by their names, and by the margin its wallet counts for all positions.
   * Left out: none.
   */
  readonly confirmed?: readonly InstrumentId[];
  /** Every stop that rests for a position, whoever set it; null: not known; left out: not asked for. */
  readonly stops?: readonly RestingStop[] | null;
  /**
   * Every order that rests, whoever placed it, but the stops and take-profits of positions, with the exchange's time of
   * that list; null: not known; left out: not asked for.
   */
  readonly orders?: RestingOrders | null;
  /** Of the whole account; null: not known; left out: not asked for. */
  readonly marginMode?: MarginMode | null;
  /** All of the 24 hours until `asOfMs` at least; null: not known; left out: the source knows of no transfers. */
  readonly transfers?: readonly Transfer[] | null;
}

/**
 * The exchange's list of positions alone, ahead of the rest of the account, which may take longer or fail: the stops of
 * what it states are kept by it. What it lacks says nothing.
 */
export interface PositionsStated extends EventBase {
  readonly kind: 'positions-stated';
  readonly asOfMs: number;
  readonly positions: readonly ExchangePosition[];
}

/** A complete list of what rests. */
export interface RestingOrders {
  readonly asOfMs: number;
  readonly rows: readonly Order[];
}

/** The exchange has refused to set a stop, by a definite word: it was not set. */
export interface StopRefused extends EventBase {
  readonly kind: 'stop-refused';
  readonly instrumentId: InstrumentId;
  /** The exchange's own. */
  readonly code: string;
  readonly detail: string;
  /** Refused for its kind or its address, not for its price: any other stop would be, too. */
  readonly unsupported: boolean;
}

export interface CommandReceived extends EventBase {
  readonly kind: 'command';
  readonly commandId: string;
  /** Who asked: a user name, a token id, or `system`. */
  readonly actor: string;
  readonly reason: string;
  readonly command: Command;
}

/** What a person, a script or the system may ask of the engine. */
export type Command =
  | { readonly kind: 'enable-auto-bot' }
  | { readonly kind: 'disable-auto-bot' }
  | {
      readonly kind: 'configure';
      /** Those of all instruments. */
      readonly settings: TradingSettings;
      /** What single instruments do otherwise; left out, none does. */
      readonly instruments?: InstrumentPatches;
      readonly version: number;
    }
  | {
      readonly kind: 'create-bot';
      readonly instrumentId: InstrumentId;
      readonly direction: Direction | null;
      /** What the bot does otherwise than its instrument; left out, nothing. */
      readonly settings?: InstrumentPatch;
    }
  | {
      readonly kind: 'configure-bot';
      readonly instrumentId: InstrumentId;
      /** Replaces what the bot did otherwise. */
      readonly settings: InstrumentPatch;
    }
  | { readonly kind: 'start-bot'; readonly instrumentId: InstrumentId }
  | { readonly kind: 'stop-bot'; readonly instrumentId: InstrumentId }
  | { readonly kind: 'delete-bot'; readonly instrumentId: InstrumentId }
  | {
      readonly kind: 'enter';
      readonly instrumentId: InstrumentId;
      readonly direction: Direction;
      /** True: whatever the filters say. False: only where the signal and all filters agree. */
      readonly force: boolean;
    }
  | { readonly kind: 'close-position'; readonly instrumentId: InstrumentId }
  /** A foreign position becomes ours as the newest reading of the account states it. */
  | {
      readonly kind: 'adopt-position';
      readonly instrumentId: InstrumentId;
      /** Exchange time of the reading that was made for this command: an older one decides nothing. */
      readonly readMs: number;
      /** What that reading stated: another quantity since then decides nothing either. Null: it stated none. */
      readonly quantity: Decimal | null;
      /** When it was opened, as its fills tell; null: they do not, the time of the command counts. */
      readonly openedMs: number | null;
      /** Fees of what is held, as far as its fills tell; zero where they do not. */
      readonly fees: Decimal;
    }
  /** A foreign position is told no more until it changes. */
  | { readonly kind: 'ignore-position'; readonly instrumentId: InstrumentId }
  /** Entries go on where an order came as a surprise. */
  | { readonly kind: 'unfreeze-instrument'; readonly instrumentId: InstrumentId }
  /** A position of ours becomes foreign: nothing of ours guards it any more. */
  | { readonly kind: 'disown-position'; readonly instrumentId: InstrumentId };

/** `entry-pass`: rank the candidates and take free slots. `protect`: re-check stops and overdue orders. */
export interface TimerFired extends EventBase {
  readonly kind: 'timer';
  readonly name: 'entry-pass' | 'protect';
  /** Instruments of which one may signal an entry, for who knows that no other does; left out, all are looked at. */
  readonly among?: readonly InstrumentId[];
}

/** One series of one instrument, or, with both null, the whole feed. A null `timeframe`: all of the instrument's. */
export interface FeedLost extends EventBase {
  readonly kind: 'feed-lost';
  readonly instrumentId: InstrumentId | null;
  readonly timeframe: Timeframe | null;
  readonly reason: string;
}

export interface FeedRestored extends EventBase {
  readonly kind: 'feed-restored';
  readonly instrumentId: InstrumentId | null;
  readonly timeframe: Timeframe | null;
}

export interface InstrumentChanged extends EventBase {
  readonly kind: 'instrument';
  readonly instrument: Instrument;
}

/** The fenced lease of the account: its epoch is part of every client order id from now on. */
export interface LeaseTaken extends EventBase {
  readonly kind: 'lease';
  readonly accountId: string;
  readonly epoch: number;
  /** What tells this process from a copy that took the same epoch; absent in journals from before there were instances. */
  readonly instance?: string | undefined;
}

/** The wiring's word on whether entries may leave at all (place armed, reconciled, not halted). */
export interface EntriesAllowed extends EventBase {
  readonly kind: 'entries-allowed';
  readonly allowed: boolean;
  readonly reason: string;
  /** True: this life of the service allows none any more, and what rests of ladders is taken back at once. */
  readonly final?: boolean;
  /** True: another process has taken the account, and what rests of ladders is its own to take back. */
  readonly leaseLost?: boolean;
  /** True: a person has halted trading, and what rests of ladders is taken back at once. */
  readonly halted?: boolean;
}
