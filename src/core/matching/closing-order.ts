import { ZERO } from '../base/decimal.ts';
import { exitSide } from '../domain/order.ts';
import type { AccountState, Desk } from './account-state.ts';
import type { Book } from './book.ts';
import { type MatchingOrder, NO_LINKS, type OrderOrigin } from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';

/**
 * The order by which the exchange itself closes a whole position: a reduce-only market order without a
 * client order id.
 */
export function closingOrder(
  state: AccountState,
  desk: Desk,
  request: {
    readonly position: MatchingPosition;
    readonly book: Book;
    readonly origin: OrderOrigin;
    readonly status: 'open' | 'untriggered';
  },
): MatchingOrder {
  const { position, book, origin, status } = request;
  state.orderSequence += 1;
  return {
    orderId: desk.nextOrderId(),
    sequence: state.orderSequence,
    clientOrderId: '',
    instrumentId: position.instrumentId,
    positionIndex: position.positionIndex,
    side: exitSide(position.direction),
    kind: 'market',
    quantity: position.quantity,
    price: null,
    timeInForce: 'immediate-or-cancel',
    reduceOnly: true,
    closeOnTrigger: true,
    trigger: null,
    takeProfit: null,
    stopLoss: null,
    trail: null,
    links: NO_LINKS,
    origin,
    status,
    endReason: null,
    filledQuantity: ZERO,
    filledValue: ZERO,
    fee: ZERO,
    closedPnl: ZERO,
    lastPriceOnCreated: book.lastPrice,
    createdMs: desk.nowMs(),
    updatedMs: desk.nowMs(),
  };
}
