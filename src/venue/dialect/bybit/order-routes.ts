import { z } from 'zod';
import type { Decimal } from '../../../core/base/decimal.ts';
import type { OrderAmendment } from '../../../core/matching/amend-order.ts';
import type { PriceKind } from '../../../core/matching/book.ts';
import type { MatchingOrder, ProtectionLevel } from '../../../core/matching/matching-order.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import { findInstrument, optionalDecimalInput, textInput, triggerByInput } from './input.ts';
import { matchesFilter } from './order-filter.ts';
import { placementInput, toPlacement } from './placement.ts';
import { parameterError, type Reply, refused, refusedBy, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { CATEGORY, SETTLE_COIN } from './words.ts';

const amendInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  orderId: textInput,
  orderLinkId: textInput,
  qty: optionalDecimalInput,
  price: optionalDecimalInput,
  triggerPrice: optionalDecimalInput,
  takeProfit: optionalDecimalInput,
  stopLoss: optionalDecimalInput,
  tpTriggerBy: triggerByInput,
  slTriggerBy: triggerByInput,
});

const cancelInput = z.object({
  category: z.literal(CATEGORY),
  symbol: z.string(),
  orderId: textInput,
  orderLinkId: textInput,
});

const cancelAllInput = z.object({
  category: z.literal(CATEGORY),
  symbol: textInput,
  baseCoin: textInput,
  settleCoin: textInput,
  orderFilter: textInput,
});

/** The endpoints that change orders. An answer says accepted; what became of it comes by push. */
export const orderRoutes: readonly PrivateRoute[] = [
  {
    method: 'POST',
    path: '/v5/order/create',
    access: 'private',
    perSecond: 10,
    answer: parsed(placementInput, (input, call: PrivateCall) => create(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/amend',
    access: 'private',
    perSecond: 10,
    answer: parsed(amendInput, (input, call: PrivateCall) => amend(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/cancel',
    access: 'private',
    perSecond: 10,
    answer: parsed(cancelInput, (input, call: PrivateCall) => cancel(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/cancel-all',
    access: 'private',
    perSecond: 10,
    answer: parsed(cancelAllInput, (input, call: PrivateCall) => cancelAll(input, call)),
  },
];

function create(input: z.output<typeof placementInput>, call: PrivateCall): Reply {
  const instrument = findInstrument(call.floor, input.symbol);
  if (instrument === null) return parameterError(`symbol invalid ${input.symbol}`);
  const placement = toPlacement(input, instrument.id);
  if (!placement.ok) return parameterError(placement.error);
  const placed = call.floor.act(call.caller.account, (account) => account.place(placement.value));
  return placed.ok ? result(orderNames(placed.value)) : refusedBy(placed.error);
}

function amend(input: z.output<typeof amendInput>, call: PrivateCall): Reply {
  const order = findOpenOrder(call.caller.account, input);
  if (order === null) return unknownOrder('order not exists or too late to replace');
  const amendment: OrderAmendment = {
    ...(input.qty === undefined ? {} : { quantity: input.qty }),
    ...(input.price === undefined ? {} : { price: input.price }),
    ...(input.triggerPrice === undefined ? {} : { triggerPrice: input.triggerPrice }),
    ...(input.takeProfit === undefined ? {} : { takeProfit: level(input.takeProfit, input.tpTriggerBy) }),
    ...(input.stopLoss === undefined ? {} : { stopLoss: level(input.stopLoss, input.slTriggerBy) }),
  };
  const amended = call.floor.act(call.caller.account, (account) => account.amend(order.orderId, amendment));
  if (amended.ok) return result(orderNames(amended.value));
  return amended.error.kind === 'not-modified'
    ? parameterError(amended.error.detail)
    : refusedBy(amended.error);
}

function cancel(input: z.output<typeof cancelInput>, call: PrivateCall): Reply {
  if (input.orderId === '' && input.orderLinkId === '') {
    return parameterError('orderId or orderLinkId is required');
  }
  const order = findOpenOrder(call.caller.account, input);
  if (order === null) return unknownOrder('order not exists or too late to cancel');
  const cancelled = call.floor.act(call.caller.account, (account) => account.cancel(order.orderId));
  return cancelled.ok ? result(orderNames(cancelled.value)) : refusedBy(cancelled.error);
}

function cancelAll(input: z.output<typeof cancelAllInput>, call: PrivateCall): Reply {
  const instrument = findInstrument(call.floor, input.symbol);
  if (input.symbol !== '' && instrument === null) return parameterError(`symbol invalid ${input.symbol}`);
  if (input.symbol === '' && input.settleCoin === '' && input.baseCoin === '') {
    return parameterError('symbol, baseCoin or settleCoin is required');
  }
  const wanted = call.caller.account.openOrders().filter((order) => {
    if (!matchesFilter(order, input.orderFilter)) return false;
    if (instrument !== null) return order.instrumentId === instrument.id;
    const listed = call.floor.instrumentOf(order.instrumentId);
    return input.settleCoin === SETTLE_COIN || listed?.base === input.baseCoin;
  });
  const cancelled = call.floor.act(call.caller.account, (account) =>
    wanted.filter((order) => account.cancel(order.orderId).ok),
  );
  return result({ list: cancelled.map(orderNames), success: '1' });
}

/** The exchange's id wins over the client's when both are given. */
function findOpenOrder(
  account: TradingAccount,
  names: { readonly orderId: string; readonly orderLinkId: string },
): MatchingOrder | null {
  const found = account
    .openOrders()
    .find((order) =>
      names.orderId === ''
        ? names.orderLinkId !== '' && order.clientOrderId === names.orderLinkId
        : order.orderId === names.orderId,
    );
  return found ?? null;
}

function orderNames(order: MatchingOrder): Record<string, string> {
  return { orderId: order.orderId, orderLinkId: order.clientOrderId };
}

function level(price: Decimal, by: PriceKind): ProtectionLevel | null {
  return price.isZero() ? null : { price, by };
}

function unknownOrder(detail: string): Reply {
  return refused(110001, detail);
}
