import type { CandleColumns } from '../core/domain/candle-file.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';

/** One payment of funding. */
export interface FundingPoint {
  readonly timeMs: number;
  /** Share of the position's value that longs pay to shorts; negative the other way round. */
  readonly rate: number;
}

/** Where candles came from. */
export interface PastFile {
  /** Name of the file without `.csv`. */
  readonly name: string;
  readonly rows: number;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  /** SHA-256 of the unpacked text. */
  readonly sha256: string;
}

/** One instrument of the past. */
export interface PastInstrument {
  readonly instrument: Instrument;
  readonly file: PastFile;
  /** As recorded: what prices do inside the candles that are decided on. */
  readonly recorded: CandleColumns;
  /** The candles that are decided on; the recorded ones themselves when the timeframes are the same. */
  readonly decided: CandleColumns;
  /** Ascending; empty where none are known. */
  readonly fundings: readonly FundingPoint[];
}

/** Recorded candles of several instruments, ready to be walked through. */
export interface PastMarket {
  readonly recordedTimeframe: Timeframe;
  /** Timeframe of decisions: the recorded one or a multiple of it. */
  readonly timeframe: Timeframe;
  /** In order of id. */
  readonly instruments: readonly PastInstrument[];
}

/** Open time after the newest row, ms UTC. */
export function endMsOf({ firstOpenMs, count }: CandleColumns, lengthMs: number): number {
  return firstOpenMs + count * lengthMs;
}
