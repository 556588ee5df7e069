import type { CancelTimer, Time } from '../../platform/time.ts';

/** The venue's own clock: true until a fault sets it wrong. Timers are not touched: a wrong clock still ticks. */
export class VenueClock implements Time {
  private readonly base: Time;
  private skewMs = 0;
  private drift: { readonly sinceMs: number; readonly rate: number } | null = null;

  constructor(base: Time) {
    this.base = base;
  }

  nowMs(): number {
    const trueMs = this.base.nowMs();
    const driftMs = this.drift === null ? 0 : (trueMs - this.drift.sinceMs) * this.drift.rate;
    return trueMs + this.skewMs + Math.round(driftMs);
  }

  monotonicMs(): number {
    return this.base.monotonicMs();
  }

  after(delayMs: number, task: () => void): CancelTimer {
    return this.base.after(delayMs, task);
  }

  /** Jumps by this much against what it shows now; negative goes back. */
  skew(byMs: number): void {
    this.skewMs += byMs;
  }

  /** Runs faster by this share from now on; what was gained stays. */
  driftBy(rate: number): void {
    const shownMs = this.nowMs();
    this.drift = rate === 0 ? null : { sinceMs: this.base.nowMs(), rate };
    this.skewMs = shownMs - this.base.nowMs();
  }
}
