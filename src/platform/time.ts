/** Stops a timer. Calling it again is a no-op. */
export type CancelTimer = () => void;

/** Wall clock, monotonic clock and timers: the only door to time. Tests pass a virtual one. */
export interface Time {
  /** Milliseconds UTC since the epoch; may jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds that never jump back; only differences mean something. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): CancelTimer;
}

/** The machine's clock and timers. */
export const systemTime: Time = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, task) => {
    const handle = setTimeout(task, Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};

/** Resolves after `delayMs` of `time`. */
export function sleep(time: Time, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(delayMs, resolve);
  });
}
