import { type Decimal, decimalText } from '../../../core/base/decimal.ts';
import type { Instrument, InstrumentStatus } from '../../../core/domain/instrument.ts';
import type { Side } from '../../../core/domain/order.ts';
import type { Timeframe } from '../../../core/domain/timeframe.ts';
import type { ExecutionKind } from '../../../core/matching/account-state.ts';
import type { PriceKind } from '../../../core/matching/book.ts';
import type {
  EndReason,
  MatchingOrder,
  MatchingOrderStatus,
  OrderOrigin,
  SelfMatchRule,
  TimeInForce,
} from '../../../core/matching/matching-order.ts';
import type { TabledInstrument } from '../../market/instrument-table.ts';

/** The only category this exchange trades; all others are listed empty. */
export const CATEGORY = 'linear';
/** The only coin accounts hold and contracts settle in. */
export const SETTLE_COIN = 'USDT';
export const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const;

export const SIDES: Readonly<Record<Side, 'Buy' | 'Sell'>> = { buy: 'Buy', sell: 'Sell' };

export const INSTRUMENT_STATUSES: Readonly<Record<InstrumentStatus, string>> = {
  'pre-launch': 'PreLaunch',
  trading: 'Trading',
  delivering: 'Delivering',
  closed: 'Closed',
};

const ORDER_STATUSES: Readonly<Record<MatchingOrderStatus, string>> = {
  open: 'New',
  'partly-filled': 'PartiallyFilled',
  filled: 'Filled',
  cancelled: 'Cancelled',
  untriggered: 'Untriggered',
  deactivated: 'Deactivated',
};

export const TIMES_IN_FORCE: Readonly<Record<TimeInForce, string>> = {
  'good-till-cancel': 'GTC',
  'immediate-or-cancel': 'IOC',
  'fill-or-kill': 'FOK',
  'post-only': 'PostOnly',
};

export const TRIGGERS_BY: Readonly<Record<PriceKind, string>> = {
  last: 'LastPrice',
  mark: 'MarkPrice',
  index: 'IndexPrice',
};

export const SELF_MATCHES: Readonly<Record<SelfMatchRule, string>> = {
  none: 'None',
  'cancel-maker': 'CancelMaker',
  'cancel-taker': 'CancelTaker',
  'cancel-both': 'CancelBoth',
};

export const CREATE_TYPES: Readonly<Record<OrderOrigin, string>> = {
  user: 'CreateByUser',
  conditional: 'CreateByStopOrder',
  'stop-loss': 'CreateByStopLoss',
  'take-profit': 'CreateByTakeProfit',
  'trailing-stop': 'CreateByTrailingStop',
  'partial-stop-loss': 'CreateByPartialStopLoss',
  'partial-take-profit': 'CreateByPartialTakeProfit',
  liquidation: 'CreateByLiq',
  'take-over': 'CreateByTakeOver_PassThrough',
  deleveraging: 'CreateByAdl_PassThrough',
  delivery: 'CreateBySettle',
};

export const STOP_ORDER_TYPES: Readonly<Record<OrderOrigin, string>> = {
  user: '',
  conditional: 'Stop',
  'stop-loss': 'StopLoss',
  'take-profit': 'TakeProfit',
  'trailing-stop': 'TrailingStop',
  'partial-stop-loss': 'PartialStopLoss',
  'partial-take-profit': 'PartialTakeProfit',
  liquidation: '',
  'take-over': '',
  deleveraging: '',
  delivery: '',
};

const EXECUTION_TYPES: Readonly<Record<ExecutionKind, string>> = {
  trade: 'Trade',
  funding: 'Funding',
  liquidation: 'BustTrade',
  deleveraging: 'AdlTrade',
  delivery: 'Delivery',
};

const CANCEL_TYPES: Readonly<Record<EndReason, string>> = {
  'by-user': 'CancelByUser',
  'no-liquidity': 'UNKNOWN',
  'would-take': 'UNKNOWN',
  'reduce-only': 'CancelByReduceOnly',
  'position-closed': 'CancelByTpSlTsClear',
  'twin-fired': 'CancelByTpSlTsClear',
  'self-match': 'CancelBySmp',
  'margin-short': 'UNKNOWN',
  'prepare-liquidation': 'CancelByPrepareLiq',
  liquidation: 'CancelAllBeforeLiq',
  deleveraging: 'CancelAllBeforeAdl',
  delisted: 'CancelBySettle',
};

const REJECT_REASONS: Readonly<Record<EndReason, string>> = {
  'by-user': 'EC_PerCancelRequest',
  'no-liquidity': 'EC_NoImmediateQtyToFill',
  'would-take': 'EC_PostOnlyWillTakeLiquidity',
  'reduce-only': 'EC_NoError',
  'position-closed': 'EC_NoError',
  'twin-fired': 'EC_NoError',
  'self-match': 'EC_NoError',
  'margin-short': 'EC_Others',
  'prepare-liquidation': 'EC_NoError',
  liquidation: 'EC_NoError',
  deleveraging: 'EC_NoError',
  delisted: 'EC_NoError',
};

/** Bybit's intervals by its own names; weeks and months are not served. */
export const INTERVALS: ReadonlyMap<string, Timeframe> = new Map([
  ['1', '1m'],
  ['3', '3m'],
  ['5', '5m'],
  ['15', '15m'],
  ['30', '30m'],
  ['60', '1h'],
  ['120', '2h'],
  ['240', '4h'],
  ['360', '6h'],
  ['720', '12h'],
  ['D', '1d'],
]);

/** An order's status; one whose margin was gone at its trigger is rejected. */
export function orderStatus(order: MatchingOrder): string {
  return order.endReason === 'margin-short' ? 'Rejected' : ORDER_STATUSES[order.status];
}

/** What an execution is called. A liquidation in the book is an ordinary trade of an extraordinary order. */
export function executionType(execution: ExecutionKind, order: MatchingOrder | null): string {
  return order?.origin === 'liquidation' ? EXECUTION_TYPES.trade : EXECUTION_TYPES[execution];
}

/** Who or what ended an order. */
export function cancelType(order: MatchingOrder): string {
  return order.endReason === null ? 'UNKNOWN' : CANCEL_TYPES[order.endReason];
}

export function rejectReason(order: MatchingOrder): string {
  return order.endReason === null ? 'EC_NoError' : REJECT_REASONS[order.endReason];
}

/** A price with as many places as the tick has; empty for none. */
export function priceText(price: Decimal | number | null | undefined, instrument: Instrument): string {
  if (price === null || price === undefined) return '';
  return price.toFixed(instrument.tickSize.decimalPlaces());
}

/** A quantity with as many places as the step has. */
export function quantityText(quantity: Decimal | number, instrument: Instrument): string {
  return quantity.toFixed(instrument.quantityStep.decimalPlaces());
}

/** Money or an average with at most ten places, no trailing zeros. */
export function moneyText(value: Decimal): string {
  return decimalText(toMoney(value));
}

/** Money as it is told. */
export function toMoney(value: Decimal): Decimal {
  return value.toDecimalPlaces(10);
}

/** The base coin as Bybit spells it, multiplier and all. */
export function baseCoin(instrument: TabledInstrument): string {
  if (instrument.listedAs !== undefined) return instrument.listedAs.baseCoin;
  return instrument.exchangeSymbol.slice(0, -instrument.quote.length);
}
