import { type Decimal, minDecimal } from '../base/decimal.ts';
import { type Direction, exitSide } from '../domain/order.ts';
import {
  type AccountState,
  type Desk,
  endOrder,
  keepOrder,
  openOrdersOf,
  protectionOf,
} from './account-state.ts';
import type { Book } from './book.ts';
import { closingOrder } from './closing-order.ts';
import {
  isPartialProtection,
  isProtection,
  type MatchingOrder,
  type OrderOrigin,
  type ProtectionLevel,
  type Trail,
  type Trigger,
} from './matching-order.ts';
import type { MatchingPosition } from './matching-position.ts';

/** A stop of a position: of which kind and where. */
export interface ProtectionRequest {
  readonly origin: 'stop-loss' | 'take-profit' | 'trailing-stop';
  readonly level: ProtectionLevel;
  readonly trail: Trail | null;
}

/** True when a stop of this kind would not fire at once at `reference`. */
export function isOnItsSide(
  origin: OrderOrigin,
  direction: Direction,
  prices: { readonly level: Decimal; readonly reference: Decimal },
): boolean {
  const rising = triggerDirection(origin, direction) === 'rise';
  return rising ? prices.level.greaterThan(prices.reference) : prices.level.lessThan(prices.reference);
}

/** Rests the stop, or moves the one that rests already: its order id stays. */
export function setProtection(
  state: AccountState,
  book: Book,
  desk: Desk,
  change: { readonly position: MatchingPosition; readonly request: ProtectionRequest },
): void {
  const { position, request } = change;
  const trigger: Trigger = {
    price: request.level.price,
    by: request.level.by,
    direction: triggerDirection(request.origin, position.direction),
  };
  const existing = protectionOf(state, position, request.origin);
  const order =
    existing ?? closingOrder(state, desk, { position, book, origin: request.origin, status: 'untriggered' });
  keepOrder(state, {
    ...order,
    quantity: position.quantity,
    trigger,
    trail: request.trail,
    updatedMs: desk.nowMs(),
  });
}

/** Takes the stop away. False when none rests. */
export function clearProtection(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  origin: OrderOrigin,
): boolean {
  const existing = protectionOf(state, position, origin);
  if (existing === null) return false;
  endOrder(state, desk, existing, 'position-closed');
  return true;
}

/** Follows the position: its stops carry its quantity, those for a part no more than it, and go when it is closed. */
export function syncProtections(state: AccountState, desk: Desk, position: MatchingPosition): void {
  for (const order of openOrdersOf(state, position.instrumentId)) {
    if (order.positionIndex !== position.positionIndex || !isProtection(order)) continue;
    const turned = order.side !== exitSide(position.direction);
    if (position.quantity.isZero() || turned) endOrder(state, desk, order, 'position-closed');
    else if (order.status === 'untriggered') follow(state, desk, position, order);
  }
}

/** On which move a stop of this kind fires. */
export function triggerDirection(origin: OrderOrigin, direction: Direction): Trigger['direction'] {
  const firesOnGain = origin === 'take-profit' || origin === 'partial-take-profit';
  return firesOnGain === (direction === 'long') ? 'rise' : 'fall';
}

function follow(state: AccountState, desk: Desk, position: MatchingPosition, stop: MatchingOrder): void {
  const quantity = isPartialProtection(stop)
    ? minDecimal(stop.quantity, position.quantity)
    : position.quantity;
  if (!stop.quantity.equals(quantity)) keepOrder(state, { ...stop, quantity, updatedMs: desk.nowMs() });
}
