import { z } from 'zod';
import { type Decimal, ZERO } from '../../../core/base/decimal.ts';
import { err, ok, type Result } from '../../../core/base/result.ts';
import type { Book } from '../../../core/matching/book.ts';
import type { OrderPlacement, TimeInForce, Trigger } from '../../../core/matching/matching-order.ts';
import {
  decimalInput,
  type InputFault,
  optionalDecimalInput,
  positionIndexInput,
  textInput,
  triggerByInput,
} from './input.ts';
import { namedPrice, slippagePrice } from './order-price.ts';
import { isLimitStopOfWhole, stopLevel, stopsModeInput, stopTypeInput, toStopsMode } from './stop-input.ts';
import { CATEGORY } from './words.ts';

/** The body of `order/create`, and of one order of a batch. */
export const placementInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  side: z.enum(['Buy', 'Sell'], 'Side invalid'),
  orderType: z.enum(['Market', 'Limit'], 'orderType invalid'),
  qty: decimalInput,
  price: optionalDecimalInput,
  timeInForce: z.enum(['GTC', 'IOC', 'FOK', 'PostOnly', '']).nullish(),
  positionIdx: positionIndexInput,
  orderLinkId: textInput,
  reduceOnly: z.boolean().nullish(),
  closeOnTrigger: z.boolean().nullish(),
  triggerPrice: optionalDecimalInput,
  triggerDirection: z.union([z.literal(1), z.literal(2)]).nullish(),
  triggerBy: triggerByInput,
  takeProfit: optionalDecimalInput,
  stopLoss: optionalDecimalInput,
  tpTriggerBy: triggerByInput,
  slTriggerBy: triggerByInput,
  tpslMode: stopsModeInput,
  tpOrderType: stopTypeInput,
  slOrderType: stopTypeInput,
  tpLimitPrice: optionalDecimalInput,
  slLimitPrice: optionalDecimalInput,
  smpType: z.enum(['None', 'CancelMaker', 'CancelTaker', 'CancelBoth', '']).nullish(),
  bboSideType: z.enum(['Queue', 'Counterparty', '']).nullish(),
  bboLevel: z.enum(['1', '2', '3', '4', '5', '']).nullish(),
  slippageToleranceType: z.enum(['TickSize', 'Percent', 'UNKNOWN', '']).nullish(),
  slippageTolerance: optionalDecimalInput,
});

export type PlacementInput = z.output<typeof placementInput>;

const SELF_MATCH_RULES = {
  CancelMaker: 'cancel-maker',
  CancelTaker: 'cancel-taker',
  CancelBoth: 'cancel-both',
} as const;

/** The order in the matching's words, or what is wrong with it. */
export function toPlacement(input: PlacementInput, book: Book): Result<OrderPlacement, InputFault> {
  const trigger = toTrigger(input);
  if (!trigger.ok) return trigger;
  if (isLimitStopOfWhole(input)) return wrong('tpslMode must be Partial for limit TP/SL orders');
  const price = priceOf(input, book);
  if (!price.ok) return price;
  const { smpType } = input;
  return ok({
    clientOrderId: input.orderLinkId,
    instrumentId: book.instrument.id,
    side: input.side === 'Buy' ? 'buy' : 'sell',
    kind: input.orderType === 'Market' ? 'market' : 'limit',
    quantity: input.qty,
    price: price.value,
    timeInForce: toTimeInForce(input),
    positionIndex: input.positionIdx,
    reduceOnly: input.reduceOnly ?? false,
    closeOnTrigger: input.closeOnTrigger ?? false,
    trigger: trigger.value,
    takeProfit: stopLevel(input.takeProfit, input.tpTriggerBy, input.tpLimitPrice),
    stopLoss: stopLevel(input.stopLoss, input.slTriggerBy, input.slLimitPrice),
    protectionMode: toStopsMode(input.tpslMode),
    ...(smpType && smpType !== 'None' ? { selfMatch: SELF_MATCH_RULES[smpType] } : {}),
  });
}

/** A market order has a price only where its slippage is bounded. */
function priceOf(input: PlacementInput, book: Book): Result<Decimal | null, InputFault> {
  if (input.orderType === 'Market') return slippagePrice(input, book);
  if (input.bboSideType) return ok(namedPrice(input, book));
  return input.price === undefined ? wrong('price is required') : ok(input.price);
}

function toTrigger(input: PlacementInput): Result<Trigger | null, InputFault> {
  const price = input.triggerPrice ?? ZERO;
  if (price.isZero()) return ok(null);
  if (input.triggerDirection === null || input.triggerDirection === undefined) {
    return wrong('triggerDirection is required');
  }
  return ok({ price, by: input.triggerBy, direction: input.triggerDirection === 1 ? 'rise' : 'fall' });
}

function toTimeInForce({ orderType, timeInForce }: PlacementInput): TimeInForce {
  if (timeInForce === 'FOK') return 'fill-or-kill';
  if (orderType === 'Market' || timeInForce === 'IOC') return 'immediate-or-cancel';
  return timeInForce === 'PostOnly' ? 'post-only' : 'good-till-cancel';
}

function wrong(detail: string): Result<never, InputFault> {
  return err({ retCode: 10001, detail: `params error: ${detail}` });
}
