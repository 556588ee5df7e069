import { type Decimal, decimal } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import {
  type AccountOpening,
  type AccountState,
  type ClosedPnl,
  type Desk,
  endOrder,
  type FeeRates,
  isHedged,
  type MarginMode,
  type MatchingEvent,
  type MatchingFill,
  openedAccountState,
  positionOf,
  protectionOf,
} from './account-state.ts';
import { amendOrder, type OrderAmendment } from './amend-order.ts';
import type { Book, RestingOffer } from './book.ts';
import { loseCancelRace } from './cancel-race.ts';
import { followQuote } from './follow-quote.ts';
import { deleverage, settleDelisted } from './force-close.ts';
import { payFunding } from './funding.ts';
import type { Ledger, TransferKind } from './ledger.ts';
import { liquidateIfDue } from './liquidate.ts';
import { bankruptcyPrice, liquidationPrice } from './liquidation-price.ts';
import { type AccountMargin, accountMargin, type PositionMargin, positionMargin } from './margin.ts';
import type { MatchingOrder, OrderOrigin, OrderPlacement, PositionIndex } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import {
  addMargin,
  setAddsCollateral,
  setLeverage,
  setMarginMode,
  transfer,
  withdrawable,
} from './money-actions.ts';
import { placeOrder } from './place-order.ts';
import { setHedged } from './position-mode.ts';
import { previewOrder } from './preview-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';
import { restingOffers } from './resting-offers.ts';
import { type StopsRequest, setStops } from './set-stops.ts';

/** Which position of an account. */
export interface PositionKey {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
}

/**
 * One account at an exchange: its orders, positions and money in one settlement currency.
 * The wallet is the sum of its ledger's postings exactly. Every change is told in `drainEvents`.
 */
export class TradingAccount {
  private readonly state: AccountState;
  private readonly desk: Desk;

  /** Opens an account, or takes up one that is there already. */
  constructor(options: AccountOpening | { readonly state: AccountState; readonly desk: Desk }) {
    this.state = 'state' in options ? options.state : openedAccountState(options);
    this.desk = options.desk;
  }

  get uid(): string {
    return this.state.uid;
  }

  get ledger(): Pick<Ledger, 'balance' | 'carriedBalance' | 'postings'> {
    return this.state.ledger;
  }

  get marginMode(): MarginMode {
    return this.state.marginMode;
  }

  get feeRates(): FeeRates {
    return this.state.feeRates;
  }

  /** Everything the account is, for whoever keeps its books. Nobody changes it there. */
  records(): Readonly<AccountState> {
    return this.state;
  }

  /** What changed since the last call, oldest first. */
  drainEvents(): readonly MatchingEvent[] {
    const events = this.state.events;
    this.state.events = [];
    return events;
  }

  place(placement: OrderPlacement): Result<MatchingOrder, MatchingRefusal> {
    const placed = placeOrder(this.state, this.desk, placement);
    if (!placed.ok) return placed;
    this.tellPosition(placement);
    liquidateIfDue(this.state, this.desk);
    return placed;
  }

  /** Money as it would be with this order; nothing is placed. */
  preview(placement: OrderPlacement): Result<AccountMargin, MatchingRefusal> {
    return previewOrder(this.state, this.desk, placement);
  }

  /** Changes a living order. */
  amend(orderId: string, amendment: OrderAmendment): Result<MatchingOrder, MatchingRefusal> {
    const order = this.state.openOrders.get(orderId);
    if (order === undefined) return err(orderUnknown());
    const amended = amendOrder(this.state, this.desk, order, amendment);
    if (!amended.ok) return amended;
    this.tellPosition(order);
    liquidateIfDue(this.state, this.desk);
    return amended;
  }

  /** Cancels a living order; an order already ended is unknown here, as on an exchange. */
  cancel(orderId: string): Result<MatchingOrder, MatchingRefusal> {
    const order = this.state.openOrders.get(orderId);
    if (order === undefined || order.origin === 'liquidation') return err(orderUnknown());
    const races = this.state.cancelRaces > 0;
    if (races && loseCancelRace(this.state, this.desk, order)) this.state.cancelRaces -= 1;
    else endOrder(this.state, this.desk, order, 'by-user');
    this.tellPosition(order);
    return ok(order);
  }

  /** Lets the next `count` cancels of resting orders come too late: the orders fill, and are told twice as filled. */
  loseCancelRaces(count: number): void {
    this.state.cancelRaces = count;
  }

  /** Sets, moves or takes off the stops of a position. */
  setStops(request: StopsRequest): Result<null, MatchingRefusal> {
    const set = setStops(this.state, this.desk, request);
    if (set.ok) this.tellPosition(request);
    return set;
  }

  /** `leverage` >= 1 up to what the contract and the position's size allow, for new and open positions. */
  setLeverage(instrumentId: InstrumentId, leverage: Decimal): Result<null, MatchingRefusal> {
    return setLeverage(this.state, this.desk, instrumentId, leverage);
  }

  /** Refused when what is open would not have its margin in the other mode. */
  setMarginMode(mode: MarginMode): Result<null, MatchingRefusal> {
    return setMarginMode(this.state, this.desk, mode);
  }

  /** Adds to what an isolated position has set aside, or below zero takes from it. */
  addMargin(key: PositionKey, amount: Decimal): Result<null, MatchingRefusal> {
    return addMargin(this.state, this.desk, this.position(key), amount);
  }

  /** Whether an isolated position takes free money before it is liquidated. */
  setAddsCollateral(key: PositionKey, addsCollateral: boolean): Result<null, MatchingRefusal> {
    return setAddsCollateral(this.state, this.position(key), addsCollateral);
  }

  /** Books money that comes (`amount` > 0) or goes without a trade. */
  transfer(kind: TransferKind, amount: Decimal): Result<null, MatchingRefusal> {
    return transfer(this.state, this.desk, kind, amount);
  }

  /** What may leave the account now. */
  withdrawable(): Decimal {
    return withdrawable(this.state, this.desk);
  }

  setFeeRates(feeRates: FeeRates): void {
    this.state.feeRates = feeRates;
  }

  /** Null for all instruments. Refused while a position or an order is open there. */
  setHedged(instrumentId: InstrumentId | null, hedged: boolean): Result<null, MatchingRefusal> {
    return setHedged(this.state, instrumentId, hedged);
  }

  /** Instruments in which a new quote can change anything here. */
  interests(): ReadonlySet<InstrumentId> {
    const held = this.openPositions().map((position) => position.instrumentId);
    return new Set([...held, ...this.openOrders().map((order) => order.instrumentId)]);
  }

  /**
   * Lets triggers fire, resting orders fill and, if the money is gone, the liquidation run. An exchange with a
   * fund looks at the money first: a stop cannot save what the mark price has taken already.
   */
  followQuote(instrumentId: InstrumentId): void {
    const hasFund = this.desk.insurance !== undefined;
    if (hasFund) liquidateIfDue(this.state, this.desk);
    const told = this.state.events.length;
    followQuote(this.state, this.desk, instrumentId);
    if (!hasFund || this.state.events.length > told) liquidateIfDue(this.state, this.desk);
  }

  payFunding(book: Book, fundingRate: number): void {
    payFunding(this.state, this.desk, book, fundingRate);
    liquidateIfDue(this.state, this.desk);
  }

  /** Ends everything in an instrument; `price` is the last mark price when absent. */
  settleDelisted(book: Book, price?: Decimal): void {
    settleDelisted(this.state, this.desk, book, price);
    liquidateIfDue(this.state, this.desk);
  }

  /** Closes part of a position against a bankrupt one at that one's price; gives the quantity closed. */
  deleverage(
    key: PositionKey,
    deal: { readonly book: Book; readonly quantity: Decimal; readonly price: Decimal },
  ): Decimal {
    const closed = deleverage(this.state, this.desk, this.position(key), deal);
    liquidateIfDue(this.state, this.desk);
    return closed;
  }

  /** In order of arrival. */
  openOrders(): readonly MatchingOrder[] {
    return [...this.state.openOrders.values()];
  }

  /** What resting orders offer to an order of `taker`'s side, the oldest first. */
  offers(instrumentId: InstrumentId, taker: Side): readonly RestingOffer[] {
    return restingOffers(this.state, this.desk, instrumentId, taker);
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

  /** Price that leaves nothing of the money behind the position; null when flat or not quoted. */
  bankruptcyPrice(position: MatchingPosition): Decimal | null {
    const book = this.desk.book(position.instrumentId);
    if (book === null || position.quantity.isZero()) return null;
    return bankruptcyPrice(this.state, this.desk, position, book);
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
