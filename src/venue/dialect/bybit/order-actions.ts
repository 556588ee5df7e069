import { z } from 'zod';
import type { Decimal } from '../../../core/base/decimal.ts';
import { err, type Result } from '../../../core/base/result.ts';
import type { OrderAmendment } from '../../../core/matching/amend-order.ts';
import type { AccountMargin } from '../../../core/matching/margin.ts';
import type { MatchingOrder, OrderPlacement } from '../../../core/matching/matching-order.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { findInstrument, optionalDecimalInput, textInput, triggerByInput } from './input.ts';
import { type PlacementInput, toPlacement } from './placement.ts';
import { parameterError, type Reply, refused, refusedBy, result } from './reply.ts';
import type { PrivateCall } from './route.ts';
import { stopLevel, stopsModeInput, toStopsMode } from './stop-input.ts';
import { CATEGORY } from './words.ts';

export const amendInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  orderId: textInput,
  orderLinkId: textInput,
  qty: optionalDecimalInput,
  price: optionalDecimalInput,
  triggerPrice: optionalDecimalInput,
  triggerBy: z.union([z.literal(''), z.null(), triggerByInput]).optional(),
  takeProfit: optionalDecimalInput,
  stopLoss: optionalDecimalInput,
  tpTriggerBy: triggerByInput,
  slTriggerBy: triggerByInput,
  tpslMode: stopsModeInput,
  tpLimitPrice: optionalDecimalInput,
  slLimitPrice: optionalDecimalInput,
});

export const cancelInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  orderId: textInput,
  orderLinkId: textInput,
});

/** `order/create`: what became of the order comes by push. */
export function createOrder(input: PlacementInput, call: PrivateCall): Reply {
  const placement = readPlacement(input, call);
  if (!placement.ok) return placement.error;
  const placed = call.floor.act(call.caller.account, (account) => account.place(placement.value));
  return placed.ok ? result(orderNames(placed.value)) : refusedBy(placed.error);
}

/** `order/pre-check`: margin rates of the account, in ten-thousandths of its equity, without and with the order. */
export function precheckOrder(input: PlacementInput, call: PrivateCall): Reply {
  const placement = readPlacement(input, call);
  if (!placement.ok) return placement.error;
  const { account } = call.caller;
  const after = account.preview(placement.value);
  if (!after.ok) return refusedBy(after.error);
  const [pre, post] = [marginRates(account.margin()), marginRates(after.value)];
  return result({
    orderId: '',
    orderLinkId: input.orderLinkId,
    preImrE4: pre.initial,
    preMmrE4: pre.maintenance,
    postImrE4: post.initial,
    postMmrE4: post.maintenance,
  });
}

function readPlacement(input: PlacementInput, call: PrivateCall): Result<OrderPlacement, Reply> {
  const instrument = findInstrument(call.floor, input.symbol);
  const book = instrument === null ? null : call.floor.book(instrument.id);
  if (book === null) return err(parameterError(`symbol invalid ${input.symbol}`));
  const placement = toPlacement(input, book);
  return placement.ok ? placement : err(refused(placement.error.retCode, placement.error.detail));
}

function marginRates(margin: AccountMargin): { readonly initial: number; readonly maintenance: number } {
  const { equity, positionMargin, orderMargin, maintenanceMargin } = margin;
  const rate = (part: Decimal): number =>
    equity.greaterThan(0) ? part.dividedBy(equity).times(10_000).round().toNumber() : 0;
  return { initial: rate(positionMargin.plus(orderMargin)), maintenance: rate(maintenanceMargin) };
}

export function amendOrder(input: z.output<typeof amendInput>, call: PrivateCall): Reply {
  if (input.orderId === '' && input.orderLinkId === '') return noName();
  const order = findOpenOrder(call, input);
  if (order === null) return unknownOrder('order not exists or too late to replace');
  const amendment = toAmendment(input, order);
  const amended = call.floor.act(call.caller.account, (account) => account.amend(order.orderId, amendment));
  if (amended.ok) return result(orderNames(amended.value));
  return amended.error.kind === 'not-modified'
    ? refused(10001, 'The order remains unchanged as the parameters entered match the existing ones.')
    : refusedBy(amended.error);
}

export function cancelOrder(input: z.output<typeof cancelInput>, call: PrivateCall): Reply {
  if (input.orderId === '' && input.orderLinkId === '') return noName();
  const order = findOpenOrder(call, input);
  if (order === null) return unknownOrder('order not exists or too late to cancel');
  const cancelled = call.floor.act(call.caller.account, (account) => account.cancel(order.orderId));
  return cancelled.ok ? result(orderNames(cancelled.value)) : refusedBy(cancelled.error);
}

/** How an answer names an order. */
export function orderNames(order: MatchingOrder): Record<'orderId' | 'orderLinkId', string> {
  return { orderId: order.orderId, orderLinkId: order.clientOrderId };
}

function toAmendment(input: z.output<typeof amendInput>, order: MatchingOrder): OrderAmendment {
  const { qty, price, triggerPrice, takeProfit, stopLoss, triggerBy, tpslMode } = input;
  const profit = stopLevel(takeProfit, input.tpTriggerBy, input.tpLimitPrice);
  const loss = stopLevel(stopLoss, input.slTriggerBy, input.slLimitPrice);
  return {
    ...(qty === undefined ? {} : { quantity: qty }),
    ...(price === undefined || order.kind === 'market' ? {} : { price }),
    ...(triggerPrice === undefined || triggerPrice.isZero() ? {} : { triggerPrice }),
    ...(triggerBy ? { triggerBy } : {}),
    ...(takeProfit === undefined ? {} : { takeProfit: profit }),
    ...(stopLoss === undefined ? {} : { stopLoss: loss }),
    ...(tpslMode ? { protectionMode: toStopsMode(tpslMode) } : {}),
  };
}

/** The exchange's id wins over the client's when both are given; the symbol must be the order's. */
function findOpenOrder(
  call: PrivateCall,
  names: { readonly symbol: string; readonly orderId: string; readonly orderLinkId: string },
): MatchingOrder | null {
  const order = findByName(call.caller.account, names);
  if (order === null) return null;
  return findInstrument(call.floor, names.symbol)?.id === order.instrumentId ? order : null;
}

function findByName(
  account: TradingAccount,
  names: { readonly orderId: string; readonly orderLinkId: string },
): MatchingOrder | null {
  const found = account
    .openOrders()
    .find((order) =>
      names.orderId === '' ? order.clientOrderId === names.orderLinkId : order.orderId === names.orderId,
    );
  return found ?? null;
}

function noName(): Reply {
  return parameterError('orderId or orderLinkId is required');
}

function unknownOrder(detail: string): Reply {
  return refused(110001, detail);
}
