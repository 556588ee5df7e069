import { assert, ensure } from '../core/base/assert.ts';
import { type Decimal, decimal, ZERO } from '../core/base/decimal.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { ApprovedOrder, Direction } from '../core/domain/order.ts';
import type { AmendStop, CancelOrder } from '../core/engine/decision.ts';
import type { AccountSnapshot, EngineEvent, OrderUpdate } from '../core/engine/event.ts';
import type { MatchingEvent } from '../core/matching/account-state.ts';
import type { Book } from '../core/matching/book.ts';
import type { MatchingOrder } from '../core/matching/matching-order.ts';
import { type MatchingPosition, unrealisedPnl } from '../core/matching/matching-position.ts';
import { TradingAccount } from '../core/matching/trading-account.ts';
import { accountReading } from './account-reading.ts';
import { bears, type PriceBounds } from './bears.ts';
import { engineEventOf } from './exchange-events.ts';
import { type Hit, levelOf, nextHit } from './levels.ts';
import { bookAt, heldOf, type Listed } from './listed.ts';
import type { BacktestOptions } from './options.ts';
import { PastFunding } from './past-funding.ts';
import { pastPlacement } from './past-placement.ts';

const BPS = 10_000;

/**
 * The exchange of a walk through the past: `core/matching` with prices set from outside. Market orders fill at the
 * price of the moment made worse by the slippage; stops act at their level, or at the price that jumped over it.
 */
export class PastExchange {
  nowMs: number;
  private readonly account: TradingAccount;
  private readonly listed = new Map<InstrumentId, Listed>();
  /** Instruments with a position or an order. */
  private readonly active = new Map<InstrumentId, Listed>();
  private readonly slippage: number;
  private names = 0;
  private wallet: number;
  private readonly fundings = new PastFunding();

  constructor(options: BacktestOptions, startMs: number) {
    this.nowMs = startMs;
    this.slippage = options.slippageBps / BPS;
    this.wallet = options.equityUsdt;
    const nextName = (): string => {
      this.names += 1;
      return `past${this.names}`;
    };
    this.account = new TradingAccount({
      uid: 'past',
      deposit: decimal(options.equityUsdt),
      feeRates: { taker: decimal(options.feeTakerRate), maker: decimal(options.feeMakerRate) },
      desk: {
        nowMs: () => this.nowMs,
        book: (id) => this.bookOf(id),
        nextOrderId: nextName,
        nextFillId: nextName,
      },
    });
  }

  /** Lists an instrument, or changes its rules. */
  list(instrument: Instrument, price: number): void {
    const tick = instrument.tickSize.toNumber();
    this.listed.set(instrument.id, {
      instrument,
      tick,
      price,
      book: null,
      levels: [],
      held: null,
      leverage: 1,
      reading: null,
    });
  }

  /** Instruments in which the account has a position or an order, in the order in which they came. */
  activeIds(): readonly InstrumentId[] {
    return [...this.active.keys()];
  }

  isActive(id: InstrumentId): boolean {
    return this.active.has(id);
  }

  /** How many instruments a position is held in. */
  get heldCount(): number {
    let count = 0;
    for (const { held } of this.active.values()) if (held !== null) count += 1;
    return count;
  }

  /** Null without a position. */
  directionOf(id: InstrumentId): Direction | null {
    return this.listedOf(id).held?.direction ?? null;
  }

  /** Sets the price of the moment; nothing acts on it until `touch`. */
  quote(id: InstrumentId, price: number): void {
    const listed = this.listedOf(id);
    if (listed.price === price) return;
    listed.price = price;
    listed.book = null;
  }

  priceOf(id: InstrumentId): number {
    return this.listedOf(id).price;
  }

  /** Where the price meets the account's next order on its way to `to`; null when it meets none. */
  nextHit(id: InstrumentId, to: number, jumps: boolean): Hit | null {
    const { levels, price } = this.listedOf(id);
    return levels.length === 0 ? null : nextHit(levels, { from: price, to, jumps });
  }

  /** Lets the orders of an instrument act on the price of the moment. A resting order needs no slippage to be met. */
  touch(id: InstrumentId, resting: boolean): readonly EngineEvent[] {
    const listed = this.listedOf(id);
    if (resting) listed.book = bookAt(listed, 0, this.nowMs);
    this.account.followQuote(id);
    if (resting) listed.book = null;
    return this.drain();
  }

  /** Takes an order at the price of the moment, the leverage of an entry set before it. */
  place(order: ApprovedOrder): readonly EngineEvent[] {
    if (order.kind === 'entry') this.setLeverage(order.instrumentId, order.leverage);
    const placed = this.account.place(pastPlacement(order));
    if (placed.ok) return this.drain();
    const { kind: code, detail } = placed.error;
    return [...this.drain(), this.endOf(order, { state: 'rejected', code, detail })];
  }

  private setLeverage(id: InstrumentId, leverage: number): void {
    const set = this.account.setLeverage(id, decimal(leverage));
    if (set.ok || set.error.kind === 'leverage-not-modified') this.listedOf(id).leverage = leverage;
  }

  /** Takes an order back; one that has ended already stays as it is. */
  cancel({ clientOrderId }: CancelOrder): readonly EngineEvent[] {
    const order = this.account.openOrders().find((open) => open.clientOrderId === clientOrderId);
    if (order !== undefined) this.account.cancel(order.orderId);
    return this.drain();
  }

  /** Moves the stops of a position. False when the exchange refuses, as it does for a stop beyond the price. */
  amendStop({ instrumentId, stopPrice, takeProfitPrice }: AmendStop): boolean {
    const set = this.account.setStops({
      instrumentId,
      positionIndex: 0,
      ...(stopPrice === null ? {} : { stopLoss: { price: stopPrice, by: 'mark' } as const }),
      ...(takeProfitPrice === null ? {} : { takeProfit: { price: takeProfitPrice, by: 'last' } as const }),
    });
    this.drain();
    return set.ok || set.error.kind === 'not-modified';
  }

  /** Pays funding in an instrument at the price of the moment. */
  payFunding(id: InstrumentId, rate: number): readonly EngineEvent[] {
    this.account.payFunding(ensure(this.bookOf(id), 'Funding is paid in a listed instrument.'), rate);
    return this.drain();
  }

  /** Settles what is open in an instrument whose candles end, at its last price. */
  settle(id: InstrumentId): readonly EngineEvent[] {
    this.account.settleDelisted(ensure(this.bookOf(id), 'What is settled was listed.'));
    return this.drain();
  }

  /** Liquidates the account when it is due; looked at with numbers first, for it hardly ever is. */
  liquidateIfDue(): readonly EngineEvent[] {
    const { equity, maintenance } = this.numbers();
    const first = this.active.keys().next();
    if (first.done === true || equity > maintenance * 1.01) return [];
    this.account.followQuote(first.value);
    return this.drain();
  }

  /** True when nothing of the account acts at any price of these stretches; all that is held is among them. */
  bears(stretches: readonly PriceBounds[]): boolean {
    return bears(stretches, { wallet: this.wallet, listed: (id) => this.listedOf(id) });
  }

  /** Wallet and unrealised profit at the prices of the moment, as a number for curves. */
  equity(): number {
    return this.numbers().equity;
  }

  /** The same, exact. */
  exactEquity(): Decimal {
    return this.account.margin().equity;
  }

  /** What funding has cost so far; negative when more was received. */
  get funding(): Decimal {
    return this.fundings.total;
  }

  /** Losses beyond the account's money that a real exchange's fund would have borne. */
  insurance(): Decimal {
    const borne = this.account.ledger.postings().filter(({ kind }) => kind === 'insurance');
    return borne.reduce((sum, { amount }) => sum.plus(amount), ZERO);
  }

  /** What an open position has made so far, fees taken off, funding left out. */
  openPnl(position: MatchingPosition): Decimal {
    const { instrumentId, realisedPnl } = position;
    const open = unrealisedPnl(position, decimal(this.priceOf(instrumentId)));
    return open.plus(realisedPnl).plus(this.fundings.ofOpen(instrumentId));
  }

  /** Funding paid for the position of an instrument that has just ended; told once. */
  takeFunding(id: InstrumentId): Decimal {
    return this.fundings.take(id);
  }

  openPositions(): readonly MatchingPosition[] {
    return this.account.openPositions();
  }

  /** The account as an exchange states it now. */
  snapshot(): AccountSnapshot {
    return accountReading({
      timeMs: this.nowMs,
      account: this.account,
      listed: (id) => this.listedOf(id),
    });
  }

  private numbers(): { readonly equity: number; readonly maintenance: number } {
    let [equity, maintenance] = [this.wallet, 0];
    for (const { held, price } of this.active.values()) {
      if (held === null) continue;
      equity += (price - held.entryPrice) * held.quantity * held.sign;
      maintenance += price * held.quantity * held.maintenanceRate;
    }
    return { equity, maintenance };
  }

  private drain(): readonly EngineEvent[] {
    const happened = this.account.drainEvents();
    const events: EngineEvent[] = [];
    const changed = new Set<InstrumentId>();
    for (const event of happened) {
      const told = engineEventOf(event, this.nowMs);
      if (told !== null) events.push(told);
      const id = instrumentOf(event);
      if (id !== null) changed.add(id);
      if (event.kind === 'fill' && event.fill.execution === 'funding')
        this.fundings.note(event.fill.instrumentId, event.fill.fee);
    }
    if (happened.length > 0) this.wallet = this.account.ledger.balance.toNumber();
    for (const id of changed) this.refresh(id);
    return events;
  }

  private refresh(id: InstrumentId): void {
    const listed = this.listedOf(id);
    const position = this.account.position({ instrumentId: id, positionIndex: 0 });
    const orders = this.account.openOrders().filter((order) => order.instrumentId === id);
    listed.levels = orders.flatMap((order: MatchingOrder) => levelOf(order) ?? []);
    listed.held = position.quantity.isZero() ? null : heldOf(position, listed.instrument);
    listed.reading = null;
    if (listed.held === null) this.fundings.end(id);
    if (listed.held === null && orders.length === 0) this.active.delete(id);
    else this.active.set(id, listed);
  }

  private endOf(order: ApprovedOrder, end: Pick<OrderUpdate, 'state' | 'code' | 'detail'>): OrderUpdate {
    const { clientOrderId, instrumentId } = order;
    return { kind: 'order-update', timeMs: this.nowMs, clientOrderId, instrumentId, ...end };
  }

  private bookOf(id: InstrumentId): Book | null {
    const listed = this.listed.get(id);
    if (listed === undefined) return null;
    listed.book ??= bookAt(listed, this.slippage, this.nowMs);
    return listed.book;
  }

  private listedOf(id: InstrumentId): Listed {
    const listed = this.listed.get(id);
    assert(listed !== undefined, `${id} is listed.`);
    return listed;
  }
}

function instrumentOf(event: MatchingEvent): InstrumentId | null {
  if (event.kind === 'order') return event.order.instrumentId;
  if (event.kind === 'fill') return event.fill.instrumentId;
  return event.kind === 'position' ? event.position.instrumentId : null;
}
