import { type Decimal, decimal } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import type { MatchingEvent } from '../../src/core/matching/account-state.ts';
import type { TradingAccount } from '../../src/core/matching/trading-account.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import type { BookStore } from '../../src/venue/books/book-store.ts';
import { VenueClient } from '../../src/venue/fault/venue-client.ts';
import type { VenueResponse } from '../../src/venue/request.ts';
import { createVenue, type Venue } from '../../src/venue/venue.ts';
import { MemoryBooks } from '../fixture/memory-books.ts';
import { bookLines, compareBooks, fullBooks } from './book-lines.ts';
import { drawFault } from './fault-draw.ts';
import { type AuditCounts, MoneyAudit } from './money-audit.ts';
import { OrderDraw } from './order-draw.ts';
import { WALK_INSTRUMENTS } from './walk-instruments.ts';
import { WalkMarket } from './walk-market.ts';
import { WireDraw } from './wire-draw.ts';

/** What a walk went through, so that one that proves nothing is seen. */
export interface WalkReport extends AuditCounts {
  readonly steps: number;
  readonly requests: number;
  readonly refusals: number;
  readonly faults: number;
  readonly strikes: number;
  readonly restarts: number;
  /** The money of every account and every name given, at the end. */
  readonly trace: string;
}

export interface WalkOptions {
  readonly seed: number;
  readonly steps: number;
  /** How many of a thousand steps bring a fault; all end with a restart. */
  readonly faultsPerMille: number;
  /** Before how many of a thousand steps the venue is killed and started again on its books. */
  readonly restartsPerMille: number;
  /** Sees the venue after every step; another one after a restart. */
  readonly look?: (venue: Venue, time: VirtualTime) => void;
}

const START_MS = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const WALLET = 2000;
const UIDS = ['1001', '1002', '1003'] as const;
/** Whose money moves. */
export const ACCOUNTS = UIDS.map((uid) => ({
  apiKey: `key-${uid}`,
  apiSecret: `secret-${uid}`,
  uid,
  walletUsdt: WALLET,
}));
const NO_ANSWER: VenueResponse = { status: 0, headers: {}, body: '' };

/**
 * Walks so many random steps through a whole venue: prices, orders by hand and by wire, money, instruments' lives,
 * faults, kills. Every fill is held against the book it was made from, every account's money is added up a second
 * time after every step, and at every kill the books are compared with what they are of. Throws at the first step
 * that does not hold, with seed and step.
 */
export async function walkVenue(options: WalkOptions): Promise<WalkReport> {
  const walk = new Walk(options);
  for (let step = 0; step < options.steps; step += 1) {
    try {
      await walk.step();
    } catch (error) {
      throw new Error(`seed ${options.seed}, step ${step}`, { cause: error });
    }
  }
  return walk.report();
}

class Walk {
  private readonly options: WalkOptions;
  private readonly random: Rng;
  private readonly time = new VirtualTime(START_MS);
  private readonly market = new WalkMarket(WALK_INSTRUMENTS);
  private readonly store = new MemoryBooks();
  private readonly audit = new MoneyAudit();
  private readonly orderOf = new Map<string, string>();
  private readonly draw: OrderDraw;
  private readonly wire: WireDraw;
  private readonly counts = { requests: 0, refusals: 0, faults: 0, strikes: 0, restarts: 0 };
  private life = 0;
  private venue: Venue;

  constructor(options: WalkOptions) {
    this.options = options;
    this.random = rng(seedOf(options.seed, 'venue walk'));
    this.draw = new OrderDraw(this.random, WALK_INSTRUMENTS, (id) => this.lastPrice(id));
    this.wire = new WireDraw(this.random, this.draw);
    for (const each of WALK_INSTRUMENTS) this.quote(each, 100);
    this.venue = this.open();
  }

  async step(): Promise<void> {
    const drawn = this.random.next();
    await this.time.advance(drawn < 0.002 ? 8 * HOUR_MS : 1000);
    const { faultsPerMille, restartsPerMille } = this.options;
    if (this.random.next() * 1000 < restartsPerMille) this.restart();
    if (this.random.next() * 1000 < faultsPerMille) this.trouble();
    this.move();
    this.venue.advance();
    const account = this.account();
    if (drawn < 0.45) this.request(account);
    else if (drawn < 0.75) this.order(account);
    else if (drawn < 0.85) this.manage(account);
    for (const each of this.venue.floor.accounts()) this.audit.check(each, this.time.nowMs() - START_MS);
    this.audit.compareSides();
    this.options.look?.(this.venue, this.time);
  }

  report(): WalkReport {
    const { floor } = this.venue;
    const trace = floor.accounts().map((account) => {
      const { orderSequence, fillSequence } = account.records();
      const last = account.fills()[0]?.fillId ?? '';
      return `${account.uid} ${account.ledger.balance.toFixed()} ${orderSequence} ${fillSequence} ${last}`;
    });
    return { steps: this.options.steps, ...this.audit.counts, ...this.counts, trace: trace.join('; ') };
  }

  /** A killed venue's timers may still run here, as they could not: what they do must not reach the books. */
  private open(): Venue {
    this.life += 1;
    const life = this.life;
    const books: BookStore = {
      load: () => this.store.load(),
      save: (changes) => {
        if (life === this.life) this.store.save(changes);
      },
    };
    const venue = createVenue({
      market: this.market,
      time: this.time,
      accounts: ACCOUNTS,
      limits: { isOn: false },
      seed: this.options.seed,
      books,
      onStrike: () => {
        this.counts.strikes += 1;
      },
    });
    venue.floor.listen({
      onMarket: () => undefined,
      onAccount: (account, events) => {
        if (life === this.life) this.note(account, events);
      },
    });
    return venue;
  }

  private note(account: TradingAccount, events: readonly MatchingEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'order' || event.order.clientOrderId === '') continue;
      const name = `${account.uid} ${event.order.clientOrderId}`;
      const known = this.orderOf.get(name) ?? event.order.orderId;
      if (known !== event.order.orderId) throw new Error(`two orders are called ${name}`);
      this.orderOf.set(name, known);
    }
    this.audit.note(account, events, (id) => this.bookOf(id));
  }

  private bookOf(id: string) {
    const listed = WALK_INSTRUMENTS.find((each) => each.id === id);
    return listed === undefined ? null : this.venue.floor.book(listed.id);
  }

  private restart(): void {
    this.venue.faults.removeAll();
    const before = bookLines(this.store.load());
    compareBooks('the books are behind', before, fullBooks(this.venue));
    const saves = this.store.saves;
    this.counts.restarts += 1;
    this.venue = this.open();
    compareBooks('the books brought back something else', before, fullBooks(this.venue));
    if (this.store.saves !== saves) throw new Error('coming back changed the books');
  }

  private trouble(): void {
    this.counts.faults += 1;
    if (this.random.next() < 0.1) this.venue.faults.removeAll();
    const fault = drawFault(this.random, ['BTCUSDT', 'ETHUSDT', 'XRPUSDT']);
    const begun = this.venue.faults.add(fault);
    if (!begun.ok) throw new Error(begun.error);
  }

  private move(): void {
    const listed = this.draw.pick(WALK_INSTRUMENTS);
    const last = this.lastPrice(listed.id).toNumber();
    const size = this.random.next() < 0.02 ? 0.3 : 0.01;
    const pull = (100 - last) / 5000;
    this.quote(listed, Math.min(400, Math.max(20, last * (1 + size * this.random.normal() + pull))));
  }

  private quote(listed: Instrument, price: number): void {
    const onTick = (value: number): number => Math.max(0.5, Math.round(value * 10) / 10);
    const basis = this.random.next() < 0.01 ? 0.03 : 0.001;
    const lastPrice = onTick(price);
    this.market.set(listed.id, {
      lastPrice,
      markPrice: onTick(price * (1 + basis * this.random.normal())),
      indexPrice: onTick(price * (1 + 0.0005 * this.random.normal())),
      askPrice: onTick(lastPrice + (this.random.next() < 0.3 ? 2 : 0.1)),
      topQuantity: 0.001 + this.random.next() * (this.random.next() < 0.2 ? 0.5 : 50),
    });
  }

  private lastPrice(id: Instrument['id']): Decimal {
    return decimal(this.market.quote(id)?.lastPrice ?? 100);
  }

  private account(): TradingAccount {
    return this.venue.floor.account(this.draw.pick(UIDS));
  }

  private request(account: TradingAccount): void {
    const { method, path, fields } = this.wire.request(account);
    const answer: { response: VenueResponse } = { response: NO_ANSWER };
    const client = new VenueClient({
      accounts: ACCOUNTS,
      clock: this.time,
      answer: (request) => {
        this.venue.receive(request, (delivery) => {
          if (delivery.kind === 'reply') answer.response = delivery.response;
        });
        return answer.response;
      },
    });
    this.counts.requests += 1;
    const { retCode } =
      method === 'get'
        ? client.get(account.uid, path, textsOf(fields))
        : client.post(account.uid, path, fields);
    if (retCode !== 0) this.counts.refusals += 1;
  }

  private order(account: TradingAccount): void {
    const open = account.openOrders();
    const drawn = this.random.next();
    const placement = this.draw.placement(account);
    const chosen = open.length === 0 ? null : this.draw.pick(open);
    this.venue.floor.act(account, (acting) => {
      if (chosen !== null && (open.length > 20 || drawn < 0.2)) acting.cancel(chosen.orderId);
      else if (this.venue.floor.book(placement.instrumentId) !== null) acting.place(placement);
    });
  }

  /** An account without money gets some, so that the walk goes on. */
  private manage(account: TradingAccount): void {
    const drawn = this.random.next();
    const { id } = this.draw.pick(WALK_INSTRUMENTS);
    const key = { instrumentId: id, positionIndex: this.draw.pick([0, 1, 2] as const) };
    const signed = decimal(Math.round(this.random.normal() * 20_000)).dividedBy(100);
    const isPoor = account.ledger.balance.lessThan(100);
    this.venue.floor.act(account, (acting): unknown => {
      if (isPoor) return acting.transfer('transfer-in', decimal(WALLET));
      if (drawn < 0.3) return acting.setLeverage(id, decimal(this.draw.pick([1, 3, 5, 20, 50, 100])));
      if (drawn < 0.45) return acting.setMarginMode(this.draw.pick(['cross', 'isolated'] as const));
      if (drawn < 0.65) return acting.addMargin(key, signed);
      if (drawn < 0.7) return acting.setAddsCollateral(key, signed.isPositive());
      if (drawn < 0.8) return acting.setHedged(drawn < 0.72 ? null : id, signed.isPositive());
      return acting.transfer(signed.isPositive() ? 'transfer-in' : 'transfer-out', signed);
    });
  }
}

function textsOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
