import { assert, ensure } from '../core/base/assert.ts';
import { type Decimal, decimal, ZERO } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Desk, MatchingEvent } from '../core/matching/account-state.ts';
import type { Book } from '../core/matching/book.ts';
import { InsuranceFund } from '../core/matching/insurance-fund.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';
import type { Time } from '../platform/time.ts';
import type { BookStore } from './books/book-store.ts';
import { VenueBooks } from './books/venue-books.ts';
import { deleverageUnpaid } from './deleveraging.ts';
import { DeliveryPrices, type PastDelivery } from './delivery-prices.ts';
import { FeeDesk } from './fee-desk.ts';
import { FundingClock, type PastFunding } from './funding-clock.ts';
import { HourOpens } from './hour-opens.ts';
import { KeyRing } from './key-ring.ts';
import type { MarketSource, Quote } from './market/market-source.ts';
import { openAccounts } from './open-accounts.ts';
import { OrderIds } from './order-ids.ts';
import { OrderRecords } from './order-records.ts';
import { PublicTrades } from './public-trades.ts';
import { QuotedBooks } from './quoted-books.ts';
import { RestingOrders } from './resting-orders.ts';
import type { VenueAccount } from './venue-account.ts';

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
  readonly resting = new RestingOrders(() => this.accounts());
  readonly fund: InsuranceFund;
  private readonly deliveries = new DeliveryPrices();
  private readonly accountsByUid: ReadonlyMap<string, TradingAccount>;
  private readonly books: VenueBooks | null;
  private readonly orderIds: OrderIds;
  private readonly fillIds: OrderIds;
  private readonly nameSeed: number;
  /** Until its first step after a restart. */
  private isBack = false;
  private readonly quotedBooks = new QuotedBooks(this.resting);
  private readonly fundings: FundingClock;
  private readonly hourOpens: HourOpens;
  private readonly listeners: FloorListener[] = [];
  private listed = new Map<string, Instrument>();
  private listedById = new Map<InstrumentId, Instrument>();
  /** Those no longer listed too: what was traded stays in the books. */
  private readonly knownById = new Map<InstrumentId, Instrument>();
  private readonly spelled = new Set<string>();
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
    /** Absent: nothing is kept beyond the process. */
    readonly books?: BookStore;
  }) {
    this.market = options.market;
    this.time = options.time;
    this.keys = new KeyRing(options.accounts);
    this.fundings = new FundingClock(options.market);
    this.publicTrades = new PublicTrades(options.market);
    this.hourOpens = new HourOpens(options.market);
    this.books = options.books === undefined ? null : new VenueBooks(options.books);
    const past =
      this.books?.restore({ fees: this.fees, deliveries: this.deliveries, fundings: this.fundings }) ?? null;
    this.fund = new InsuranceFund(past?.insurance ?? decimal(INSURANCE_USDT));
    this.nameSeed = past?.nameSeed ?? options.seed;
    this.orderIds = new OrderIds(this.nameSeed, 'order', past?.ordersNamed);
    this.fillIds = new OrderIds(this.nameSeed, 'fill', past?.fillsNamed);
    this.market.advance(this.time.nowMs());
    this.refreshListing();
    const desk = this.desk(options.rejectsLate ?? (() => false));
    this.accountsByUid = openAccounts(options.accounts, { desk, fees: this.fees, books: this.books });
    if (past !== null) this.comeBack();
    this.keepBooks();
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

  /** Everything an instrument was ever called here. */
  spellings(): ReadonlySet<string> {
    return this.spelled;
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
    return this.quotedBooks.at(instrument, quote);
  }

  /** The book where it holds something else than the quote says: resting orders, or what is left. Null elsewhere. */
  touchedBook(instrumentId: InstrumentId, quote: Quote): Book | null {
    return this.quotedBooks.isTouched(instrumentId, quote) ? this.book(instrumentId) : null;
  }

  /** Quantity of all long positions at this venue: it has no other traders. */
  openInterest(instrumentId: InstrumentId): Decimal {
    let sum = ZERO;
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
    return this.hourOpens.at(instrumentId, this.nowMs());
  }

  /** Lets an account act, then tells the listeners what came of it. */
  act<T>(account: TradingAccount, action: (account: TradingAccount) => T): T {
    const outcome = action(account);
    this.settle();
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
        this.follow(account, instrumentId, this.isBack || quoted.has(instrumentId));
      }
    }
    this.isBack = false;
    this.settle();
    for (const listener of this.listeners) listener.onMarket(changed);
  }

  /**
   * After a restart: closed orders are gone from the recent list, public trades are told again from the fills, and the
   * next step looks at everything, for what happened to prices meanwhile.
   */
  private comeBack(): void {
    this.isBack = true;
    this.orderRecords.restart(this.nowMs());
    this.publicTrades.resume(this.accounts().flatMap((account) => account.fills()));
    for (const account of this.accountsByUid.values()) {
      for (const instrumentId of account.interests()) this.book(instrumentId);
    }
  }

  private follow(account: TradingAccount, instrumentId: InstrumentId, quoted: boolean): void {
    const book = this.book(instrumentId);
    if (book === null) {
      const last = this.quotedBooks.lastOf(instrumentId);
      if (last !== undefined) account.settleDelisted(last, this.deliveries.priceOf(last));
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

  /** Only then is anybody told: what was told must be in the books. */
  private settle(): void {
    deleverageUnpaid(this);
    const told = this.accounts().map((account) => ({ account, events: account.drainEvents() }));
    for (const { account, events } of told) {
      this.fees.note(account, events, this.nowMs());
      this.publicTrades.note(events);
      this.resting.note(events);
    }
    this.keepBooks();
    for (const { account, events } of told) {
      if (events.length === 0) continue;
      for (const listener of this.listeners) listener.onAccount(account, events);
    }
  }

  private keepBooks(): void {
    this.books?.save({
      fees: this.fees,
      deliveries: this.deliveries,
      fundings: this.fundings,
      accounts: this.accounts(),
      records: {
        insurance: this.fund.balance,
        nameSeed: this.nameSeed,
        ordersNamed: this.orderIds.given,
        fillsNamed: this.fillIds.given,
      },
    });
  }

  private refreshListing(): void {
    const instruments = this.market.instruments();
    if (instruments.length === this.listed.size && instruments.every((each) => this.isListed(each))) return;
    const traded = [...this.listedById.values()].filter((each) => each.status === 'trading');
    this.listed = new Map(instruments.map((each) => [each.exchangeSymbol, each]));
    this.listedById = new Map(instruments.map((each) => [each.id, each]));
    for (const each of instruments) {
      this.knownById.set(each.id, each);
      this.spelled.add(each.exchangeSymbol);
    }
    this.ended = traded.map(({ id }) => id).filter((id) => this.listedById.get(id)?.status !== 'trading');
    this.departing = instruments.filter((each) => each.deliveryTimeMs !== null);
    assert(this.listed.size === instruments.length, 'Every listed instrument has a spelling of its own.');
  }

  private noteDeliveries(): void {
    for (const instrument of this.departing) {
      const book = this.book(instrument.id);
      if (book !== null) this.deliveries.note(instrument, book, this.nowMs());
    }
    for (const instrumentId of this.ended) {
      const book = this.book(instrumentId) ?? this.quotedBooks.lastOf(instrumentId);
      if (book !== undefined) this.deliveries.end(book, this.nowMs());
    }
    this.ended = [];
  }

  private isListed(instrument: Instrument): boolean {
    return this.listedById.get(instrument.id) === instrument;
  }

  private desk(rejectsLate: () => boolean): Desk {
    return {
      nowMs: () => this.nowMs(),
      book: (instrumentId) => this.book(instrumentId),
      nextOrderId: () => this.orderIds.next(),
      nextFillId: () => this.fillIds.next(),
      insurance: this.fund,
      rejectsLate,
    };
  }
}
