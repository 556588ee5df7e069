import type { CandleColumns } from '../domain/candle-file.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { decideOnCandle, NO_DECISIONS } from './decide-on-candle.ts';
import type { Decision } from './decision.ts';
import type { EngineState } from './state.ts';

/**
 * Closed candles of one instrument, for a walk through the past that knows that nothing is to be decided on any but the
 * newest of them: no entry signal, no position of ours on the instrument. All of them are sound and follow what the
 * engine has seen.
 */
export interface RecordedStretch {
  readonly timeMs: number;
  readonly instrumentId: InstrumentId;
  readonly columns: CandleColumns;
  /** Rows before this one have closed. */
  readonly end: number;
  /**
   * What is asked about the newest candle: everything; what is held alone; or nothing, which leaves it to the entry pass
   * that follows in the same moment and says what stands.
   */
  readonly judged: 'all' | 'position' | 'nothing';
}

/** Leaves the engine as if each candle had come by itself at its close, and decides on the newest. */
export function takeStretch(state: EngineState, stretch: RecordedStretch): readonly Decision[] {
  const { instrumentId, columns, end, judged } = stretch;
  const market = state.markets.get(instrumentId);
  const series = market?.on(columns.timeframe) ?? null;
  if (market === undefined || series === null || !series.advance(columns, end)) return NO_DECISIONS;
  state.scanVersion += 1;
  if (judged === 'nothing') return NO_DECISIONS;
  return decideOnCandle(state, market, series, judged === 'all');
}
