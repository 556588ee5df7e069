import type { CancelTimer, Time } from '../../../platform/time.ts';

/** A channel without a word from its client for this long is cut. */
const SILENCE_MS_MAX = 600_000;

/** Watches one channel for silence. */
export class Silence {
  private readonly time: Time;
  private readonly onSilent: () => void;
  private heardMs: number;
  private cancel: CancelTimer;

  constructor(time: Time, onSilent: () => void) {
    this.time = time;
    this.onSilent = onSilent;
    this.heardMs = time.nowMs();
    this.cancel = time.after(SILENCE_MS_MAX, () => this.check());
  }

  heard(): void {
    this.heardMs = this.time.nowMs();
  }

  stop(): void {
    this.cancel();
  }

  private check(): void {
    const leftMs = this.heardMs + SILENCE_MS_MAX - this.time.nowMs();
    if (leftMs <= 0) this.onSilent();
    else this.cancel = this.time.after(leftMs, () => this.check());
  }
}
