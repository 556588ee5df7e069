import type { Rng } from '../core/base/rng.ts';
import type { CancelTimer, Time } from './time.ts';

/** Work that repeats. */
export interface Job {
  /** Unique, kebab-case. */
  readonly name: string;
  readonly intervalMs: number;
  /** Share of the interval by which a start may be late, 0..1: jobs of one interval do not start together. */
  readonly jitterRate?: number;
  /** Time before the first run; one interval unless given. */
  readonly firstDelayMs?: number;
  /** A run is asked to end after this time; no other starts before it has ended. */
  readonly timeoutMs: number;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** What a person sees of a job. Times UTC; null: has not happened, or is not planned. */
export interface JobState {
  readonly name: string;
  readonly intervalMs: number;
  readonly running: boolean;
  readonly lastStartMs: number | null;
  readonly lastDurationMs: number | null;
  /** Null after a good run. */
  readonly lastError: string | null;
  readonly nextRunMs: number | null;
  readonly runs: number;
  /** Starts that came due, or were asked for, while a run was under way: that run went on alone. */
  readonly overlapsSkipped: number;
  /** Runs that took longer than they may; one that still goes on is one of them. */
  readonly timeouts: number;
}

export interface SchedulerOptions {
  readonly time: Time;
  readonly random: Rng;
  /** Told of every failed run. */
  readonly onError: (jobName: string, error: unknown) => void;
}

interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** One job of the scheduler: planned, running, or neither (stopped). */
export class ScheduledJob {
  private readonly job: Job;
  private readonly options: SchedulerOptions;
  private planned = false;
  private cancelTimer: CancelTimer | null = null;
  private current: Run | null = null;
  private lastStartMs: number | null = null;
  private lastDurationMs: number | null = null;
  private lastError: string | null = null;
  private nextRunMs: number | null = null;
  private runs = 0;
  private overlapsSkipped = 0;
  private timeouts = 0;
  private startMonotonicMs = 0;

  constructor(job: Job, options: SchedulerOptions) {
    this.job = job;
    this.options = options;
  }

  /** Plans the first run. A no-op when planned already. */
  start(): void {
    if (this.planned) return;
    this.planned = true;
    this.plan(this.job.firstDelayMs ?? this.job.intervalMs);
  }

  /** Takes back the planned run; one under way goes on. */
  unplan(): void {
    this.planned = false;
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.nextRunMs = null;
  }

  /** Asks a run under way to end; resolves when it has. */
  async end(): Promise<void> {
    if (this.current === null) return;
    this.current.abort.abort(new Error('The scheduler stops.'));
    await this.current.ended;
  }

  /** Runs now, or joins the run under way. Resolves at its end, whatever came of it. */
  async runNow(): Promise<void> {
    if (this.current === null) this.begin();
    else this.overlapsSkipped += 1;
    await this.current?.ended;
  }

  state(): JobState {
    return {
      name: this.job.name,
      intervalMs: this.job.intervalMs,
      running: this.current !== null,
      lastStartMs: this.lastStartMs,
      lastDurationMs: this.lastDurationMs,
      lastError: this.lastError,
      nextRunMs: this.nextRunMs,
      runs: this.runs,
      overlapsSkipped: this.overlapsSkipped + (this.current === null ? 0 : this.startsMissed()),
      timeouts: this.timeouts,
    };
  }

  private plan(delayMs: number): void {
    const jitterMs = this.job.intervalMs * (this.job.jitterRate ?? 0) * this.options.random.next();
    const waitMs = Math.round(delayMs + jitterMs);
    this.nextRunMs = this.options.time.nowMs() + waitMs;
    this.cancelTimer?.();
    this.cancelTimer = this.options.time.after(waitMs, () => this.begin());
  }

  /** Starts that came due during the run under way. */
  private startsMissed(): number {
    return Math.floor((this.options.time.monotonicMs() - this.startMonotonicMs) / this.job.intervalMs);
  }

  private begin(): void {
    if (this.current !== null) return;
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.nextRunMs = null;
    this.runs += 1;
    this.lastStartMs = this.options.time.nowMs();
    this.startMonotonicMs = this.options.time.monotonicMs();
    const abort = new AbortController();
    // Not in this turn: a run that throws at once must find itself under way.
    this.current = { abort, ended: Promise.resolve().then(() => this.execute(abort)) };
  }

  private async execute(abort: AbortController): Promise<void> {
    let timedOut = false;
    const cancelTimeout = this.options.time.after(this.job.timeoutMs, () => {
      timedOut = true;
      this.timeouts += 1;
      this.fail(new Error(`Took longer than ${String(this.job.timeoutMs)} ms.`));
      abort.abort(new Error(`The job ${this.job.name} took longer than ${String(this.job.timeoutMs)} ms.`));
    });
    try {
      await this.job.run(abort.signal);
      if (!timedOut) this.lastError = null;
    } catch (error) {
      if (!timedOut) this.fail(error);
    }
    cancelTimeout();
    const durationMs = this.options.time.monotonicMs() - this.startMonotonicMs;
    this.lastDurationMs = Math.round(durationMs);
    this.overlapsSkipped += this.startsMissed();
    this.current = null;
    if (this.planned) this.plan(Math.max(0, this.job.intervalMs - durationMs));
  }

  private fail(error: unknown): void {
    this.lastError = error instanceof Error ? error.message : String(error);
    this.options.onError(this.job.name, error);
  }
}
