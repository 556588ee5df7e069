import { type Decimal, decimal } from '../../src/core/base/decimal.ts';
import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { directionSign } from '../../src/core/domain/order.ts';
import { Book } from '../../src/core/matching/book.ts';
import { InsuranceFund } from '../../src/core/matching/insurance-fund.ts';
import type { OrderPlacement, PositionIndex } from '../../src/core/matching/matching-order.ts';
import { riskTiers, type TieredInstrument } from '../../src/core/matching/risk-tier.ts';
import { TradingAccount } from '../../src/core/matching/trading-account.ts';
import { deleverageUnpaid } from '../../src/venue/deleveraging.ts';
import { instrument } from '../fixture/scripted-market.ts';
import { type AuditCounts, MoneyAudit } from './money-audit.ts';

/** What a walk went through, so that one that proves nothing is seen. */
export interface StepReport extends AuditCounts {
  readonly steps: number;
  readonly refusals: number;
}

const START_MS = 1_700_000_000_000;
const WALLET = 2000;

/** Tiers small enough to be climbed by the accounts of the walk. */
const TIERS = riskTiers([
  { valueMax: decimal(5000), maintenanceRate: decimal('0.005'), leverageMax: decimal(100) },
  { valueMax: decimal(20_000), maintenanceRate: decimal('0.01'), leverageMax: decimal(50) },
  { valueMax: decimal(60_000), maintenanceRate: decimal('0.025'), leverageMax: decimal(20) },
  { valueMax: decimal(200_000), maintenanceRate: decimal('0.1'), leverageMax: decimal(5) },
]);

const LISTED: readonly TieredInstrument[] = [
  { ...instrument('BTCUSDT'), riskTiers: TIERS },
  { ...instrument('ETHUSDT'), riskTiers: TIERS },
  instrument('XRPUSDT'),
];

/** Some accounts at an exchange of three contracts, and everything that may happen to them, drawn from a seed. */
class Walk {
  readonly accounts: readonly TradingAccount[];
  readonly fund = new InsuranceFund(decimal(500));
  readonly books = new Map<string, Book>();
  private readonly random: Rng;
  private readonly audit = new MoneyAudit();
  private nowMs = START_MS;
  private names = 0;
  private refusals = 0;

  constructor(seed: number) {
    this.random = rng(seedOf(seed, 'venue steps'));
    for (const listed of LISTED) this.quote(listed, 100);
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
    const chosen = list[this.random.integer(list.length)];
    if (chosen === undefined) throw new Error('Nothing to choose from.');
    return chosen;
  }

  /** Mostly small steps; sometimes a jump that leaves whole accounts behind. */
  private move(): void {
    const listed = this.pick(LISTED);
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
      askPrice: onTick(last + 0.1),
      topQuantity: 0.001 + this.random.next() * (this.random.next() < 0.2 ? 0.5 : 50),
    };
    this.books.set(listed.id, new Book(listed, quote));
  }

  private order(account: TradingAccount): void {
    const open = account.openOrders();
    const drawn = this.random.next();
    if (open.length > 20 || (drawn < 0.15 && open.length > 0)) {
      account.cancel(this.pick(open).orderId);
    } else if (drawn < 0.25 && open.length > 0) {
      const chosen = this.pick(open);
      this.note(account.amend(chosen.orderId, { quantity: this.quantity(), price: this.priceNear(chosen) }));
    } else {
      this.note(account.place(this.placement(account)));
    }
  }

  private placement(account: TradingAccount): OrderPlacement {
    const listed = this.pick(LISTED);
    const side = this.pick(['buy', 'sell'] as const);
    const kind = this.pick(['market', 'limit'] as const);
    const last = this.books.get(listed.id)?.lastPrice ?? decimal(100);
    const near = this.priceNear({ instrumentId: listed.id });
    const isConditional = this.random.next() < 0.15;
    const direction = near.greaterThan(last) ? 'rise' : 'fall';
    const hedgeIndex: PositionIndex = this.random.next() < 0.5 ? 1 : 2;
    const away = (sign: number): Decimal =>
      last.plus(decimal(sign * (1 + this.random.integer(100))).dividedBy(10));
    const sign = side === 'buy' ? 1 : -1;
    return {
      clientOrderId: '',
      instrumentId: listed.id,
      side,
      kind,
      quantity: this.quantity(),
      price: kind === 'limit' ? near : null,
      timeInForce:
        kind === 'market'
          ? 'immediate-or-cancel'
          : this.pick(['good-till-cancel', 'good-till-cancel', 'post-only', 'fill-or-kill'] as const),
      positionIndex: account.isHedged(listed.id) ? hedgeIndex : 0,
      reduceOnly: this.random.next() < 0.2,
      closeOnTrigger: this.random.next() < 0.05,
      trigger: isConditional
        ? { price: near, direction, by: this.pick(['last', 'mark', 'index'] as const) }
        : null,
      stopLoss: this.random.next() < 0.3 ? { price: away(-sign), by: 'mark' } : null,
      takeProfit: this.random.next() < 0.2 ? { price: away(sign), by: 'last' } : null,
      protectionMode: this.random.next() < 0.3 ? 'partial' : 'full',
      selfMatch: this.pick(['none', 'none', 'cancel-maker', 'cancel-taker', 'cancel-both'] as const),
    };
  }

  private quantity(): Decimal {
    const size = this.random.next() ** 4 * 1500;
    return decimal(Math.max(1, Math.round(size * 1000))).dividedBy(1000);
  }

  private priceNear({ instrumentId }: { readonly instrumentId: string }): Decimal {
    const last = this.books.get(instrumentId)?.lastPrice.toNumber() ?? 100;
    const price = last * (1 + 0.02 * this.random.normal());
    return decimal(Math.max(1, Math.round(price * 10))).dividedBy(10);
  }

  private manage(account: TradingAccount, drawn: number): void {
    const listed = this.pick(LISTED);
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
