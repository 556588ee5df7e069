import { type Decimal, decimalText } from '../core/base/decimal.ts';
import type { MarginMode, MatchingFill } from '../core/matching/account-state.ts';
import type { PostingKind } from '../core/matching/ledger.ts';
import { averageFillPrice, type MatchingOrder } from '../core/matching/matching-order.ts';
import { entryPrice, type MatchingPosition } from '../core/matching/matching-position.ts';
import type { TradingAccount } from '../core/matching/trading-account.ts';
import type { MarketState } from './market/market-source.ts';
import type { TradingFloor } from './trading-floor.ts';

/** What the venue knows and its clients do not have to be believed about. Money as decimal text. */
export interface LedgerReport {
  readonly timeMs: number;
  /** Money of the insurance fund. */
  readonly insurance: string;
  readonly accounts: readonly AccountLedger[];
}

/** `walletBalance` = `carriedBalance` + the sum of the postings. */
interface AccountLedger {
  readonly uid: string;
  readonly walletBalance: string;
  readonly carriedBalance: string;
  readonly postings: readonly PostingReport[];
}

interface PostingReport {
  readonly sequence: number;
  readonly timeMs: number;
  readonly kind: PostingKind;
  readonly amount: string;
  readonly instrumentId: string | null;
  readonly orderId: string | null;
  readonly fillId: string | null;
}

export interface StateReport {
  readonly timeMs: number;
  readonly market: { readonly name: string; readonly state: MarketState };
  readonly accounts: readonly AccountReport[];
}

interface AccountReport {
  readonly uid: string;
  readonly walletBalance: string;
  readonly equity: string;
  readonly marginMode: MarginMode;
  readonly openOrders: readonly Record<string, unknown>[];
  readonly closedOrders: readonly Record<string, unknown>[];
  readonly fills: readonly Record<string, unknown>[];
  readonly positions: readonly Record<string, unknown>[];
}

export function ledgerReport(floor: TradingFloor): LedgerReport {
  const accounts = floor.accounts().map((account) => ({
    uid: account.uid,
    walletBalance: decimalText(account.ledger.balance),
    carriedBalance: decimalText(account.ledger.carriedBalance),
    postings: account.ledger.postings().map((posting) => ({
      sequence: posting.sequence,
      timeMs: posting.timeMs,
      kind: posting.kind,
      amount: decimalText(posting.amount),
      instrumentId: posting.instrumentId,
      orderId: posting.orderId,
      fillId: posting.fillId,
    })),
  }));
  return { timeMs: floor.nowMs(), insurance: decimalText(floor.fund.balance), accounts };
}

export function stateReport(floor: TradingFloor): StateReport {
  return {
    timeMs: floor.nowMs(),
    market: { name: floor.market.name, state: floor.market.state() },
    accounts: floor.accounts().map(accountReport),
  };
}

function accountReport(account: TradingAccount): AccountReport {
  const margin = account.margin();
  return {
    uid: account.uid,
    walletBalance: decimalText(margin.walletBalance),
    equity: decimalText(margin.equity),
    marginMode: margin.mode,
    openOrders: account.openOrders().map(orderReport),
    closedOrders: account.closedOrders().map(orderReport),
    fills: account.fills().map(fillReport),
    positions: account.openPositions().map((position) => positionReport(account, position)),
  };
}

function orderReport(order: MatchingOrder): Record<string, unknown> {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    instrumentId: order.instrumentId,
    positionIndex: order.positionIndex,
    side: order.side,
    kind: order.kind,
    origin: order.origin,
    status: order.status,
    endReason: order.endReason,
    reduceOnly: order.reduceOnly,
    quantity: decimalText(order.quantity),
    filledQuantity: decimalText(order.filledQuantity),
    averagePrice: textOrNull(averageFillPrice(order)),
    price: textOrNull(order.price),
    triggerPrice: textOrNull(order.trigger?.price ?? null),
    createdMs: order.createdMs,
    updatedMs: order.updatedMs,
  };
}

function fillReport(fill: MatchingFill): Record<string, unknown> {
  return {
    fillId: fill.fillId,
    execution: fill.execution,
    orderId: fill.order?.orderId ?? null,
    clientOrderId: fill.order?.clientOrderId ?? null,
    origin: fill.order?.origin ?? null,
    instrumentId: fill.instrumentId,
    side: fill.side,
    price: decimalText(fill.price),
    quantity: decimalText(fill.quantity),
    fee: decimalText(fill.fee),
    closedQuantity: decimalText(fill.closedQuantity),
    realisedPnl: decimalText(fill.realisedPnl),
    maker: fill.maker,
    timeMs: fill.timeMs,
  };
}

function positionReport(account: TradingAccount, position: MatchingPosition): Record<string, unknown> {
  const stopOf = (origin: 'stop-loss' | 'take-profit'): string | null =>
    textOrNull(account.protection(position, origin)?.trigger?.price ?? null);
  return {
    instrumentId: position.instrumentId,
    positionIndex: position.positionIndex,
    direction: position.direction,
    quantity: decimalText(position.quantity),
    entryPrice: textOrNull(entryPrice(position)),
    stopPrice: stopOf('stop-loss'),
    takeProfitPrice: stopOf('take-profit'),
    openedMs: position.openedMs,
  };
}

function textOrNull(value: Decimal | null): string | null {
  return value === null ? null : decimalText(value);
}
