import { z } from 'zod';
import { amendInput, amendOrder, cancelInput, cancelOrder, createOrder } from './order-actions.ts';
import { placementInput } from './placement.ts';
import { type Reply, refused } from './reply.ts';
import { type PrivateCall, type PrivateRoute, parsed } from './route.ts';
import { CATEGORY } from './words.ts';

/** Orders one batch may name. */
const BATCH_ORDERS_MAX = 20;

const batchInput = z.object({
  category: z.literal(CATEGORY),
  request: z
    .array(z.record(z.string(), z.unknown()))
    .min(1, 'request is empty')
    .max(BATCH_ORDERS_MAX, `request may name ${BATCH_ORDERS_MAX} orders`),
});

type Answer = (call: PrivateCall) => Reply;

/**
 * Many orders in one request. Each is answered for itself, in the order of asking: its names in the result,
 * its code in `retExtInfo`; the answer as a whole succeeds although every item failed.
 */
export const batchRoutes: readonly PrivateRoute[] = [
  batchRoute('/v5/order/create-batch', parsed(placementInput, createOrder), true),
  batchRoute('/v5/order/amend-batch', parsed(amendInput, amendOrder), false),
  batchRoute('/v5/order/cancel-batch', parsed(cancelInput, cancelOrder), false),
];

function batchRoute(path: string, answer: Answer, isCreated: boolean): PrivateRoute {
  return {
    method: 'POST',
    path,
    access: 'private',
    perSecond: 10,
    cost: ordersIn,
    answer: parsed(batchInput, (input, call: PrivateCall) => {
      const items = input.request.map((item, index) =>
        itemOf(item, call, { answer: index < call.granted ? answer : tooMany, isCreated }),
      );
      return {
        kind: 'result',
        result: { list: items.map(({ row }) => row) },
        retExtInfo: { list: items.map(({ verdict }) => verdict) },
      };
    }),
  };
}

/** What the second no longer lets through, although the batch as a whole was taken. */
function tooMany(): Reply {
  return refused(10006, 'Too many visits. Exceeded the API Rate Limit.');
}

function itemOf(
  item: Readonly<Record<string, unknown>>,
  call: PrivateCall,
  { answer, isCreated }: { readonly answer: Answer; readonly isCreated: boolean },
): {
  readonly row: Record<string, unknown>;
  readonly verdict: { readonly code: number; readonly msg: string };
} {
  const reply = answer({ ...call, input: { ...item, category: CATEGORY } });
  const isDone = reply.kind === 'result';
  const names = isDone ? (reply.result as Record<string, unknown>) : {};
  const nowText = String(call.floor.nowMs());
  return {
    row: {
      category: CATEGORY,
      symbol: textOf(item['symbol']),
      orderId: names['orderId'] ?? textOf(item['orderId']),
      orderLinkId: names['orderLinkId'] ?? textOf(item['orderLinkId']),
      ...(isCreated ? { createAt: isDone ? nowText : '' } : {}),
    },
    verdict: isDone ? { code: 0, msg: 'OK' } : { code: reply.retCode, msg: reply.retMsg },
  };
}

/** A batch counts for each order it names, before anything else is looked at. */
function ordersIn(input: unknown): number {
  const read = z.object({ request: z.array(z.unknown()) }).safeParse(input);
  return read.success ? Math.max(1, read.data.request.length) : 1;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
