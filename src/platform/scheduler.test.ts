import { describe, expect, test } from 'vitest';
import { rng } from '../core/base/rng.ts';
import type { Job } from './scheduled-job.ts';
import { Scheduler } from './scheduler.ts';
import { sleep } from './time.ts';
import { VirtualTime } from './virtual-time.ts';

const START_MS = 1_000_000;

function world() {
  const time = new VirtualTime(START_MS);
  const errors: string[] = [];
  const scheduler = new Scheduler({
    time,
    random: rng(7),
    onError: (name, error) => errors.push(`${name}: ${error instanceof Error ? error.message : ''}`),
  });
  return { time, errors, scheduler };
}

function job(change: Partial<Job>): Job {
  return { name: 'job', intervalMs: 1_000, timeoutMs: 10_000, run: () => Promise.resolve(), ...change };
}

describe('a job', () => {
  test('starts once an interval, the first time after one', async () => {
    const { time, scheduler } = world();
    const startsMs: number[] = [];
    scheduler.add(job({ run: async () => void startsMs.push(time.nowMs() - START_MS) }));
    scheduler.start();
    await time.advance(3_500);
    expect(startsMs).toEqual([1_000, 2_000, 3_000]);
  });

  test('keeps its pace when a run takes part of the interval', async () => {
    const { time, scheduler } = world();
    const startsMs: number[] = [];
    const run = async (): Promise<void> => {
      startsMs.push(time.nowMs() - START_MS);
      await sleep(time, 400);
    };
    scheduler.add(job({ firstDelayMs: 0, run }));
    scheduler.start();
    await time.advance(2_100);
    expect(startsMs).toEqual([0, 1_000, 2_000]);
  });

  test('never overlaps itself', async () => {
    const { time, scheduler } = world();
    let inside = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(time, 2_500);
      inside -= 1;
    };
    scheduler.add(job({ run }));
    scheduler.start();
    const asked = scheduler.runNow('job');
    void scheduler.runNow('job');
    await time.advance(10_000);
    await asked;
    expect(most).toBe(1);
    expect(scheduler.states()[0]?.runs).toBe(5);
  });

  test('starts late by at most its jitter', async () => {
    const { time, scheduler } = world();
    const startsMs: number[] = [];
    scheduler.add(job({ jitterRate: 0.5, run: async () => void startsMs.push(time.nowMs()) }));
    scheduler.start();
    await time.advance(60_000);
    const gaps = startsMs.slice(1).map((startMs, index) => startMs - (startsMs[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_500);
    expect(new Set(gaps).size).toBeGreaterThan(10);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
    ],
  ])('that %s is reported and runs again', async (_how, run) => {
    const { time, errors, scheduler } = world();
    scheduler.add(job({ run }));
    scheduler.start();
    await time.advance(2_000);
    expect(errors).toEqual(['job: broken', 'job: broken']);
    expect(scheduler.states()[0]).toMatchObject({ running: false, lastError: 'broken', runs: 2 });
  });

  test('shows no error after a good run', async () => {
    const { time, scheduler } = world();
    const outcomes = [Promise.reject(new Error('once')), Promise.resolve()];
    scheduler.add(job({ run: () => outcomes.shift() ?? Promise.resolve() }));
    scheduler.start();
    await time.advance(1_000);
    expect(scheduler.states()[0]?.lastError).toBe('once');
    await time.advance(1_000);
    expect(scheduler.states()[0]?.lastError).toBeNull();
  });

  test('is asked to end after its timeout and not started again before it has', async () => {
    const { time, errors, scheduler } = world();
    let aborted = 0;
    const run = async (signal: AbortSignal): Promise<void> => {
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
      await sleep(time, 5_000);
    };
    scheduler.add(job({ intervalMs: 6_000, timeoutMs: 500, run }));
    scheduler.start();
    await time.advance(8_000);
    expect(errors).toEqual(['job: Took longer than 500 ms.']);
    expect(aborted).toBe(1);
    expect(scheduler.states()[0]).toMatchObject({ running: true, runs: 1 });
    await time.advance(3_500);
    expect(scheduler.states()[0]).toMatchObject({ running: false, lastError: 'Took longer than 500 ms.' });
  });

  test('that hangs is told as timed out once, and each start it misses is counted and not made', async () => {
    const { time, errors, scheduler } = world();
    let begun = 0;
    const run = (): Promise<void> => {
      begun += 1;
      return new Promise(() => undefined);
    };
    scheduler.add(job({ timeoutMs: 500, run }));
    scheduler.start();
    await time.advance(1_400);
    expect(scheduler.states()[0]).toMatchObject({ running: true, timeouts: 0, overlapsSkipped: 0 });
    // Due at 2, 3 and 4 s, and asked for by hand.
    await time.advance(3_000);
    void scheduler.runNow('job');
    await time.advance(100);
    expect(begun).toBe(1);
    expect(errors).toHaveLength(1);
    expect(scheduler.states()[0]).toMatchObject({
      running: true,
      lastError: 'Took longer than 500 ms.',
      nextRunMs: null,
      runs: 1,
      timeouts: 1,
      overlapsSkipped: 4,
    });
  });

  test('keeps count of missed starts when it ends late, and runs again', async () => {
    const { time, scheduler } = world();
    const lasts = [2_500, 0];
    scheduler.add(job({ run: () => sleep(time, lasts.shift() ?? 0) }));
    scheduler.start();
    await time.advance(3_600);
    expect(scheduler.states()[0]).toMatchObject({ runs: 2, overlapsSkipped: 2, timeouts: 0 });
  });

  test('that throws keeps its error and its next run', async () => {
    const { time, scheduler } = world();
    scheduler.add(job({ run: () => Promise.reject(new Error('broken')) }));
    scheduler.start();
    await time.advance(1_000);
    expect(scheduler.states()[0]).toMatchObject({
      running: false,
      lastError: 'broken',
      nextRunMs: START_MS + 2_000,
      overlapsSkipped: 0,
      timeouts: 0,
    });
  });

  test('tells when it ran, how long, and when it runs next', async () => {
    const { time, scheduler } = world();
    scheduler.add(job({ run: () => sleep(time, 300) }));
    expect(scheduler.states()[0]).toEqual({
      name: 'job',
      intervalMs: 1_000,
      running: false,
      lastStartMs: null,
      lastDurationMs: null,
      lastError: null,
      nextRunMs: null,
      runs: 0,
      overlapsSkipped: 0,
      timeouts: 0,
    });
    scheduler.start();
    await time.advance(1_500);
    expect(scheduler.states()[0]).toMatchObject({
      lastStartMs: START_MS + 1_000,
      lastDurationMs: 300,
      nextRunMs: START_MS + 2_000,
      runs: 1,
    });
  });
});

describe('the scheduler', () => {
  test('runs a job on demand and gives its state after', async () => {
    const { scheduler } = world();
    scheduler.add(job({}));
    expect(await scheduler.runNow('job')).toMatchObject({ runs: 1, running: false });
    expect(await scheduler.runNow('other')).toBeNull();
  });

  test('refuses a second job of the same name', () => {
    const { scheduler } = world();
    scheduler.add(job({}));
    expect(() => scheduler.add(job({}))).toThrow('added once');
  });

  test('stops the last added job first, waits for it, and starts nothing after', async () => {
    const { time, scheduler } = world();
    const ended: string[] = [];
    for (const name of ['first', 'second']) {
      const run = async (): Promise<void> => {
        await sleep(time, 700);
        ended.push(name);
      };
      scheduler.add(job({ name, run }));
    }
    scheduler.start();
    await time.advance(1_000);
    const stopped = scheduler.stop();
    await time.advance(10_000);
    expect(await stopped).toEqual([]);
    expect(ended.sort()).toEqual(['first', 'second']);
    expect(scheduler.states().map((state) => state.runs)).toEqual([1, 1]);
  });

  test('names the jobs that do not end when it stops', async () => {
    const { time, scheduler } = world();
    scheduler.add(job({ name: 'stuck', run: () => new Promise(() => undefined) }));
    scheduler.add(
      job({
        name: 'obedient',
        run: (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('asked to')));
          }),
      }),
    );
    scheduler.start();
    await time.advance(1_000);
    const stopped = scheduler.stop(3_000);
    await time.advance(3_000);
    expect(await stopped).toEqual(['stuck']);
  });
});
