import type { ApprovedOrder } from '../core/domain/order.ts';
import type { OrderPlacement } from '../core/matching/matching-order.ts';

/** An order as the exchange of the past takes it: at the market, or waiting in the book with its stops. */
export function pastPlacement(order: ApprovedOrder): OrderPlacement {
  const { clientOrderId, instrumentId, side, quantity } = order;
  const [stop, profit] = order.kind === 'entry' ? [order.stopPrice, order.takeProfitPrice] : [null, null];
  return {
    ...{ clientOrderId, instrumentId, side, quantity },
    ...waiting(order),
    positionIndex: 0,
    reduceOnly: order.kind === 'exit',
    closeOnTrigger: false,
    trigger: null,
    takeProfit: profit === null ? null : { price: profit, by: 'last' },
    stopLoss: stop === null ? null : { price: stop, by: 'mark' },
  };
}

function waiting(order: ApprovedOrder): Pick<OrderPlacement, 'kind' | 'price' | 'timeInForce'> {
  const limit = order.kind === 'entry' ? order.limit : null;
  if (limit === null) return { kind: 'market', price: null, timeInForce: 'immediate-or-cancel' };
  return {
    kind: 'limit',
    price: limit.price,
    timeInForce: limit.postOnly ? 'post-only' : 'good-till-cancel',
  };
}
