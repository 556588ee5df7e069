import type { MatchingOrder } from '../../../core/matching/matching-order.ts';

/**
 * Bybit's `orderFilter`: `Order` = in the book, `StopOrder` and `tpslOrder` = with a trigger, empty = all. With
 * `stopOrderType` `Stop` a filter for stops leaves out those of positions.
 */
export function matchesFilter(order: MatchingOrder, orderFilter: string, stopOrderType = ''): boolean {
  if (orderFilter === '') return true;
  const isStop = order.trigger !== null;
  if (orderFilter === 'Order') return !isStop;
  return isStop && (stopOrderType !== 'Stop' || order.origin === 'conditional');
}
