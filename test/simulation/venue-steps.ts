import { type Decimal, decimal } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { directionSign, type Side } from '../../src/core/domain/order.ts';
import { Book, type RestingOffer } from '../../src/core/matching/book.ts';
import { InsuranceFund } from '../../src/core/matching/insurance-fund.ts';
import { TradingAccount } from '../../src/core/matching/trading-account.ts';
import { deleverageUnpaid } from '../../src/venue/deleveraging.ts';
import { type AuditCounts, MoneyAudit } from './money-audit.ts';
import { OrderDraw } from './order-draw.ts';
import { WALK_INSTRUMENTS } from './walk-instruments.ts';

/** What a walk went through, so that one that proves nothing is seen. */
export interface StepReport extends AuditCounts {
  readonly steps: number;
  readonly refusals: number;
}

const START_MS = 1_700_000_000_000;
const WALLET = 2000;

/** Some accounts at an exchange of three contracts, and everything that may happen to them, drawn from a seed. */
class Walk {
  readonly accounts: readonly TradingAccount[];
  readonly fund = new InsuranceFund(decimal(500));
  readonly books = new Map<string, Book>();
  private readonly random: Rng;
  private readonly draw: OrderDraw;
  private readonly audit = new MoneyAudit();
  private nowMs = START_MS;
  private names = 0;
  private refusals = 0;

  constructor(seed: number) {
    this.random = rng(seedOf(seed, 'venue steps'));
    this.draw = new OrderDraw(
      this.random,
      WALK_INSTRUMENTS,
      (id) => this.books.get(id)?.lastPrice ?? decimal(100),
    );
    for (const listed of WALK_INSTRUMENTS) this.quote(listed, 100);
    const desk = {
      nowMs: () => this.nowMs,
      book: (id: string) => this.books.get(id) ?? null,
      nextOrderId: () => this.name('order'),
      nextFillId: () => this.name('fill'),
      insurance: this.fund,
    };
    const feeRates = { taker: decimal('0.00055'), maker: decimal('0.0002') };
    this.accounts = ['1', '2', '3'].map(
      (uid) => new TradingAccount({ uid, deposit: decimal(WALLET), feeRates, desk }),
    );
  }

  book(instrumentId: string): Book | null {
    return this.books.get(instrumentId) ?? null;
  }

  step(): void {
    this.nowMs += 1000;
    const drawn = this.random.next();
    if (drawn < 0.45) this.move();
    else if (drawn < 0.8) this.order(this.account());
    else this.manage(this.account(), this.random.next());
    deleverageUnpaid({ fund: this.fund, accounts: () => this.accounts, book: (id) => this.book(id) });
    for (const account of this.accounts)
      this.audit.look(account, this.nowMs - START_MS, (id) => this.book(id));
    this.audit.compareSides();
  }

  report(steps: number): StepReport {
    return { steps, ...this.audit.counts, refusals: this.refusals };
  }

  private name(kind: string): string {
    this.names += 1;
    return `${kind}-${this.names}`;
  }

  private account(): TradingAccount {
    return this.pick(this.accounts);
  }

  private pick<T>(list: readonly T[]): T {
    return this.draw.pick(list);
  }

  /** Mostly small steps; sometimes a jump that leaves whole accounts behind. */
  private move(): void {
    const listed = this.pick(WALK_INSTRUMENTS);
    const last = this.books.get(listed.id)?.lastPrice.toNumber() ?? 100;
    const size = this.random.next() < 0.02 ? 0.3 : 0.01;
    const pull = (100 - last) / 5000;
    this.quote(listed, Math.min(400, Math.max(20, last * (1 + size * this.random.normal() + pull))));
    for (const account of this.accounts) account.followQuote(listed.id);
  }

  private quote(listed: Instrument, price: number): void {
    const onTick = (value: number): number => Math.max(0.5, Math.round(value * 10) / 10);
    const basis = this.random.next() < 0.01 ? 0.03 : 0.001;
    const last = onTick(price);
    const quote = {
      timeMs: this.nowMs,
      lastPrice: last,
      markPrice: onTick(price * (1 + basis * this.random.normal())),
      indexPrice: onTick(price * (1 + 0.0005 * this.random.normal())),
      bidPrice: last,
      askPrice: onTick(last + (this.random.next() < 0.3 ? 2 : 0.1)),
      topQuantity: 0.001 + this.random.next() * (this.random.next() < 0.2 ? 0.5 : 50),
    };
    this.books.set(listed.id, new Book(listed, quote, (taker) => this.offers(listed, taker)));
  }

  private offers(listed: Instrument, taker: Side): readonly RestingOffer[] {
    const sign = taker === 'buy' ? 1 : -1;
    return this.accounts
      .flatMap((account) => account.offers(listed.id, taker))
      .sort((a, b) => a.price.comparedTo(b.price) * sign);
  }

  private order(account: TradingAccount): void {
    const open = account.openOrders();
    const drawn = this.random.next();
    if (open.length > 20 || (drawn < 0.15 && open.length > 0)) {
      account.cancel(this.pick(open).orderId);
    } else if (drawn < 0.25 && open.length > 0) {
      const chosen = this.pick(open);
      this.note(
        account.amend(chosen.orderId, {
          quantity: this.draw.quantity(),
          price: this.draw.priceNear(chosen.instrumentId),
        }),
      );
    } else {
      this.note(account.place(this.draw.placement(account)));
    }
  }

  private manage(account: TradingAccount, drawn: number): void {
    const listed = this.pick(WALK_INSTRUMENTS);
    const key = { instrumentId: listed.id, positionIndex: this.pick([0, 1, 2] as const) };
    const signed = decimal(Math.round(this.random.normal() * 20_000)).dividedBy(100);
    if (drawn < 0.25) this.payFundings(listed);
    else if (drawn < 0.4)
      this.note(account.setLeverage(listed.id, decimal(this.pick([1, 3, 5, 20, 50, 100]))));
    else if (drawn < 0.5) this.note(account.setMarginMode(this.pick(['cross', 'isolated'] as const)));
    else if (drawn < 0.65) this.note(account.addMargin(key, signed));
    else if (drawn < 0.7) this.note(account.setAddsCollateral(key, this.random.next() < 0.5));
    else if (drawn < 0.75) this.note(account.setHedged(listed.id, this.random.next() < 0.5));
    else if (drawn < 0.9) this.pay(account, signed);
    else if (drawn < 0.98) this.guard(account);
    else this.deliver(listed);
  }

  private payFundings(listed: Instrument): void {
    const book = this.books.get(listed.id);
    if (book === undefined) return;
    const rate = Math.round(this.random.normal() * 2000) / 1e6;
    for (const account of this.accounts) account.payFunding(book, rate);
  }

  /** An account without money gets some, so that the walk goes on. */
  private pay(account: TradingAccount, amount: Decimal): void {
    const isPoor = account.ledger.balance.lessThan(100);
    const kind = isPoor || amount.isPositive() ? 'transfer-in' : 'transfer-out';
    this.note(account.transfer(kind, isPoor ? decimal(WALLET) : amount));
  }

  private guard(account: TradingAccount): void {
    for (const { instrumentId, positionIndex, direction } of account.openPositions()) {
      const last = this.books.get(instrumentId)?.lastPrice ?? decimal(100);
      const price = last.minus(
        decimal(1 + this.random.integer(50))
          .dividedBy(10)
          .times(directionSign(direction)),
      );
      const trailingStop = this.random.next() < 0.3 ? { distance: decimal(2), activePrice: null } : null;
      this.note(
        account.setStops({ instrumentId, positionIndex, stopLoss: { price, by: 'mark' }, trailingStop }),
      );
    }
  }

  private deliver(listed: Instrument): void {
    const book = this.books.get(listed.id);
    if (book === undefined) return;
    for (const account of this.accounts) account.settleDelisted(book);
  }

  private note(outcome: { readonly ok: boolean }): void {
    if (!outcome.ok) this.refusals += 1;
  }
}

/**
 * Walks so many random steps through orders, prices, funding, margin and transfers, and audits every account
 * after each. Throws at the first step whose money does not add up.
 */
export function walkVenueSteps(seed: number, steps: number): StepReport {
  const walk = new Walk(seed);
  for (let step = 0; step < steps; step += 1) {
    try {
      walk.step();
    } catch (error) {
      throw new Error(`seed ${seed}, step ${step}`, { cause: error });
    }
  }
  return walk.report(steps);
}
