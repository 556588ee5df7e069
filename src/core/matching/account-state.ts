import { type Decimal, decimal, minDecimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { exitSide, type Side } from '../domain/order.ts';
import type { Book } from './book.ts';
import { BoundedLog } from './bounded-log.ts';
import type { InsuranceFund } from './insurance-fund.ts';
import { Ledger } from './ledger.ts';
import type { EndReason, MatchingOrder, OrderOrigin, PositionIndex } from './matching-order.ts';
import { flatPosition, type MatchingPosition } from './matching-position.ts';

/** What sort of event made an execution. */
export type ExecutionKind = 'trade' | 'funding' | 'liquidation' | 'deleveraging' | 'delivery';

/** Whether all positions share the account's money, or each has collateral of its own. */
export type MarginMode = 'cross' | 'isolated';

/** One execution. Money in settlement currency; `fee` > 0 is paid. */
export interface MatchingFill {
  readonly fillId: string;
  /** Counts executions of the account from 1. */
  readonly sequence: number;
  readonly execution: ExecutionKind;
  /** The order after this execution; null for funding, which has none. */
  readonly order: MatchingOrder | null;
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal;
  readonly feeRate: Decimal;
  readonly maker: boolean;
  /** Quantity that closed a position; zero when it only opened. */
  readonly closedQuantity: Decimal;
  /** Profit of the closed part without fees. */
  readonly realisedPnl: Decimal;
  /** Quantity held after this execution; below zero for a short position. */
  readonly heldAfter: Decimal;
  readonly markPrice: Decimal;
  readonly timeMs: number;
  /** The other side of it is a fill of an account here as well. */
  readonly amongAccounts?: true;
}

/** What one order closed: the exchange's record of profit. `pnl` has the fees of both ends taken off. */
export interface ClosedPnl {
  readonly sequence: number;
  readonly order: MatchingOrder;
  readonly execution: ExecutionKind;
  readonly closedQuantity: Decimal;
  readonly entryValue: Decimal;
  readonly exitValue: Decimal;
  readonly openFee: Decimal;
  readonly closeFee: Decimal;
  readonly pnl: Decimal;
  readonly fillCount: number;
  readonly leverage: Decimal;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** What changed in an account, in the order it happened. */
export type MatchingEvent =
  | { readonly kind: 'order'; readonly order: MatchingOrder }
  /** A cancel that came too late: the order is told once more as it stands, filled. */
  | { readonly kind: 'late-cancel'; readonly order: MatchingOrder }
  | { readonly kind: 'fill'; readonly fill: MatchingFill }
  | { readonly kind: 'position'; readonly position: MatchingPosition }
  | { readonly kind: 'wallet' };

/** Fees as rates of the notional. */
export interface FeeRates {
  readonly taker: Decimal;
  readonly maker: Decimal;
}

/** What an account needs from the exchange around it. */
export interface Desk {
  nowMs(): number;
  /** Null for an instrument that is not listed now. */
  book(instrumentId: InstrumentId): Book | null;
  nextOrderId(): string;
  nextFillId(): string;
  /** Takes over what cannot be liquidated otherwise; without one positions are closed at market at any loss. */
  readonly insurance?: InsuranceFund;
  /** True: this order was accepted and is rejected all the same. Asked once for each. */
  rejectsLate?(): boolean;
}

/** Everything an account is. Owned by one `TradingAccount`; the functions of this room change it for it. */
export interface AccountState {
  readonly uid: string;
  feeRates: FeeRates;
  marginMode: MarginMode;
  readonly ledger: Ledger;
  readonly positions: Map<string, MatchingPosition>;
  readonly openOrders: Map<string, MatchingOrder>;
  readonly closedOrders: BoundedLog<MatchingOrder>;
  readonly fills: BoundedLog<MatchingFill>;
  readonly closedPnl: BoundedLog<ClosedPnl>;
  /** Never forgotten: an exchange refuses a client order id for ever. */
  readonly usedClientOrderIds: Set<string>;
  readonly leverage: Map<InstrumentId, Decimal>;
  readonly hedged: Map<InstrumentId, boolean>;
  hedgedByDefault: boolean;
  /** So many of the next cancels of resting orders lose against a fill. */
  cancelRaces: number;
  orderSequence: number;
  fillSequence: number;
  events: MatchingEvent[];
}

/** Closed orders, executions and profit records kept. Older ones are gone, as on an exchange. */
const RECORDS_KEPT = 20_000;
/** What an exchange gives an account that never set its leverage. */
const DEFAULT_LEVERAGE = decimal(10);

/** How an account begins. */
export interface AccountOpening {
  readonly uid: string;
  readonly deposit: Decimal;
  /** When the deposit came, ms; left out, now. */
  readonly depositedMs?: number;
  readonly feeRates: FeeRates;
  readonly desk: Desk;
}

/** An account that holds its deposit and nothing else. */
export function openedAccountState({
  uid,
  deposit,
  depositedMs,
  feeRates,
  desk,
}: AccountOpening): AccountState {
  const state = emptyAccountState(uid, feeRates);
  state.ledger.post({
    kind: 'deposit',
    amount: deposit,
    timeMs: depositedMs ?? desk.nowMs(),
    instrumentId: null,
    orderId: null,
    fillId: null,
  });
  return state;
}

/** An account without anything, not even a deposit. */
export function emptyAccountState(uid: string, feeRates: FeeRates): AccountState {
  return {
    uid,
    feeRates,
    marginMode: 'cross',
    ledger: new Ledger(),
    positions: new Map(),
    openOrders: new Map(),
    closedOrders: new BoundedLog(RECORDS_KEPT),
    fills: new BoundedLog(RECORDS_KEPT),
    closedPnl: new BoundedLog(RECORDS_KEPT),
    usedClientOrderIds: new Set(),
    leverage: new Map(),
    hedged: new Map(),
    hedgedByDefault: false,
    cancelRaces: 0,
    orderSequence: 0,
    fillSequence: 0,
    events: [],
  };
}

/** The position of an instrument and index; a flat one when there never was one. */
export function positionOf(
  state: AccountState,
  desk: Desk,
  key: { readonly instrumentId: InstrumentId; readonly positionIndex: PositionIndex },
): MatchingPosition {
  const found = state.positions.get(positionKey(key));
  return found ?? flatPosition(key.instrumentId, key.positionIndex, desk.nowMs());
}

/** Stores a position and tells of it. */
export function keepPosition(state: AccountState, position: MatchingPosition): void {
  state.positions.set(positionKey(position), position);
  state.events.push({ kind: 'position', position });
}

/** Stores an order where its status belongs and tells of it. */
export function keepOrder(state: AccountState, order: MatchingOrder): void {
  const ended = order.status === 'filled' || order.status === 'cancelled' || order.status === 'deactivated';
  if (ended) {
    state.openOrders.delete(order.orderId);
    state.closedOrders.append(order);
  } else {
    state.openOrders.set(order.orderId, order);
  }
  state.events.push({ kind: 'order', order });
}

/** Ends an order that was not filled whole. An untriggered one is deactivated, any other cancelled. */
export function endOrder(state: AccountState, desk: Desk, order: MatchingOrder, endReason: EndReason): void {
  const status = order.status === 'untriggered' ? 'deactivated' : 'cancelled';
  keepOrder(state, { ...order, status, endReason, updatedMs: desk.nowMs() });
}

/** Open orders of an instrument in order of arrival. */
export function openOrdersOf(state: AccountState, instrumentId: InstrumentId): readonly MatchingOrder[] {
  return [...state.openOrders.values()].filter((order) => order.instrumentId === instrumentId);
}

/** The untriggered stop of this origin that rests for the position; null without one. */
export function protectionOf(
  state: AccountState,
  position: MatchingPosition,
  origin: OrderOrigin,
): MatchingOrder | null {
  for (const order of state.openOrders.values()) {
    const belongs =
      order.instrumentId === position.instrumentId && order.positionIndex === position.positionIndex;
    if (belongs && order.origin === origin && order.status === 'untriggered') return order;
  }
  return null;
}

/** Quantity an order of this side may close; zero when the position is flat or lies on the same side. */
export function reducibleQuantity(position: MatchingPosition, side: Side): Decimal {
  return exitSide(position.direction) === side ? position.quantity : ZERO;
}

/** True when the account holds two positions of this instrument, a long and a short one. */
export function isHedged(state: AccountState, instrumentId: InstrumentId): boolean {
  return state.hedged.get(instrumentId) ?? state.hedgedByDefault;
}

/** The leverage set for the instrument, or the exchange's default. */
export function leverageOf(state: AccountState, instrumentId: InstrumentId, leverageMax: number): Decimal {
  return state.leverage.get(instrumentId) ?? minDecimal(DEFAULT_LEVERAGE, decimal(leverageMax));
}

/** Under which a position is kept. */
export function positionKey(key: {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
}): string {
  return `${key.instrumentId}:${key.positionIndex}`;
}
