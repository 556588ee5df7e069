import type { Code } from '../domain/codes.ts';
import type { Direction, ExitReason } from '../domain/order.ts';
import type { Trend } from '../domain/trend.ts';

/**
 * What put the stop of a position where it stands: the distance from the entry, break-even, the trailing stop,
 * the exchange, where a person has set a tighter one, or a liquidation price that came near.
 */
export const STOP_KINDS = ['initial', 'break-even', 'trailing', 'exchange', 'liquidation'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** The part of an open position that exit rules look at. Prices as numbers: they are compared, never booked. */
export interface GuardedPosition {
  readonly direction: Direction;
  readonly entryPrice: number;
  /** Time of the first fill, ms. */
  readonly openedMs: number;
  /** Fees paid so far for one unit of what was entered, quote currency; negative for rebates. */
  readonly feePerUnit: number;
  /** Tightest stop the position has had. */
  readonly stopPrice: number;
  readonly stopKind: StopKind;
  /** Null: no take-profit. */
  readonly takeProfitPrice: number | null;
  readonly entryTrend: Trend | null;
}

/** One moment of the market of a position. What is not known is null, and no rule decides on it. */
export interface GuardMoment {
  readonly timeMs: number;
  /** Judged against the stop: the stop at the exchange is triggered by it too. */
  readonly markPrice: number | null;
  /** Judged by every other rule: the price a market order is near to. */
  readonly lastPrice: number | null;
  /** Rate of the next funding payment, a share of the notional; > 0 is paid by longs. */
  readonly fundingRate: number | null;
  /** Announced delisting; null while none is. */
  readonly deliveryTimeMs: number | null;
}

/** Why a position should end now, with the numbers. Each rule gives null when it should not. */
export interface ExitFinding {
  readonly reason: ExitReason;
  readonly code: Code & `exit.${string}`;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
}

/** True when a price has come back to a level that stands below a long's price and above a short's. */
export function hasFallenTo(direction: Direction, price: number, level: number): boolean {
  return direction === 'long' ? price <= level : price >= level;
}

/** The one of two levels below a long's price, or above a short's, that is nearer to it. */
export function nearerLevel(direction: Direction, a: number, b: number): number {
  return direction === 'long' ? Math.max(a, b) : Math.min(a, b);
}
