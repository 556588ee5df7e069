import type { Instrument } from '../domain/instrument.ts';
import type { Direction } from '../domain/order.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Signal, Verdict } from '../domain/verdict.ts';
import type { AroundSignal, EntryReadings } from './entry-readings.ts';
import type { FilterSettings } from './settings.ts';

/** Everything the entry filters may look at, gathered by the engine at one moment. */
export interface EntryContext extends AroundSignal, EntryReadings {
  readonly timeMs: number;
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly settings: FilterSettings;
  /** The wiring's word on whether entries may leave at all. */
  readonly entriesAllowed: { readonly allowed: boolean; readonly reason: string };
  readonly candles: CandleFacts;
  /** End of the wait after a failed entry, ms UTC; null without one. */
  readonly coolDownUntilMs: number | null;
}

/** What is known of the closed candles behind a signal. */
export interface CandleFacts {
  /** Closed candles held now. */
  readonly held: number;
  /** Closed candles shown since the series began, those no longer held included. */
  readonly shown: number;
  /** Open time of the newest closed candle, ms UTC; null without one. */
  readonly newestOpenTimeMs: number | null;
  /** True when a candle is missing and has not been read yet. */
  readonly gap: boolean;
  /** Why the feed is lost; null while it lives. */
  readonly feedLost: string | null;
  /** Lowest RSI since the series began; null before the first. */
  readonly rsiMin: number | null;
  /** Highest RSI since the series began; null before the first. */
  readonly rsiMax: number | null;
}

/** One reason not to enter: pure, answers with the numbers it was made of. */
export type EntryFilter = (context: EntryContext) => Verdict;

/** Direction an entry on this signal would have; null when the signal is no entry. */
export function entryDirection(signal: Signal): Direction | null {
  if (signal.kind === 'wait') return null;
  return signal.kind === 'enter-long' ? 'long' : 'short';
}
