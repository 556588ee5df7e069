import type { Timeframe } from '../core/domain/timeframe.ts';
import type { InstrumentAtClose, Judged } from '../core/engine/close-record.ts';

/** One instrument at one close, with the close it belongs to. */
export interface InstrumentCloseRow extends InstrumentAtClose {
  readonly closeTimeMs: number;
  readonly timeframe: Timeframe;
}

/** The same with what it was judged by; null where that is not kept, or was not yet. */
export interface JudgedCloseRow extends InstrumentCloseRow {
  readonly judged: Judged | null;
}

/** Which closes are kept. */
export interface ClosesKept {
  readonly beforeMs: number;
  readonly rowsMax: number;
  /** Closes with every verdict. */
  readonly judgedMax: number;
}
