import { assert } from '../core/base/assert.ts';
import { type Job, type JobState, ScheduledJob, type SchedulerOptions } from './scheduled-job.ts';
import type { CancelTimer } from './time.ts';

const JOBS_MAX = 100;
const STOP_WAIT_MS = 5_000;

/** The service's one scheduler: named jobs that never overlap themselves. */
export class Scheduler {
  private readonly options: SchedulerOptions;
  private readonly jobs = new Map<string, ScheduledJob>();
  private started = false;

  constructor(options: SchedulerOptions) {
    this.options = options;
  }

  /** Adds a job; it is planned at once when the scheduler runs. Stops on a name already there. */
  add(job: Job): void {
    assert(!this.jobs.has(job.name), `The job ${job.name} is added once.`);
    assert(this.jobs.size < JOBS_MAX, `There are at most ${JOBS_MAX} jobs.`);
    const scheduled = new ScheduledJob(job, this.options);
    this.jobs.set(job.name, scheduled);
    if (this.started) scheduled.start();
  }

  start(): void {
    this.started = true;
    for (const job of this.jobs.values()) job.start();
  }

  /** In order of adding. */
  states(): readonly JobState[] {
    return [...this.jobs.values()].map((job) => job.state());
  }

  /** Runs a job now, or waits for the run under way; gives its state after. Null: no such job. */
  async runNow(name: string): Promise<JobState | null> {
    const job = this.jobs.get(name);
    if (job === undefined) return null;
    await job.runNow();
    return job.state();
  }

  /**
   * No new run from here on; then each job, last added first, is asked to end and waited for. Gives the names
   * of those that had not ended within `waitMs` all together.
   */
  async stop(waitMs: number = STOP_WAIT_MS): Promise<readonly string[]> {
    this.started = false;
    const reversed = [...this.jobs].reverse();
    for (const [, job] of reversed) job.unplan();
    const stuck: string[] = [];
    const deadline = this.deadline(waitMs);
    for (const [name, job] of reversed) {
      await Promise.race([job.end(), deadline.passed]);
      if (job.state().running) stuck.push(name);
    }
    deadline.cancel();
    return stuck;
  }

  private deadline(waitMs: number): { readonly passed: Promise<void>; readonly cancel: CancelTimer } {
    let cancel: CancelTimer = () => undefined;
    const passed = new Promise<void>((resolve) => {
      cancel = this.options.time.after(waitMs, resolve);
    });
    return { passed, cancel };
  }
}
