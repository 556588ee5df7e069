import type { OptimalEma, OptimalEmaList } from '../api/optimal-ema.ts';

/** What the bots service offers of its searches for pairs of averages. `symbol` as typed. */
export interface OptimalEmaApi {
  /** All results of the timeframe of signals. */
  list(): Promise<OptimalEmaList>;
  /** Null when there is no such coin or it was never searched. */
  of(symbol: string): Promise<OptimalEma | null>;
  /** Searches unless a fresh result is there; null when there is no such coin or it has no candles. */
  search(symbol: string, force: boolean): Promise<OptimalEma | null>;
}
