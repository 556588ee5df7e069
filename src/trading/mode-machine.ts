import type { Doubt, Mode } from './trading-mode.ts';

/** How the service stands, since when, and everything that speaks against entries. */
export interface ModeReading {
  readonly mode: Mode;
  /** The sentence that explains the mode. */
  readonly reason: string;
  readonly sinceMs: number;
  /** All of them, the one that decides first; empty while entries may leave. */
  readonly reasons: readonly string[];
}

/** A move from one mode to another. */
export interface ModeChange {
  readonly timeMs: number;
  readonly from: Mode;
  readonly to: Mode;
  readonly reason: string;
  /** What the move stands on: doubts that came, or doubts that are gone and for how long nothing was doubted. */
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** A moment by both clocks: one tells a person, the other measures. */
export interface Moment {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/** How long there must have been no doubt before entries may leave again: what comes and goes keeps them back. */
const STEADY_MS = 5_000;

const READY = 'Account, market and streams are fresh.';

/**
 * Where a mode may go. Right of `ready` any doubt leads at once; back leads only that nothing was doubted for a while or,
 * from `halted`, a person.
 */
const NEXT: Readonly<Record<Mode, readonly Mode[]>> = {
  starting: ['reconciling', 'reduce-only', 'halted'],
  reconciling: ['ready', 'reduce-only', 'halted'],
  ready: ['reduce-only', 'halted'],
  'reduce-only': ['ready', 'halted'],
  halted: ['starting', 'reconciling', 'ready', 'reduce-only'],
};

/** The mode of an account. It moves only along its table, and every move is told with what it stands on. */
export class ModeMachine {
  private mode: Mode = 'starting';
  private sinceMs: number;
  /** The newest doubts, told again while they are gone and not yet forgotten. */
  private doubted: readonly Doubt[] = [];
  private doubtedMs = Number.NEGATIVE_INFINITY;
  private readonly onChange: (change: ModeChange) => void;

  constructor(nowMs: number, onChange: (change: ModeChange) => void) {
    this.sinceMs = nowMs;
    this.onChange = onChange;
  }

  /** Takes the doubts of this moment and moves as far as they allow. */
  observe(doubts: readonly Doubt[], moment: Moment): void {
    if (doubts.length > 0) {
      this.doubted = doubts;
      this.doubtedMs = moment.monotonicMs;
    }
    // Both were reached between two looks: the way leads through the middle all the same.
    if (this.mode === 'starting' && doubts.length === 0) this.move('reconciling', doubts, moment);
    const wanted = this.wantedBy(doubts);
    if (wanted === this.mode) return;
    if (this.mode === 'reduce-only' && wanted === 'ready' && !this.isSteady(moment)) return;
    this.move(wanted, doubts, moment);
  }

  /** What holds now: a doubt counts before it was observed, its end does not. */
  reading(doubts: readonly Doubt[]): ModeReading {
    const [first] = doubts;
    const { mode } = this;
    const sinceMs = this.sinceMs;
    if (first !== undefined) {
      const reasons = doubts.map(({ reason }) => reason);
      return { mode: this.wantedBy(doubts), reason: first.reason, sinceMs, reasons };
    }
    if (mode === 'ready') return { mode, reason: READY, sinceMs, reasons: [] };
    const last = this.doubted[0]?.reason ?? 'The exchange is being read for the first time.';
    const reason =
      mode === 'reduce-only'
        ? `${last} It is over; ${STEADY_MS / 1_000} s without a doubt are awaited.`
        : last;
    return { mode, reason, sinceMs, reasons: [reason] };
  }

  /** A doubt whose own mode lies behind us still ends entries. */
  private wantedBy([first]: readonly Doubt[]): Mode {
    const wanted = first?.mode ?? 'ready';
    if (NEXT[this.mode].includes(wanted)) return wanted;
    return this.mode === 'ready' && first !== undefined ? 'reduce-only' : this.mode;
  }

  private isSteady({ monotonicMs }: Moment): boolean {
    return monotonicMs - this.doubtedMs >= STEADY_MS;
  }

  private move(to: Mode, doubts: readonly Doubt[], { nowMs, monotonicMs }: Moment): void {
    const from = this.mode;
    this.mode = to;
    this.sinceMs = nowMs;
    const reason = doubts[0]?.reason ?? READY;
    const gone = this.doubted.map(({ code }) => code).join(' ');
    const evidence =
      doubts.length > 0
        ? { doubts: doubts.map(({ code }) => code).join(' ') }
        : { gone, quietMs: Number.isFinite(this.doubtedMs) ? Math.round(monotonicMs - this.doubtedMs) : 0 };
    this.onChange({ timeMs: nowMs, from, to, reason, evidence });
  }
}
