import { ZERO } from '../../../core/base/decimal.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import {
  averageFillPrice,
  isPartialProtection,
  isProtection,
  leavesQuantity,
  type MatchingOrder,
} from '../../../core/matching/matching-order.ts';
import {
  CATEGORY,
  CREATE_TYPES,
  cancelType,
  moneyText,
  orderStatus,
  priceText,
  quantityText,
  rejectReason,
  SELF_MATCHES,
  SETTLE_COIN,
  SIDES,
  STOP_ORDER_TYPES,
  TIMES_IN_FORCE,
  TRIGGERS_BY,
} from './words.ts';

/** An order as `order/realtime` and `order/history` list it. */
export function orderRow(order: MatchingOrder, instrument: Instrument): Record<string, unknown> {
  const ended = order.status === 'filled' || order.endReason !== null;
  const leaves = ended ? ZERO : leavesQuantity(order);
  const average = averageFillPrice(order);
  const price = order.price ?? ZERO;
  return {
    orderId: order.orderId,
    orderLinkId: order.clientOrderId,
    parentOrderLinkId: order.links.parentClientOrderId,
    blockTradeId: '',
    symbol: instrument.exchangeSymbol,
    price: priceText(price, instrument),
    qty: quantityText(order.quantity, instrument),
    side: SIDES[order.side],
    isLeverage: '',
    positionIdx: order.positionIndex,
    orderStatus: orderStatus(order),
    createType: CREATE_TYPES[order.origin],
    cancelType: cancelType(order),
    rejectReason: rejectReason(order),
    avgPrice: average === null ? '' : moneyText(average),
    leavesQty: quantityText(leaves, instrument),
    leavesValue: moneyText(leaves.times(price)),
    cumExecQty: quantityText(order.filledQuantity, instrument),
    cumExecValue: moneyText(order.filledValue),
    cumExecFee: moneyText(order.fee),
    timeInForce: TIMES_IN_FORCE[order.timeInForce],
    orderType: order.kind === 'market' ? 'Market' : 'Limit',
    orderIv: '',
    marketUnit: '',
    slippageToleranceType: 'UNKNOWN',
    slippageTolerance: '',
    basePrice: '',
    lastPriceOnCreated: priceText(order.lastPriceOnCreated, instrument),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    smpType: SELF_MATCHES[order.selfMatch ?? 'none'],
    smpGroup: 0,
    smpOrderId: order.links.rivalOrderId,
    placeType: '',
    ...stopFields(order, instrument),
    createdTime: String(order.createdMs),
    updatedTime: String(order.updatedMs),
    extraFees: '',
    cumFeeDetail: order.fee.isZero() ? {} : { [SETTLE_COIN]: moneyText(order.fee) },
    rpiTakerAccess: false,
    rpiMatchedQty: '0',
  };
}

/** An order as the private `order` topic pushes it. */
export function orderPush(order: MatchingOrder, instrument: Instrument): Record<string, unknown> {
  return {
    category: CATEGORY,
    ...orderRow(order, instrument),
    closedPnl: moneyText(order.closedPnl),
    feeCurrency: SETTLE_COIN,
    brokerOrderPrice: '',
  };
}

/** The second push of an order whose cancel came after its last fill. */
export function lateCancelPush(order: MatchingOrder, instrument: Instrument): Record<string, unknown> {
  return {
    ...orderPush(order, instrument),
    cancelType: 'CancelByUser',
    rejectReason: 'EC_OrigClOrdIDDoesNotExist',
  };
}

/** `tpslMode` is there for every order: clients tell a contract's order from a spot order by it. */
function stopFields(order: MatchingOrder, instrument: Instrument): Record<string, unknown> {
  const { trigger, takeProfit, stopLoss } = order;
  return {
    stopOrderType: STOP_ORDER_TYPES[order.origin],
    triggerPrice: priceText(trigger?.price, instrument),
    triggerDirection: triggerDirection(order),
    triggerBy: trigger === null ? '' : TRIGGERS_BY[trigger.by],
    takeProfit: priceText(takeProfit?.price, instrument),
    stopLoss: priceText(stopLoss?.price, instrument),
    tpTriggerBy: takeProfit === null ? '' : TRIGGERS_BY[takeProfit.by],
    slTriggerBy: stopLoss === null ? '' : TRIGGERS_BY[stopLoss.by],
    tpslMode: stopsMode(order),
    tpLimitPrice: priceText(takeProfit?.limitPrice, instrument),
    slLimitPrice: priceText(stopLoss?.limitPrice, instrument),
    ocoTriggerBy: '',
  };
}

function stopsMode(order: MatchingOrder): '' | 'Full' | 'Partial' {
  const hasStops = isProtection(order) || order.takeProfit !== null || order.stopLoss !== null;
  if (!hasStops || order.origin === 'trailing-stop') return '';
  return isPartialProtection(order) || order.protectionMode === 'partial' ? 'Partial' : 'Full';
}

/** 1 = fires on a rise, 2 = on a fall, 0 = no trigger. */
function triggerDirection(order: MatchingOrder): 0 | 1 | 2 {
  if (order.trigger === null) return 0;
  return order.trigger.direction === 'rise' ? 1 : 2;
}
