import { z } from 'zod';
import type { MatchingOrder } from '../../../core/matching/matching-order.ts';
import { closedPnlRow, fillRow } from './fill-row.ts';
import { categoryInput, textInput, timeInput, wholeNumber } from './input.ts';
import { matchesFilter } from './order-filter.ts';
import { orderRow } from './order-row.ts';
import { page } from './page.ts';
import { parameterError, type Reply, refused, result } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { CATEGORY, executionType, orderStatus, SETTLE_COIN } from './words.ts';

const WEEK_MS = 7 * 86_400_000;
/** Closed orders `order/realtime` still shows. */
const RECENT_CLOSED = 500;

const scope = {
  category: categoryInput,
  symbol: textInput,
  baseCoin: textInput,
  settleCoin: textInput,
  orderId: textInput,
  orderLinkId: textInput,
  cursor: textInput,
};
const timeWindow = { startTime: timeInput, endTime: timeInput };

const realtimeInput = z.object({
  ...scope,
  openOnly: wholeNumber({ min: 0, max: 2, usual: 0 }),
  orderFilter: textInput,
  limit: wholeNumber({ min: 1, max: 50, usual: 20 }),
});
const historyInput = z.object({
  ...scope,
  ...timeWindow,
  orderFilter: textInput,
  orderStatus: textInput,
  limit: wholeNumber({ min: 1, max: 50, usual: 20 }),
});
const executionInput = z.object({
  ...scope,
  ...timeWindow,
  execType: textInput,
  limit: wholeNumber({ min: 1, max: 100, usual: 50 }),
});
const closedPnlInput = z.object({
  ...scope,
  ...timeWindow,
  limit: wholeNumber({ min: 1, max: 100, usual: 50 }),
});

/** The endpoints that list orders, executions and profits. All newest first. */
export const historyRoutes: readonly PrivateRoute[] = [
  {
    method: 'GET',
    path: '/v5/order/realtime',
    access: 'private',
    perSecond: 50,
    answer: parsed(realtimeInput, (input, call: PrivateCall) => realtime(input, call)),
  },
  {
    method: 'GET',
    path: '/v5/order/history',
    access: 'private',
    perSecond: 50,
    answer: parsed(historyInput, (input, call: PrivateCall) => history(input, call)),
  },
  {
    method: 'GET',
    path: '/v5/execution/list',
    access: 'private',
    perSecond: 50,
    answer: parsed(executionInput, (input, call: PrivateCall) => executions(input, call)),
  },
  {
    method: 'GET',
    path: '/v5/position/closed-pnl',
    access: 'private',
    perSecond: 50,
    answer: parsed(closedPnlInput, (input, call: PrivateCall) => closedPnl(input, call)),
  },
];

/** Open orders; an order asked for by name, or `openOnly` 1, is also looked for among the recently closed. */
function realtime(input: z.output<typeof realtimeInput>, call: PrivateCall): Reply {
  const { account } = call.caller;
  const isNamed = input.orderId !== '' || input.orderLinkId !== '';
  if (!isNamed && input.symbol + input.baseCoin + input.settleCoin === '') {
    return parameterError('symbol, baseCoin or settleCoin is required');
  }
  const open = account.openOrders().toReversed();
  const records = call.floor.orderRecords;
  const closed = account
    .closedOrders()
    .slice(0, RECENT_CLOSED)
    .filter((order) => records.isRecent(order));
  const byChoice = input.openOnly === 1 ? closed : open;
  const orders = (isNamed ? [...open, ...closed] : byChoice).filter((order) =>
    matchesFilter(order, input.orderFilter),
  );
  return orderPage(orders, input, call);
}

function history(input: z.output<typeof historyInput>, call: PrivateCall): Reply {
  const window = windowOf(input, call.floor.nowMs());
  if (window === null) return windowTooLong();
  const nowMs = call.floor.nowMs();
  const orders = call.caller.account.closedOrders().filter((order) => {
    if (!call.floor.orderRecords.isInHistory(order, nowMs)) return false;
    const isStatus = input.orderStatus === '' || orderStatus(order) === input.orderStatus;
    return isStatus && matchesFilter(order, input.orderFilter) && window(order.createdMs);
  });
  return orderPage(orders, input, call);
}

function executions(input: z.output<typeof executionInput>, call: PrivateCall): Reply {
  const window = windowOf(input, call.floor.nowMs());
  if (window === null) return windowTooLong();
  const fills = call.caller.account.fills().filter((fill) => {
    const isType = input.execType === '' || executionType(fill.execution, fill.order) === input.execType;
    const order = fill.order ?? { orderId: '', clientOrderId: '', instrumentId: fill.instrumentId };
    return isType && window(fill.timeMs) && isInScope(order, input, call);
  });
  const { rows, nextPageCursor } = page(fills, input, (fill) => fill.fillId);
  const list = rows.map((fill) => {
    const instrument = call.floor.instrumentOf(fill.instrumentId);
    return instrument === null ? null : fillRow(fill, instrument);
  });
  return listResult(list, nextPageCursor, input.category);
}

function closedPnl(input: z.output<typeof closedPnlInput>, call: PrivateCall): Reply {
  const window = windowOf(input, call.floor.nowMs());
  if (window === null) return windowTooLong();
  const records = call.caller.account
    .closedPnl()
    .filter((record) => window(record.updatedMs) && isInScope(record.order, input, call));
  const { rows, nextPageCursor } = page(records, input, (record) => record.order.orderId);
  const list = rows.map((record) => {
    const instrument = call.floor.instrumentOf(record.order.instrumentId);
    return instrument === null ? null : closedPnlRow(record, instrument);
  });
  return listResult(list, nextPageCursor, input.category);
}

type Scope = Pick<
  z.output<typeof realtimeInput>,
  'category' | 'symbol' | 'baseCoin' | 'settleCoin' | 'orderId' | 'orderLinkId' | 'cursor' | 'limit'
>;

function orderPage(orders: readonly MatchingOrder[], input: Scope, call: PrivateCall): Reply {
  const wanted = orders.filter((order) => isInScope(order, input, call));
  const { rows, nextPageCursor } = page(wanted, input, (order) => order.orderId);
  const list = rows.map((order) => {
    const instrument = call.floor.instrumentOf(order.instrumentId);
    return instrument === null ? null : orderRow(order, instrument);
  });
  return listResult(list, nextPageCursor, input.category);
}

function isInScope(
  order: Pick<MatchingOrder, 'orderId' | 'clientOrderId' | 'instrumentId'>,
  input: Scope,
  call: PrivateCall,
): boolean {
  if (input.category !== CATEGORY) return false;
  if (input.orderId !== '') return order.orderId === input.orderId;
  if (input.orderLinkId !== '') return order.clientOrderId === input.orderLinkId;
  const instrument = call.floor.instrumentOf(order.instrumentId);
  if (input.symbol !== '') return instrument?.exchangeSymbol === input.symbol;
  if (input.baseCoin !== '') return instrument?.base === input.baseCoin;
  return input.settleCoin === '' || input.settleCoin === SETTLE_COIN;
}

function listResult(
  rows: readonly (Record<string, unknown> | null)[],
  nextPageCursor: string,
  category: string,
): Reply {
  return result({ list: rows.filter((row) => row !== null), nextPageCursor, category });
}

/** Seven days at most: the last seven, or those after a start, or those before an end. Null when longer. */
function windowOf(
  input: { readonly startTime: number | null; readonly endTime: number | null },
  nowMs: number,
): ((timeMs: number) => boolean) | null {
  const { startTime, endTime } = input;
  const untilMs = endTime ?? (startTime === null ? nowMs : startTime + WEEK_MS);
  const fromMs = startTime ?? untilMs - WEEK_MS;
  if (untilMs - fromMs > WEEK_MS) return null;
  return (timeMs) => timeMs >= fromMs && timeMs <= untilMs;
}

function windowTooLong(): Reply {
  return refused(10001, 'The time range between startTime and endTime cannot exceed 7 days');
}
