import type { NoiseStyle } from './noise.ts';

/** A stretch of time in which an instrument behaves in one way. */
export interface Regime {
  readonly share: number;
  /** Size of moves, 1 for ordinary. */
  readonly volatility: number;
  /** How the path of an hour hangs together. */
  readonly style: NoiseStyle;
}

/** Surges: moves of a few minutes that come back within the hour. */
export interface SurgeScale {
  /** Chance that one starts in an hour of an instrument. */
  readonly share: number;
  /** Logarithm of the smallest and the largest. */
  readonly depthMin: number;
  readonly depthMax: number;
  /** Share of surges that are slides: deeper, slower, and slower to come back. */
  readonly slideShare: number;
}

/** How a synthetic market moves. Sizes are logarithms of prices: 0.05 is about 5 %. */
export interface MarketScale {
  /** Deviation of the path inside a day. */
  readonly daySize: number;
  /** Deviation of the step from one day's close to the next. */
  readonly dayStep: number;
  /** Share of the way from its anchor that a price keeps per day. */
  readonly dayMemory: number;
  /** The farthest a day's close gets from its anchor. */
  readonly distanceMax: number;
  readonly regimeHours: number;
  readonly regimes: readonly Regime[];
  readonly surge: SurgeScale;
}

export type CandleScale = 'real' | 'demo';

/** Minutes that move like real minutes: about 4 % a day for an ordinary instrument. */
const REAL: MarketScale = {
  daySize: 0.045,
  dayStep: 0.04,
  dayMemory: 0.985,
  distanceMax: 1.2,
  regimeHours: 72,
  regimes: [
    { share: 0.6, volatility: 0.7, style: { pull: 0.01, momentum: 0 } },
    { share: 0.28, volatility: 1, style: { pull: 0, momentum: 0.03 } },
    { share: 0.12, volatility: 2, style: { pull: 0, momentum: 0.06 } },
  ],
  surge: { share: 0.01, depthMin: 0.03, depthMax: 0.12, slideShare: 0.5 },
};

/**
 * Minutes that move like real 6-hour candles: a day is a year, so its pumps and dumps come every hour or two
 * and its prices are back at their anchor in days. Between surges paths turn back soon (a pull of 0.06 per
 * quarter minute), which keeps RSI in the middle: what reaches an extreme is mostly a surge, and goes on to
 * an exit or to a stop within minutes instead of filling a place for an hour.
 */
const DEMO: MarketScale = {
  daySize: 0.28,
  dayStep: 0.25,
  dayMemory: 0.5,
  distanceMax: 1.4,
  regimeHours: 1,
  regimes: [
    { share: 0.6, volatility: 0.7, style: { pull: 0.08, momentum: 0 } },
    { share: 0.28, volatility: 1, style: { pull: 0.06, momentum: 0 } },
    { share: 0.12, volatility: 1.5, style: { pull: 0.05, momentum: 0 } },
  ],
  surge: { share: 0.6, depthMin: 0.16, depthMax: 0.5, slideShare: 0.75 },
};

/** The parameters of a scale. */
export function marketScale(candleScale: CandleScale): MarketScale {
  return candleScale === 'demo' ? DEMO : REAL;
}
