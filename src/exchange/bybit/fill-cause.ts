import type { FillCause } from '../../core/domain/order.ts';

/** What an execution says of who made it. */
export interface ExecutionOrigin {
  readonly execType: string;
  /** Empty or `UNKNOWN` where no stop order made it. */
  readonly stopOrderType: string;
  /** Missing in older pushes; empty where no order made it. */
  readonly createType?: string | undefined;
  readonly orderLinkId: string;
}

const BY_EXECUTION: ReadonlyMap<string, FillCause> = new Map([
  ['AdlTrade', 'deleveraging'],
  ['BustTrade', 'liquidation'],
  ['Delivery', 'delivery'],
]);

const BY_STOP_ORDER: ReadonlyMap<string, FillCause> = new Map([
  ['StopLoss', 'stop-loss'],
  ['PartialStopLoss', 'stop-loss'],
  ['TrailingStop', 'stop-loss'],
  ['TakeProfit', 'take-profit'],
  ['PartialTakeProfit', 'take-profit'],
]);

/**
 * Every way the exchange names, but `CreateByAdminClosing`, which says only that it was the exchange itself. Its own
 * trading tools are a person's: somebody set them up.
 * @see https://bybit-exchange.github.io/docs/v5/enum#createtype
 */
const BY_CREATOR: ReadonlyMap<string, FillCause> = new Map([
  ['CreateByStopLoss', 'stop-loss'],
  ['CreateByPartialStopLoss', 'stop-loss'],
  ['CreateByTrailingStop', 'stop-loss'],
  ['CreateByTrailingProfit', 'take-profit'],
  ['CreateByTakeProfit', 'take-profit'],
  ['CreateByPartialTakeProfit', 'take-profit'],
  ['CreateByLiq', 'liquidation'],
  ['CreateByTakeOver_PassThrough', 'liquidation'],
  ['CreateByAdl_PassThrough', 'deleveraging'],
  ['CreateBySettle', 'delivery'],
  ['CreateByUser', 'user'],
  ['CreateByStopOrder', 'user'],
  ['CreateByClosing', 'user'],
  ['CreateByMmRateClose', 'user'],
  ['CreateByFutureSpread', 'user'],
  ['CreateByBlock_PassThrough', 'user'],
  ['CreateByBlockTradeMovePosition_PassThrough', 'user'],
  ['CreateByFGridBot', 'user'],
  ['CloseByFGridBot', 'user'],
  ['CreateByMartingaleBot', 'user'],
  ['CloseByMartingaleBot', 'user'],
  ['CreateByTWAP', 'user'],
  ['CreateByTVSignal', 'user'],
  ['CreateByIceBerg', 'user'],
  ['CreateByArbitrage', 'user'],
  ['CreateByDdh', 'user'],
  ['CreateByBboOrder', 'user'],
  ['CreateByChaseOrder', 'user'],
]);

/** The kind of execution says most, then the kind of stop, then who created the order. A word nobody knows is `other`. */
export function fillCauseOf({
  execType,
  stopOrderType,
  createType,
  orderLinkId,
}: ExecutionOrigin): FillCause {
  const named =
    BY_EXECUTION.get(execType) ?? BY_STOP_ORDER.get(stopOrderType) ?? BY_CREATOR.get(createType ?? '');
  if (named !== undefined) return named;
  return createType === undefined && orderLinkId !== '' ? 'user' : 'other';
}
