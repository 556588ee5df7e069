import type { HeldWorth } from '../api/filter-worth.ts';

/** What the entry filters saved or lost. */
export interface FilterWorthApi {
  /** What is known so far; empty before the first judgement. */
  newest(): Promise<HeldWorth>;
}
