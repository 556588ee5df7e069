import type { MatchingOrder } from '../../../core/matching/matching-order.ts';

/** Bybit's `orderFilter`: `Order` = in the book, `StopOrder` and `tpslOrder` = with a trigger, empty = all. */
export function matchesFilter(order: MatchingOrder, orderFilter: string): boolean {
  if (orderFilter === '') return true;
  const isStop = order.origin !== 'user' && order.origin !== 'liquidation' && order.origin !== 'delivery';
  return orderFilter === 'Order' ? !isStop : isStop;
}
