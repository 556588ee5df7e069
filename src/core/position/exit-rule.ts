import type { Code } from '../domain/codes.ts';
import type { Direction, ExitReason } from '../domain/order.ts';
import type { Trend } from '../domain/verdict.ts';

/** The part of an open position that exit rules look at. Prices as numbers: they are compared, never booked. */
export interface GuardedPosition {
  readonly direction: Direction;
  readonly stopPrice: number;
  /** Null: no take-profit. */
  readonly takeProfitPrice: number | null;
  readonly entryTrend: Trend | null;
}

/** Why a position should end now, with the numbers. Each rule gives null when it should not. */
export interface ExitFinding {
  readonly reason: ExitReason;
  readonly code: Code & `exit.${string}`;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
}
