import { ZERO } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { ClosedPnl, MatchingFill } from '../../../core/matching/account-state.ts';
import { leavesQuantity } from '../../../core/matching/matching-order.ts';
import {
  CATEGORY,
  CREATE_TYPES,
  executionType,
  moneyText,
  priceText,
  quantityText,
  SETTLE_COIN,
  SIDES,
  STOP_ORDER_TYPES,
} from './words.ts';

/** An execution as `execution/list` lists it. Funding rows carry no order. */
export function fillRow(fill: MatchingFill, instrument: Instrument): Record<string, unknown> {
  const order = fill.order;
  return {
    symbol: instrument.exchangeSymbol,
    orderId: order?.orderId ?? '',
    orderLinkId: order?.clientOrderId ?? '',
    orderType: order?.kind === 'limit' ? 'Limit' : 'Market',
    stopOrderType: order === null ? 'UNKNOWN' : STOP_ORDER_TYPES[order.origin] || 'UNKNOWN',
    createType: order === null ? '' : CREATE_TYPES[order.origin],
    side: SIDES[fill.side],
    orderPrice: priceText(order?.price ?? ZERO, instrument),
    orderQty: quantityText(order?.quantity ?? ZERO, instrument),
    leavesQty: quantityText(order === null ? ZERO : leavesQuantity(order), instrument),
    execId: fill.fillId,
    execType: executionType(fill.execution, order),
    execPrice: priceText(fill.price, instrument),
    execQty: quantityText(fill.quantity, instrument),
    execValue: moneyText(fill.price.times(fill.quantity)),
    execFee: moneyText(fill.fee),
    feeRate: moneyText(fill.feeRate),
    feeCurrency: SETTLE_COIN,
    execTime: String(fill.timeMs),
    isMaker: fill.maker,
    closedSize: fill.closedQuantity.isZero() ? '' : quantityText(fill.closedQuantity, instrument),
    markPrice: priceText(fill.markPrice, instrument),
    indexPrice: '',
    underlyingPrice: '',
    tradeIv: '',
    markIv: '',
    blockTradeId: '',
    extraFees: '',
    seq: fill.sequence,
  };
}

/** An execution as the private `execution` topic pushes it. */
export function fillPush(fill: MatchingFill, instrument: Instrument): Record<string, unknown> {
  return {
    category: CATEGORY,
    ...fillRow(fill, instrument),
    isLeverage: '0',
    marketUnit: '',
    execPnl: moneyText(fill.realisedPnl),
    extraFees: [],
  };
}

/** An execution as `execution.fast` pushes it: the few fields that matter at once. */
export function fastFillPush(fill: MatchingFill, instrument: Instrument): Record<string, unknown> {
  return {
    category: CATEGORY,
    symbol: instrument.exchangeSymbol,
    execId: fill.fillId,
    execPrice: priceText(fill.price, instrument),
    execQty: quantityText(fill.quantity, instrument),
    orderId: fill.order?.orderId ?? '',
    isMaker: fill.maker,
    orderLinkId: fill.order?.clientOrderId ?? '',
    side: SIDES[fill.side],
    execTime: String(fill.timeMs),
    seq: fill.sequence,
  };
}

/** A record of `position/closed-pnl`. `side` is the closing order's. */
export function closedPnlRow(record: ClosedPnl, instrument: Instrument): Record<string, unknown> {
  const { order, closedQuantity } = record;
  return {
    symbol: instrument.exchangeSymbol,
    orderId: order.orderId,
    side: SIDES[order.side],
    qty: quantityText(order.quantity, instrument),
    orderPrice: priceText(order.price ?? ZERO, instrument),
    orderType: order.kind === 'market' ? 'Market' : 'Limit',
    execType: executionType(record.execution, order),
    closedSize: quantityText(closedQuantity, instrument),
    cumEntryValue: moneyText(record.entryValue),
    avgEntryPrice: moneyText(record.entryValue.dividedBy(closedQuantity)),
    cumExitValue: moneyText(record.exitValue),
    avgExitPrice: moneyText(record.exitValue.dividedBy(closedQuantity)),
    closedPnl: moneyText(record.pnl),
    fillCount: String(record.fillCount),
    leverage: moneyText(record.leverage),
    openFee: moneyText(record.openFee),
    closeFee: moneyText(record.closeFee),
    createdTime: String(record.createdMs),
    updatedTime: String(record.updatedMs),
  };
}
