import type { Interval } from '../../core/statistic/block-bootstrap.ts';
import type { EmaPair } from './grid.ts';
import type { ReturnSummary } from './score.ts';

/**
 * `better`: the choices beat every signal and the default pair on candles they had not seen, by more than chance.
 * `no-better`: they did not; the default pair is used. `not-enough`: too few signals to say either.
 */
export type EmaVerdict = 'better' | 'no-better' | 'not-enough';

/** One fold: times are open times of its first and last candle, ms UTC. */
export interface EmaFold {
  readonly fromMs: number;
  readonly toMs: number;
  /** Chosen on what had ended before it; null where no pair let enough signals through. */
  readonly pair: EmaPair | null;
  readonly inSample: ReturnSummary;
  readonly outOfSample: ReturnSummary;
}

/** What a verdict rests on. Returns are means a signal after fees and slippage, %. */
export interface EmaEvidence {
  /** The pair on all signals: what it was chosen for, and no promise. */
  readonly inSample: ReturnSummary;
  /** The choices of the folds on candles they had not seen. */
  readonly outOfSample: ReturnSummary;
  /** Every signal of the same candles. */
  readonly baseline: ReturnSummary;
  /** The default pair on the same candles. */
  readonly defaultPair: EmaPair & ReturnSummary;
  /** Out of sample less baseline; null when either is unknown. */
  readonly gainPct: number | null;
  /** Of the gain, by blocks of time; null with too few of them. */
  readonly gainInterval: Interval | null;
  readonly folds: readonly EmaFold[];
  readonly pairsTried: number;
  readonly candles: number;
  /** Open times of the first and the last candle, ms UTC. */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface EmaSearchResult {
  readonly verdict: EmaVerdict;
  /** The best one on all signals, whatever the verdict; null where none let enough through. */
  readonly pair: EmaPair | null;
  readonly evidence: EmaEvidence;
}
