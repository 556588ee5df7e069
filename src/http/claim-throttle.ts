import type { Time } from '../platform/time.ts';

/** The failure from which on waiting starts: a person mistypes once or twice. */
const FIRST_WAITING_FAILURE = 3;
const FIRST_WAIT_MS = 1000;
const WAIT_MS_MAX = 15 * 60_000;
/** Sources remembered; the oldest goes first, which costs an attacker an address for each. */
const SOURCES_MAX = 1000;

interface Source {
  readonly failures: number;
  readonly blockedUntilMs: number;
}

/** Slows guessing down: after a few failures each further one doubles the wait of its source. No source is exempt. */
export class ClaimThrottle {
  private readonly time: Time;
  private readonly sources = new Map<string, Source>();

  constructor(time: Time) {
    this.time = time;
  }

  /** Milliseconds `source` has to wait before its next try counts; 0 for none. */
  waitMs(source: string): number {
    const known = this.sources.get(source);
    return known === undefined ? 0 : Math.max(0, known.blockedUntilMs - this.time.monotonicMs());
  }

  /** Counted before the try is judged, so that a burst in flight cannot outrun the wait. */
  begin(source: string): void {
    const failures = (this.sources.get(source)?.failures ?? 0) + 1;
    const doublings = failures - FIRST_WAITING_FAILURE;
    const waitMs = doublings < 0 ? 0 : Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** doublings);
    this.sources.delete(source);
    const oldest = this.sources.keys().next();
    if (this.sources.size >= SOURCES_MAX && oldest.done !== true) this.sources.delete(oldest.value);
    this.sources.set(source, { failures, blockedUntilMs: this.time.monotonicMs() + waitMs });
  }

  /** The try was good: the source starts afresh. */
  succeed(source: string): void {
    this.sources.delete(source);
  }
}
