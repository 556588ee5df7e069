import type { MatchingOrder } from '../core/matching/matching-order.ts';

/** A price at which an order of the account acts. */
export interface Level {
  readonly price: number;
  /** True when it acts on a price at or above, false at or below. */
  readonly rising: boolean;
  /** A limit order that rests in the book; else the trigger of a stop or a take-profit. */
  readonly resting: boolean;
}

/** Where a price meets an order on its way. */
export interface Hit {
  readonly price: number;
  readonly resting: boolean;
}

/** The level of an open order; null for one that acts on no price. */
export function levelOf({ trigger, status, price, side }: MatchingOrder): Level | null {
  if (trigger !== null && status === 'untriggered') {
    return { price: trigger.price.toNumber(), rising: trigger.direction === 'rise', resting: false };
  }
  return price === null ? null : { price: price.toNumber(), rising: side === 'sell', resting: true };
}

/**
 * The first level a price meets between `from` and `to`. On its way it passes every price in between and meets a
 * level exactly there; when it jumps, as from a close to the next open, it meets the level where it lands.
 */
export function nextHit(
  levels: readonly Level[],
  way: { readonly from: number; readonly to: number; readonly jumps: boolean },
): Hit | null {
  const { from, to, jumps } = way;
  let first: Hit | null = null;
  for (const level of levels) {
    if (level.rising ? to < level.price : to > level.price) continue;
    const price = jumps ? to : clamped(level.price, from, to);
    if (first === null || Math.abs(price - from) < Math.abs(first.price - from)) {
      first = { price, resting: level.resting };
    }
  }
  return first;
}

/** A level the price stands beyond already is met at once. */
function clamped(price: number, a: number, b: number): number {
  return Math.min(Math.max(price, Math.min(a, b)), Math.max(a, b));
}
