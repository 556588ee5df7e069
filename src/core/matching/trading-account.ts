import { type Decimal, decimal, decimalText, ONE } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import {
  type AccountState,
  type ClosedPnl,
  type Desk,
  emptyAccountState,
  endOrder,
  type FeeRates,
  isHedged,
  leverageOf,
  type MatchingEvent,
  type MatchingFill,
  positionOf,
  protectionOf,
} from './account-state.ts';
import { amendOrder, type OrderAmendment } from './amend-order.ts';
import type { Book } from './book.ts';
import { followQuote } from './follow-quote.ts';
import type { Ledger } from './ledger.ts';
import { liquidateIfDue, payFunding, settleDelisted } from './liquidate.ts';
import {
  type AccountMargin,
  accountMargin,
  liquidationPrice,
  type PositionMargin,
  positionMargin,
} from './margin.ts';
import type { MatchingOrder, OrderOrigin, OrderPlacement, PositionIndex } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { placeOrder } from './place-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { type StopsRequest, setStops } from './set-stops.ts';

export interface PositionKey {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
}

/**
 * One account at an exchange: its orders, positions and money, cross margin in one settlement currency.
 * The wallet is the sum of its ledger's postings exactly. Every change is told in `drainEvents`.
 */
export class TradingAccount {
  private readonly state: AccountState;
  private readonly desk: Desk;

  constructor(options: {
    readonly uid: string;
    readonly deposit: Decimal;
    readonly feeRates: FeeRates;
    readonly desk: Desk;
  }) {
    this.state = emptyAccountState(options.uid, options.feeRates);
    this.desk = options.desk;
    this.state.ledger.post({
      kind: 'deposit',
      amount: options.deposit,
      timeMs: options.desk.nowMs(),
      instrumentId: null,
      orderId: null,
      fillId: null,
    });
  }

  get uid(): string {
    return this.state.uid;
  }

  get ledger(): Pick<Ledger, 'balance' | 'carriedBalance' | 'postings'> {
    return this.state.ledger;
  }

  get feeRates(): FeeRates {
    return this.state.feeRates;
  }

  /** What changed since the last call, oldest first. */
  drainEvents(): readonly MatchingEvent[] {
    const events = this.state.events;
    this.state.events = [];
    return events;
  }

  place(placement: OrderPlacement): Result<MatchingOrder, MatchingRefusal> {
    const placed = placeOrder(this.state, this.desk, placement);
    if (placed.ok) this.tellPosition(placement);
    return placed;
  }

  /** Changes a living order. */
  amend(orderId: string, amendment: OrderAmendment): Result<MatchingOrder, MatchingRefusal> {
    const order = this.state.openOrders.get(orderId);
    if (order === undefined) return err(orderUnknown());
    const amended = amendOrder(this.state, this.desk, order, amendment);
    if (amended.ok) this.tellPosition(order);
    return amended;
  }

  /** Cancels a living order; an order already ended is unknown here, as on an exchange. */
  cancel(orderId: string): Result<MatchingOrder, MatchingRefusal> {
    const order = this.state.openOrders.get(orderId);
    if (order === undefined || order.origin === 'liquidation') return err(orderUnknown());
    endOrder(this.state, this.desk, order, 'by-user');
    this.tellPosition(order);
    return ok(order);
  }

  /** Sets, moves or takes off the stops of a position. */
  setStops(request: StopsRequest): Result<null, MatchingRefusal> {
    const set = setStops(this.state, this.desk, request);
    if (set.ok) this.tellPosition(request);
    return set;
  }

  /** `leverage` >= 1 up to the instrument's maximum, for new and open positions of the instrument. */
  setLeverage(instrumentId: InstrumentId, leverage: Decimal): Result<null, MatchingRefusal> {
    const book = this.desk.book(instrumentId);
    if (book === null) return err(refusal('unknown-instrument', `${instrumentId} is not listed`));
    const leverageMax = book.instrument.leverageMax;
    if (leverage.lessThan(ONE) || leverage.greaterThan(leverageMax)) {
      return err(refusal('bad-leverage', `leverage ${decimalText(leverage)} is outside 1 to ${leverageMax}`));
    }
    if (leverageOf(this.state, instrumentId, leverageMax).equals(leverage)) {
      return err(refusal('leverage-not-modified', 'leverage not modified'));
    }
    const before = this.state.leverage.get(instrumentId);
    this.state.leverage.set(instrumentId, leverage);
    const { equity, positionMargin, orderMargin } = this.margin();
    if (equity.greaterThanOrEqualTo(positionMargin.plus(orderMargin))) return ok(null);
    if (before === undefined) this.state.leverage.delete(instrumentId);
    else this.state.leverage.set(instrumentId, before);
    return err(refusal('margin-short', 'available balance is not enough for this leverage'));
  }

  /** Null for all instruments. Refused while a position or an order is open there. */
  setHedged(instrumentId: InstrumentId | null, hedged: boolean): Result<null, MatchingRefusal> {
    const concerns = (id: InstrumentId): boolean => instrumentId === null || id === instrumentId;
    const isSet = instrumentId === null ? this.state.hedgedByDefault : isHedged(this.state, instrumentId);
    if (isSet === hedged) return err(refusal('mode-not-modified', 'Position mode is not modified'));
    if (this.openPositions().some((position) => concerns(position.instrumentId))) {
      return err(refusal('mode-has-position', 'You have an existing position'));
    }
    if (this.openOrders().some((order) => concerns(order.instrumentId))) {
      return err(refusal('mode-has-orders', 'You have existing open orders'));
    }
    if (instrumentId === null) {
      this.state.hedged.clear();
      this.state.hedgedByDefault = hedged;
    } else {
      this.state.hedged.set(instrumentId, hedged);
    }
    return ok(null);
  }

  /** Instruments in which a new quote can change anything here. */
  interests(): ReadonlySet<InstrumentId> {
    const held = this.openPositions().map((position) => position.instrumentId);
    return new Set([...held, ...this.openOrders().map((order) => order.instrumentId)]);
  }

  /** Lets triggers fire, resting orders fill and, if the money is gone, the liquidation run. */
  followQuote(instrumentId: InstrumentId): void {
    followQuote(this.state, this.desk, instrumentId);
    liquidateIfDue(this.state, this.desk);
  }

  payFunding(book: Book, fundingRate: number): void {
    payFunding(this.state, this.desk, book, fundingRate);
    liquidateIfDue(this.state, this.desk);
  }

  settleDelisted(book: Book): void {
    settleDelisted(this.state, this.desk, book);
  }

  /** In order of arrival. */
  openOrders(): readonly MatchingOrder[] {
    return [...this.state.openOrders.values()];
  }

  /** Newest first. */
  closedOrders(): readonly MatchingOrder[] {
    return this.state.closedOrders.newestFirst();
  }

  /** Newest first. */
  fills(): readonly MatchingFill[] {
    return this.state.fills.newestFirst();
  }

  /** Newest first. */
  closedPnl(): readonly ClosedPnl[] {
    return this.state.closedPnl.newestFirst();
  }

  openPositions(): readonly MatchingPosition[] {
    return [...this.state.positions.values()].filter((position) => !position.quantity.isZero());
  }

  /** The position of an instrument and index; a flat one when there is none. */
  position(key: PositionKey): MatchingPosition {
    return positionOf(this.state, this.desk, key);
  }

  /** The resting stop of a position; null without one. */
  protection(position: MatchingPosition, origin: OrderOrigin): MatchingOrder | null {
    return protectionOf(this.state, position, origin);
  }

  isHedged(instrumentId: InstrumentId): boolean {
    return isHedged(this.state, instrumentId);
  }

  margin(): AccountMargin {
    return accountMargin(this.state, this.desk);
  }

  positionMargin(position: MatchingPosition): PositionMargin {
    return positionMargin(this.state, this.desk, position);
  }

  /** Null when flat or when no price liquidates. */
  liquidationPrice(position: MatchingPosition): Decimal | null {
    return liquidationPrice(this.state, this.desk, position);
  }

  /** Profit of all positions ever held, fees and funding taken off. */
  cumulativeRealisedPnl(): Decimal {
    let sum = decimal(0);
    for (const position of this.state.positions.values()) sum = sum.plus(position.cumulativeRealisedPnl);
    return sum;
  }

  /** Exchanges tell of the position at every order action, changed or not. */
  private tellPosition(key: PositionKey): void {
    this.state.events.push({ kind: 'position', position: this.position(key) });
  }
}

function orderUnknown(): MatchingRefusal {
  return refusal('order-unknown', 'order not exists or too late to cancel');
}
