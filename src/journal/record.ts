import type { EngineCapture } from '../core/engine/capture.ts';

/** Raised when records change their form; a segment of another form is refused, never guessed at. */
export const JOURNAL_FORMAT = 1;

/** What a record is, its first byte. */
export const RECORD = {
  head: 1,
  market: 2,
  price: 3,
  candle: 4,
  history: 5,
  other: 6,
  decisions: 7,
} as const;

/** Which prices of a tick are there. */
export const HAS_BID = 1;
export const HAS_ASK = 2;
export const HAS_FUNDING = 4;

/** Why steps are not in the journal. */
export interface Gap {
  /** Steps that are left out before this segment. */
  readonly steps: number;
  /** A sentence for a person. */
  readonly reason: string;
}

/** What a segment begins with: who wrote it, and all of the engine but its markets. */
export interface SegmentHead {
  readonly format: number;
  /** Counts up over restarts. */
  readonly segment: number;
  readonly startedMs: number;
  /** `start`: of a service; `roll`: goes on where the segment before ended; `gap`: steps are missing in between. */
  readonly cause: 'start' | 'roll' | 'gap';
  readonly gap: Gap | null;
  /** Versions of program and runtime: numbers such as logarithms may differ between runtimes. */
  readonly program: string;
  readonly runtime: string;
  /** The engine before the first event. */
  readonly engine: Omit<EngineCapture, 'markets'>;
  /** Records of markets that follow. */
  readonly markets: number;
}
