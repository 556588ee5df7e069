import { type FillCause, parseClientOrderId } from '../core/domain/order.ts';
import type { EngineEvent, FillReceived, OrderUpdate } from '../core/engine/event.ts';
import type { MatchingEvent, MatchingFill } from '../core/matching/account-state.ts';
import type { MatchingOrder, MatchingOrderStatus } from '../core/matching/matching-order.ts';

const ORDER_STATES: Readonly<Record<MatchingOrderStatus, OrderUpdate['state'] | null>> = {
  open: 'accepted',
  'partly-filled': 'accepted',
  filled: 'filled',
  cancelled: 'cancelled',
  deactivated: 'cancelled',
  untriggered: null,
};

/** What the engine learns of something that happened to the account; null for what an exchange does not push to it. */
export function engineEventOf(event: MatchingEvent, timeMs: number): EngineEvent | null {
  if (event.kind === 'order') return orderUpdateOf(event.order, timeMs);
  return event.kind === 'fill' ? fillOf(event.fill, timeMs) : null;
}

/** Orders that are not ours, the stops that rest for a position, are told by their fills alone. */
function orderUpdateOf(order: MatchingOrder, timeMs: number): OrderUpdate | null {
  const clientOrderId = parseClientOrderId(order.clientOrderId);
  const state = ORDER_STATES[order.status];
  if (clientOrderId === null || state === null) return null;
  const { instrumentId, endReason, filledQuantity } = order;
  const detail = endReason ?? '';
  const word = { kind: 'order-update', timeMs, clientOrderId, instrumentId } as const;
  return { ...word, state, code: detail, detail, filledQuantity };
}

/** Funding is a payment and no fill: it shows in the balance. */
function fillOf(fill: MatchingFill, timeMs: number): FillReceived | null {
  const { order } = fill;
  if (order === null) return null;
  const { fillId, instrumentId, side, price, quantity, fee, maker } = fill;
  return {
    kind: 'fill',
    timeMs,
    fill: {
      fillId,
      exchangeOrderId: order.orderId,
      clientOrderId: order.clientOrderId === '' ? null : order.clientOrderId,
      instrumentId,
      side,
      price,
      quantity,
      fee,
      maker,
      cause: causeOf(fill, order),
      timeMs,
    },
  };
}

function causeOf({ execution }: MatchingFill, { origin }: MatchingOrder): FillCause {
  if (execution === 'liquidation') return 'liquidation';
  if (execution !== 'trade') return 'other';
  if (origin === 'stop-loss' || origin === 'take-profit') return origin;
  return origin === 'user' ? 'user' : 'other';
}
