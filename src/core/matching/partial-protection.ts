import { type Decimal, minDecimal } from '../base/decimal.ts';
import { type AccountState, type Desk, endOrder, keepOrder, openOrdersOf } from './account-state.ts';
import type { Book } from './book.ts';
import { closingOrder } from './closing-order.ts';
import {
  isPartialProtection,
  type MatchingOrder,
  NO_LINKS,
  type OrderOrigin,
  type OrderPlacement,
  type ProtectionLevel,
} from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';
import { triggerDirection } from './protection.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** Stops for parts of one position that may rest at once. */
const PARTIAL_STOPS_MAX = 20;

/** Stops for a part of a position: one, or a pair of which the second ends when the first fires. */
export interface PartialRequest {
  readonly position: MatchingPosition;
  readonly quantity: Decimal;
  readonly takeProfit: ProtectionLevel | null;
  readonly stopLoss: ProtectionLevel | null;
  /** The order whose fill brings them; null when they were asked for on the position. */
  readonly parent: MatchingOrder | null;
}

/** Rests new stops beside those that rest already. */
export function addPartialProtections(
  state: AccountState,
  desk: Desk,
  book: Book,
  request: PartialRequest,
): void {
  const profit = partialStop(state, desk, book, { ...request, origin: 'partial-take-profit' });
  const loss = partialStop(state, desk, book, { ...request, origin: 'partial-stop-loss' });
  if (profit !== null) keepOrder(state, linked(profit, loss));
  if (loss !== null) keepOrder(state, linked(loss, profit));
}

/**
 * Null when so many stops for parts may come to a position beside those that rest there and those that open
 * orders will bring with their first fill.
 */
export function checkRoomForParts(
  state: AccountState,
  key: Pick<OrderPlacement, 'instrumentId' | 'positionIndex'>,
  adds: number,
): MatchingRefusal | null {
  if (adds <= 0) return null;
  const own = openOrdersOf(state, key.instrumentId).filter(
    (order) => order.positionIndex === key.positionIndex,
  );
  const resting = own.filter(isPartialProtection);
  const parents = new Set(resting.map((stop) => stop.links.parentOrderId));
  const promised = own
    .filter((order) => !parents.has(order.orderId))
    .reduce((sum, order) => sum + partialStopsOf(order), 0);
  if (resting.length + promised + adds <= PARTIAL_STOPS_MAX) return null;
  return refusal('too-many-partials', 'Not allowed to have more than 20 TP/SLs under Partial tpSlMode');
}

/** How many stops for its own quantity an order brings. */
export function partialStopsOf(
  order: Pick<OrderPlacement, 'protectionMode' | 'takeProfit' | 'stopLoss'>,
): number {
  if (order.protectionMode !== 'partial') return 0;
  return [order.takeProfit, order.stopLoss].filter((level) => level !== null).length;
}

/** Ends the other stop of the pair a fired stop belongs to. */
export function endTwin(state: AccountState, desk: Desk, fired: MatchingOrder): void {
  const twin = state.openOrders.get(fired.links.twinOrderId);
  if (twin !== undefined && twin.status === 'untriggered') endOrder(state, desk, twin, 'twin-fired');
}

function partialStop(
  state: AccountState,
  desk: Desk,
  book: Book,
  request: PartialRequest & { readonly origin: OrderOrigin },
): MatchingOrder | null {
  const { position, origin, parent, quantity } = request;
  const level = origin === 'partial-take-profit' ? request.takeProfit : request.stopLoss;
  if (level === null) return null;
  const price = level.limitPrice ?? null;
  return {
    ...closingOrder(state, desk, { position, book, origin, status: 'untriggered' }),
    quantity: minDecimal(quantity, position.quantity),
    kind: price === null ? 'market' : 'limit',
    price,
    timeInForce: price === null ? 'immediate-or-cancel' : 'good-till-cancel',
    trigger: {
      price: level.price,
      by: level.by,
      direction: triggerDirection(origin, position.direction),
    },
    protectionMode: 'partial',
    links: {
      ...NO_LINKS,
      parentOrderId: parent?.orderId ?? '',
      parentClientOrderId: parent?.clientOrderId ?? '',
    },
  };
}

function linked(order: MatchingOrder, twin: MatchingOrder | null): MatchingOrder {
  return { ...order, links: { ...order.links, twinOrderId: twin?.orderId ?? '' } };
}
