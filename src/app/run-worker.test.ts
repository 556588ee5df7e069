import { beforeEach, describe, expect, it } from 'vitest';
import { rng } from '../core/base/rng.ts';
import { Scheduler } from '../platform/scheduler.ts';
import { sleep } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { EventRow } from '../store/store.ts';
import { runWorker } from './run-worker.ts';

const ACTOR = { name: 'ada', role: 'trader' } as const;

let time: VirtualTime;
let log: string[];
let events: EventRow[];
let scheduler: Scheduler;

beforeEach(() => {
  time = new VirtualTime(1_000_000);
  log = [];
  events = [];
  scheduler = new Scheduler({ time, random: rng(1), onError: () => undefined });
});

function addJob(lastsMs: number): void {
  const run = async (): Promise<void> => {
    log.push('run');
    await sleep(time, lastsMs);
  };
  scheduler.add({ name: 'tidy', intervalMs: 60_000, timeoutMs: 60_000, run });
}

function ask(name: string) {
  const recorder = {
    addEvent: (row: EventRow): void => {
      log.push('recorded');
      events.push(row);
    },
  };
  const trading = { scheduler, recorder };
  return runWorker({ trading, time }, { name, actor: ACTOR, reason: 'too much is kept' });
}

describe('a run that a person asks for', () => {
  it('is recorded with who and why before it begins, and answered at its end', async () => {
    addJob(300);
    const asked = ask('tidy');
    await time.advance(300);
    const { started, worker } = (await asked) ?? {};
    expect(log).toEqual(['recorded', 'run']);
    expect(started).toBe(true);
    expect(worker).toMatchObject({ name: 'tidy', running: false, runs: 1, lastDurationMs: 300 });
    expect(events[0]).toMatchObject({ code: 'worker.run', timeMs: 1_000_000 });
    const detail = { worker: 'tidy', actor: 'ada', reason: 'too much is kept', started: true };
    expect(JSON.parse(events[0]?.detailJson ?? '')).toEqual(detail);
  });

  it('is answered under way when it lasts', async () => {
    addJob(20_000);
    const asked = ask('tidy');
    await time.advance(5_000);
    expect(await asked).toMatchObject({ started: true, worker: { running: true } });
  });

  it('does not begin beside one that is under way', async () => {
    addJob(20_000);
    void ask('tidy');
    await time.advance(1_000);
    const asked = ask('tidy');
    await time.advance(5_000);
    expect(await asked).toMatchObject({ started: false, worker: { runs: 1, overlapsSkipped: 1 } });
    expect(log.filter((word) => word === 'run')).toHaveLength(1);
  });

  it('of a job that is not there is null and leaves no trace', async () => {
    expect([await ask('other'), log]).toEqual([null, []]);
  });
});
