import { z } from 'zod';
import type { MatchingOrder } from '../../../core/matching/matching-order.ts';
import { findInstrument, textInput } from './input.ts';
import {
  amendInput,
  amendOrder,
  cancelInput,
  cancelOrder,
  createOrder,
  orderNames,
  precheckOrder,
} from './order-actions.ts';
import { matchesFilter } from './order-filter.ts';
import { placementInput } from './placement.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { baseCoin, CATEGORY, SETTLE_COIN } from './words.ts';

const cancelAllInput = z.object({
  category: z.literal(CATEGORY),
  symbol: textInput,
  baseCoin: textInput,
  settleCoin: textInput,
  orderFilter: textInput,
  stopOrderType: textInput,
});

/** The endpoints that change orders. An answer says accepted; what became of it comes by push. */
export const orderRoutes: readonly PrivateRoute[] = [
  {
    method: 'POST',
    path: '/v5/order/create',
    access: 'private',
    perSecond: 10,
    answer: parsed(placementInput, (input, call: PrivateCall) => createOrder(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/amend',
    access: 'private',
    perSecond: 10,
    answer: parsed(amendInput, (input, call: PrivateCall) => amendOrder(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/cancel',
    access: 'private',
    perSecond: 10,
    answer: parsed(cancelInput, (input, call: PrivateCall) => cancelOrder(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/pre-check',
    access: 'private',
    perSecond: 10,
    answer: parsed(placementInput, (input, call: PrivateCall) => precheckOrder(input, call)),
  },
  {
    method: 'POST',
    path: '/v5/order/cancel-all',
    access: 'private',
    perSecond: 10,
    answer: parsed(cancelAllInput, (input, call: PrivateCall) => cancelAll(input, call)),
  },
];

function cancelAll(input: z.output<typeof cancelAllInput>, call: PrivateCall): Reply {
  if (input.symbol !== '' && findInstrument(call.floor, input.symbol) === null) {
    return parameterError(`symbol invalid ${input.symbol}`);
  }
  if (input.symbol === '' && input.settleCoin === '' && input.baseCoin === '') {
    return parameterError('symbol, baseCoin or settleCoin is required');
  }
  const wanted = call.caller.account
    .openOrders()
    .filter((order) => matchesFilter(order, input.orderFilter, input.stopOrderType))
    .filter((order) => isInScope(order, input, call));
  const cancelled = call.floor.act(call.caller.account, (account) =>
    wanted.filter((order) => account.cancel(order.orderId).ok),
  );
  return result({ list: cancelled.map(orderNames), success: '1' });
}

/** The symbol goes before the base coin, the base coin before the settlement coin. */
function isInScope(order: MatchingOrder, input: z.output<typeof cancelAllInput>, call: PrivateCall): boolean {
  const instrument = call.floor.instrumentOf(order.instrumentId);
  if (instrument === null) return false;
  if (input.symbol !== '') return instrument.exchangeSymbol === input.symbol;
  if (input.baseCoin !== '') return baseCoin(instrument) === input.baseCoin;
  return input.settleCoin === SETTLE_COIN;
}
