import { type Decimal, ZERO } from '../base/decimal.ts';
import { type AccountState, type Desk, keepOrder, openOrdersOf } from './account-state.ts';
import type { Book } from './book.ts';
import { isResting, type MatchingOrder } from './matching-order.ts';

/** How far an order may take without trading with its own account. */
export interface TakeBound {
  readonly limit: Decimal | null;
  /** The resting order it must not meet: what is not filled before it is cancelled. Null for none. */
  readonly rival: MatchingOrder | null;
}

/**
 * Looks for resting orders of the same account that the order would trade with on its way through the book,
 * and keeps its rule: the resting ones are cancelled, the order stops one tick before the nearest, or both.
 */
export function preventSelfMatch(
  state: AccountState,
  desk: Desk,
  book: Book,
  taking: { readonly order: MatchingOrder; readonly wanted: Decimal },
): TakeBound {
  const { order } = taking;
  const rule = order.selfMatch ?? 'none';
  const free: TakeBound = { limit: order.price, rival: null };
  if (rule === 'none') return free;
  const rivals = rivalsOf(state, book, taking);
  const nearest = rivals[0];
  if (nearest === undefined) return free;
  const cancelled = rule === 'cancel-maker' ? rivals : rivals.slice(0, rule === 'cancel-both' ? 1 : 0);
  for (const rival of cancelled) endForSelfMatch(state, desk, rival, order.orderId);
  if (rule === 'cancel-maker' || nearest.price === null) return free;
  const tick = book.instrument.tickSize;
  const limit = order.side === 'buy' ? nearest.price.minus(tick) : nearest.price.plus(tick);
  return { limit, rival: nearest };
}

/** Cancels an order that would have traded with another one of its account. */
export function endForSelfMatch(
  state: AccountState,
  desk: Desk,
  order: MatchingOrder,
  rivalOrderId: string,
): void {
  keepOrder(state, {
    ...order,
    status: 'cancelled',
    endReason: 'self-match',
    links: { ...order.links, rivalOrderId },
    updatedMs: desk.nowMs(),
  });
}

/** Resting orders against it within its reach, the nearest to the book first. */
function rivalsOf(
  state: AccountState,
  book: Book,
  taking: { readonly order: MatchingOrder; readonly wanted: Decimal },
): readonly MatchingOrder[] {
  const { order } = taking;
  const reach = reachOf(state, book, taking);
  return openOrdersOf(state, order.instrumentId)
    .filter((other) => {
      if (other.side === order.side || !isResting(other) || other.price === null) return false;
      return order.side === 'buy'
        ? other.price.lessThanOrEqualTo(reach)
        : other.price.greaterThanOrEqualTo(reach);
    })
    .sort((a, b) => nearness(a, b) * (order.side === 'buy' ? 1 : -1));
}

function nearness(a: MatchingOrder, b: MatchingOrder): number {
  return a.price === null || b.price === null ? 0 : a.price.comparedTo(b.price);
}

/** The last price the order gets to: where others fill it, else its limit, else the end of the book. */
function reachOf(
  { uid }: AccountState,
  book: Book,
  taking: { readonly order: MatchingOrder; readonly wanted: Decimal },
): Decimal {
  const { side, price } = taking.order;
  let left = taking.wanted;
  for (const level of book.reach(side, price, uid)) {
    left = left.minus(level.quantity);
    if (!left.greaterThan(ZERO)) return level.price;
  }
  return price ?? book.protectedPriceFor(side);
}
