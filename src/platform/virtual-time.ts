import type { CancelTimer, Time } from './time.ts';

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  /** Null when it was cancelled: it leaves the heap when its time has come. */
  task: (() => void) | null;
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
  /** A binary heap: the first to fire is on top. */
  private readonly pending: Pending[] = [];

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
    this.pending.push(entry);
    this.rise(this.pending.length - 1);
    return () => {
      entry.task = null;
    };
  }

  /** Moves time forward by `durationMs`, firing what falls due on the way. */
  async advance(durationMs: number): Promise<void> {
    const targetMs = this.currentMs + durationMs;
    await settle();
    for (let next = this.pending[0]; next !== undefined && next.dueMs <= targetMs; next = this.pending[0]) {
      this.removeFirst();
      if (next.task === null) continue;
      this.currentMs = Math.max(this.currentMs, next.dueMs);
      next.task();
      await settle();
    }
    this.currentMs = targetMs;
  }

  private removeFirst(): void {
    const last = this.pending.pop();
    if (last === undefined || this.pending.length === 0) return;
    this.pending[0] = last;
    this.sink(0);
  }

  private rise(from: number): void {
    for (let at = from; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.swapIfLater(above, at)) return;
      at = above;
    }
  }

  private sink(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const sooner = this.isLater(left, right) ? right : left;
      if (!this.swapIfLater(at, sooner)) return;
      at = sooner;
    }
  }

  private swapIfLater(above: number, below: number): boolean {
    if (!this.isLater(above, below)) return false;
    const [a, b] = [this.pending[above], this.pending[below]];
    if (a === undefined || b === undefined) return false;
    this.pending[above] = b;
    this.pending[below] = a;
    return true;
  }

  private isLater(one: number, other: number): boolean {
    const [a, b] = [this.pending[one], this.pending[other]];
    if (a === undefined || b === undefined) return false;
    return a.dueMs > b.dueMs || (a.dueMs === b.dueMs && a.order > b.order);
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) await Promise.resolve();
}
