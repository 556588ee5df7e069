import type { CancelTimer, Time } from './time.ts';

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  readonly task: () => void;
}

/** Promise chains that may hang between two timers; each round lets one more link run. */
const SETTLE_ROUNDS = 50;

/**
 * A clock that moves only when told to. Timers fire in order of due time, then of creation; between two
 * timers all promise reactions run. The same calls give the same order on every machine.
 */
export class VirtualTime implements Time {
  private currentMs: number;
  private created = 0;
  private pending: Pending[] = [];

  constructor(startMs: number) {
    this.currentMs = startMs;
  }

  nowMs(): number {
    return this.currentMs;
  }

  monotonicMs(): number {
    return this.currentMs;
  }

  after(delayMs: number, task: () => void): CancelTimer {
    this.created += 1;
    // Whole milliseconds, as real clocks give them: a delay stretched at random is none.
    const dueMs = this.currentMs + Math.max(0, Math.ceil(delayMs));
    const entry: Pending = { dueMs, order: this.created, task };
    this.insert(entry);
    return () => {
      this.pending = this.pending.filter((other) => other !== entry);
    };
  }

  /** Moves time forward by `durationMs`, firing what falls due on the way. */
  async advance(durationMs: number): Promise<void> {
    const targetMs = this.currentMs + durationMs;
    await settle();
    for (let next = this.pending[0]; next !== undefined && next.dueMs <= targetMs; next = this.pending[0]) {
      this.pending.shift();
      this.currentMs = Math.max(this.currentMs, next.dueMs);
      next.task();
      await settle();
    }
    this.currentMs = targetMs;
  }

  private insert(entry: Pending): void {
    const at = this.pending.findIndex(
      (other) => other.dueMs > entry.dueMs || (other.dueMs === entry.dueMs && other.order > entry.order),
    );
    if (at === -1) this.pending.push(entry);
    else this.pending.splice(at, 0, entry);
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) await Promise.resolve();
}
