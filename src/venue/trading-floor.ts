import { assert, ensure } from '../core/base/assert.ts';
import { type Decimal, type DecimalInput, decimal } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import { openTimeMsAt } from '../core/domain/timeframe.ts';
import type { Desk, MatchingEvent } from '../core/matching/account-state.ts';
import { Book } from '../core/matching/book.ts';
import { InsuranceFund } from '../core/matching/insurance-fund.ts';
import { TradingAccount } from '../core/matching/trading-account.ts';
import type { Time } from '../platform/time.ts';
import { deleverageUnpaid } from './deleveraging.ts';
import { DeliveryPrices, type PastDelivery } from './delivery-prices.ts';
import { FeeDesk } from './fee-desk.ts';
import { FEE_TIERS } from './fee-tier.ts';
import { FundingClock, type PastFunding } from './funding-clock.ts';
import { KeyRing } from './key-ring.ts';
import type { KeyTerms } from './key-terms.ts';
import type { MarketSource, Quote } from './market/market-source.ts';
import { OrderIds } from './order-ids.ts';
import { OrderRecords } from './order-records.ts';
import { PublicTrades } from './public-trades.ts';

/** An account and one key to it. Several keys of the same `uid` open the same account. */
export interface VenueAccount {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly uid: string;
  /** What the wallet starts with, in USDT. */
  readonly walletUsdt: DecimalInput;
  /** A fee tier it was promised; absent: by its volume. */
  readonly vipLevel?: string;
  /** Absent: may read and trade, from anywhere, for ever. */
  readonly key?: KeyTerms;
}

/** Who wants to know. Called in the order of registration, so pushes come in the same order every time. */
export interface FloorListener {
  /** Quotes of these instruments changed; empty when only time has passed. */
  readonly onMarket: (changed: readonly InstrumentId[]) => void;
  readonly onAccount: (account: TradingAccount, events: readonly MatchingEvent[]) => void;
}

/** Settlement currency the insurance fund starts with. */
const INSURANCE_USDT = 1_000_000;

/**
 * The exchange itself, without any wire protocol: listed instruments, books, accounts. It moves when
 * `advance` is called; actions of accounts go through `act`, so that their events reach the listeners.
 */
export class TradingFloor {
  readonly market: MarketSource;
  readonly time: Time;
  readonly keys: KeyRing;
  readonly fees = new FeeDesk();
  readonly orderRecords = new OrderRecords();
  readonly publicTrades: PublicTrades;
  readonly fund = new InsuranceFund(decimal(INSURANCE_USDT));
  private readonly deliveries = new DeliveryPrices();
  private readonly accountsByUid = new Map<string, TradingAccount>();
  private readonly books = new Map<InstrumentId, { readonly quote: Quote; readonly book: Book }>();
  private readonly fundings: FundingClock;
  private readonly hourOpens = new Map<InstrumentId, { readonly hourMs: number; readonly price: number }>();
  private readonly listeners: FloorListener[] = [];
  private listed = new Map<string, Instrument>();
  private listedById = new Map<InstrumentId, Instrument>();
  /** Those no longer listed too: what was traded stays in the books. */
  private readonly knownById = new Map<InstrumentId, Instrument>();
  private departing: readonly Instrument[] = [];
  /** Those that traded until this listing. */
  private ended: readonly InstrumentId[] = [];

  constructor(options: {
    readonly market: MarketSource;
    readonly time: Time;
    readonly accounts: readonly VenueAccount[];
    readonly seed: number;
    /** Asked for each order that was accepted: true rejects it all the same. */
    readonly rejectsLate?: () => boolean;
  }) {
    this.market = options.market;
    this.time = options.time;
    this.keys = new KeyRing(options.accounts);
    this.fundings = new FundingClock(options.market);
    this.publicTrades = new PublicTrades(options.market);
    const desk = this.desk(options.seed, options.rejectsLate ?? (() => false));
    this.market.advance(this.time.nowMs());
    this.refreshListing();
    for (const { uid, walletUsdt, vipLevel } of options.accounts) {
      if (this.accountsByUid.has(uid)) continue;
      const account = new TradingAccount({
        uid,
        deposit: decimal(walletUsdt),
        // It had its money before it came here: none of that was moved in on the first day.
        depositedMs: openTimeMsAt(this.time.nowMs(), '1d') - 1,
        feeRates: FEE_TIERS[0].rates,
        desk,
      });
      this.accountsByUid.set(uid, account);
      if (vipLevel !== undefined)
        assert(this.fees.promise(account, vipLevel), `There is no level ${vipLevel}.`);
    }
  }

  nowMs(): number {
    return this.time.nowMs();
  }

  listen(listener: FloorListener): void {
    this.listeners.push(listener);
  }

  accounts(): readonly TradingAccount[] {
    return [...this.accountsByUid.values()];
  }

  /** Stops for an account that does not exist: keys are checked before. */
  account(uid: string): TradingAccount {
    return ensure(this.accountsByUid.get(uid), `There is no account ${uid}.`);
  }

  /** Every listed instrument by the exchange's spelling, in the market's order. */
  instruments(): ReadonlyMap<string, Instrument> {
    return this.listed;
  }

  /** As it is listed, or as it was listed last; null for one that never was. */
  instrumentOf(instrumentId: InstrumentId): Instrument | null {
    return this.knownById.get(instrumentId) ?? null;
  }

  /** The book at the current quote; null for an instrument that is not listed now. */
  book(instrumentId: InstrumentId): Book | null {
    const instrument = this.listedById.get(instrumentId);
    const quote = this.market.quote(instrumentId);
    if (instrument === undefined || quote === null) return null;
    const known = this.books.get(instrumentId);
    if (known?.book.instrument === instrument && isSameQuote(known.quote, quote)) return known.book;
    const book = new Book(instrument, quote);
    this.books.set(instrumentId, { quote, book });
    return book;
  }

  /** Quantity of all long positions at this venue: it has no other traders. */
  openInterest(instrumentId: InstrumentId): Decimal {
    let sum = decimal(0);
    for (const account of this.accountsByUid.values()) {
      for (const position of account.openPositions()) {
        const counts = position.instrumentId === instrumentId && position.direction === 'long';
        if (counts) sum = sum.plus(position.quantity);
      }
    }
    return sum;
  }

  /** Funding paid at this venue since it was started, newest first. */
  pastFundings(instrumentId: InstrumentId): readonly PastFunding[] {
    return this.fundings.past(instrumentId);
  }

  /** Contracts delivered at this venue since it was started, newest first. */
  pastDeliveries(): readonly PastDelivery[] {
    return this.deliveries.past();
  }

  /** Price at which the current hour opened; null for an instrument without candles. */
  hourOpen(instrumentId: InstrumentId): number | null {
    const hourMs = openTimeMsAt(this.nowMs(), '1h');
    const known = this.hourOpens.get(instrumentId);
    if (known?.hourMs === hourMs) return known.price;
    const range = { instrumentId, timeframe: '1h', startMs: null, endMs: null, limit: 1 } as const;
    const candle = this.market.candles(range)?.at(-1);
    if (candle === undefined) return null;
    this.hourOpens.set(instrumentId, { hourMs, price: candle.open });
    return candle.open;
  }

  /** Lets an account act, then tells the listeners what came of it. */
  act<T>(account: TradingAccount, action: (account: TradingAccount) => T): T {
    const outcome = action(account);
    this.publish(account);
    this.deleverage();
    return outcome;
  }

  /** Moves the market to now: funding, triggers, fills, liquidations, settlements, then the pushes. */
  advance(): void {
    const changed = this.market.advance(this.nowMs());
    this.refreshListing();
    const quoted = new Set(changed);
    this.fundings.advance(this.listedById.keys(), this.nowMs());
    this.fees.review(this.accounts(), this.nowMs());
    this.noteDeliveries();
    for (const account of this.accountsByUid.values()) {
      for (const instrumentId of account.interests()) {
        this.follow(account, instrumentId, quoted.has(instrumentId));
      }
    }
    deleverageUnpaid(this);
    for (const account of this.accountsByUid.values()) this.publish(account);
    for (const listener of this.listeners) listener.onMarket(changed);
  }

  private follow(account: TradingAccount, instrumentId: InstrumentId, quoted: boolean): void {
    const book = this.book(instrumentId);
    if (book === null) {
      const last = this.books.get(instrumentId);
      if (last !== undefined) account.settleDelisted(last.book, this.deliveries.priceOf(last.book));
      return;
    }
    if (book.instrument.status === 'delivering' || book.instrument.status === 'closed') {
      account.settleDelisted(book, this.deliveries.priceOf(book));
      return;
    }
    const dueRate = this.fundings.dueRate(instrumentId);
    if (dueRate !== null) account.payFunding(book, dueRate);
    if (quoted) account.followQuote(instrumentId);
  }

  private publish(account: TradingAccount): void {
    const events = account.drainEvents();
    if (events.length === 0) return;
    this.fees.note(account, events, this.nowMs());
    this.publicTrades.note(events);
    for (const listener of this.listeners) listener.onAccount(account, events);
  }

  private refreshListing(): void {
    const instruments = this.market.instruments();
    if (instruments.length === this.listed.size && instruments.every((each) => this.isListed(each))) return;
    const traded = [...this.listedById.values()].filter((each) => each.status === 'trading');
    this.listed = new Map(instruments.map((each) => [each.exchangeSymbol, each]));
    this.listedById = new Map(instruments.map((each) => [each.id, each]));
    for (const each of instruments) this.knownById.set(each.id, each);
    this.ended = traded.map(({ id }) => id).filter((id) => this.listedById.get(id)?.status !== 'trading');
    this.departing = instruments.filter((each) => each.deliveryTimeMs !== null);
    assert(this.listed.size === instruments.length, 'Every listed instrument has a spelling of its own.');
  }

  /** Only where somebody went bankrupt beyond the fund: hardly ever. */
  private deleverage(): void {
    deleverageUnpaid(this);
    for (const account of this.accountsByUid.values()) this.publish(account);
  }

  private noteDeliveries(): void {
    for (const instrument of this.departing) {
      const book = this.book(instrument.id);
      if (book !== null) this.deliveries.note(instrument, book, this.nowMs());
    }
    for (const instrumentId of this.ended) {
      const book = this.book(instrumentId) ?? this.books.get(instrumentId)?.book;
      if (book !== undefined) this.deliveries.end(book, this.nowMs());
    }
    this.ended = [];
  }

  private isListed(instrument: Instrument): boolean {
    return this.listedById.get(instrument.id) === instrument;
  }

  private desk(seed: number, rejectsLate: () => boolean): Desk {
    const orderIds = new OrderIds(seed, 'order');
    const fillIds = new OrderIds(seed, 'fill');
    return {
      nowMs: () => this.nowMs(),
      book: (instrumentId) => this.book(instrumentId),
      nextOrderId: () => orderIds.next(),
      nextFillId: () => fillIds.next(),
      insurance: this.fund,
      rejectsLate,
    };
  }
}

function isSameQuote(a: Quote, b: Quote): boolean {
  return (
    a.timeMs === b.timeMs &&
    a.lastPrice === b.lastPrice &&
    a.markPrice === b.markPrice &&
    a.indexPrice === b.indexPrice &&
    a.topQuantity === b.topQuantity
  );
}
