import type { MatchingOrder } from '../core/matching/matching-order.ts';

/** How long a closed order without a fill stays in the history. */
const UNFILLED_KEPT_MS = 24 * 3_600_000;

/**
 * Which closed orders the lists still show. The recent list is kept in memory and lost when its service is
 * started again; the history knows every filled order, but comes behind by its lag.
 */
export class OrderRecords {
  private recentSinceMs = 0;
  private lagMs = 0;

  /** The service of the recent list was started again: what closed before is no longer in it. */
  restart(nowMs: number): void {
    this.recentSinceMs = nowMs;
  }

  /** From now on the history shows what changed at least so long ago. */
  setHistoryLag(lagMs: number): void {
    this.lagMs = lagMs;
  }

  /** True when the recent list still has the closed order. */
  isRecent(order: MatchingOrder): boolean {
    return order.updatedMs >= this.recentSinceMs;
  }

  /** True when the history has the closed order: one without a fill is forgotten after a day. */
  isInHistory(order: MatchingOrder, nowMs: number): boolean {
    const ageMs = nowMs - order.updatedMs;
    return ageMs >= this.lagMs && (!order.filledQuantity.isZero() || ageMs <= UNFILLED_KEPT_MS);
  }
}
