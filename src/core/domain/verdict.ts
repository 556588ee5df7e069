import type { Brand } from '../base/brand.ts';
import type { InstrumentId } from './instrument.ts';
import type { Direction } from './order.ts';
import type { Timeframe } from './timeframe.ts';
import type { Trend } from './trend.ts';

export type { Trend } from './trend.ts';

/** What the market suggests for an instrument. */
export type SignalKind = 'enter-long' | 'enter-short' | 'wait';

/** A signal, bound to the closed candle it was read from. */
export interface Signal {
  readonly kind: SignalKind;
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  /** Open time of the closed candle that gave it. */
  readonly candleOpenTimeMs: number;
  readonly close: number;
  readonly rsi: number | null;
  readonly trend: Trend | null;
  /** Distance of RSI beyond its threshold in RSI points, > 0 the deeper the extreme; null without an entry. */
  readonly depth: number | null;
}

/** A filter's answer, with the numbers it was made of. All verdicts of a chain are kept. */
export interface Verdict {
  readonly filter: string;
  /** Stable code from `core/domain/codes.ts`: `filter.maturity.too-young`; a pass ends in `.pass`. */
  readonly code: string;
  /** `skipped`: not judged, the code says why; it stops nothing by itself. */
  readonly kind: 'pass' | 'veto' | 'skipped';
  /** What was measured; null when there was nothing to measure. */
  readonly value: number | string | null;
  readonly threshold: number | string | null;
  /** How far from flipping, in the value's unit: positive passes, negative vetoes; null when not a number. */
  readonly margin: number | null;
  /** Unit of value, threshold and margin: `candles`, `RSI`, `ms`, `pct`, or empty. */
  readonly unit: string;
}

/**
 * Proof that every entry filter was asked and none spoke against the entry, or that a person overrode those which
 * did. Only `core/filter/entry-filters.ts` mints it.
 */
export type PassedEntry = Brand<
  {
    readonly instrumentId: InstrumentId;
    readonly direction: Direction;
    readonly signal: Signal;
    readonly verdicts: readonly Verdict[];
    /** True when a person asked for it whatever the filters say. */
    readonly forced: boolean;
  },
  'PassedEntry'
>;

/** We said no: a refusal of risk, with the numbers. */
export interface Refusal {
  readonly code: string;
  readonly value: number | string | null;
  readonly threshold: number | string | null;
  /** A whole sentence for the screen. */
  readonly detail: string;
}
