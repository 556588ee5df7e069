import type { WorkerRun } from '../api/status.ts';
import type { Actor } from '../http/caller.ts';
import type { Scheduler } from '../platform/scheduler.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { Recorder } from '../trading/recorder.ts';

/** A run that takes longer goes on; the caller sees it under way. */
const ANSWER_WITHIN_MS = 5_000;

/** Runs a job at a person's word, who, when and why recorded before it begins. Null: no such job. */
export async function runWorker(
  parts: {
    readonly trading: { readonly scheduler: Scheduler; readonly recorder: Pick<Recorder, 'addEvent'> };
    readonly time: Time;
  },
  asked: { readonly name: string; readonly actor: Actor; readonly reason: string },
): Promise<WorkerRun | null> {
  const { scheduler, recorder } = parts.trading;
  const before = stateOf(scheduler, asked.name);
  if (before === null) return null;
  const started = !before.running;
  recorder.addEvent(askedEvent(asked, { started, timeMs: parts.time.nowMs() }));
  await Promise.race([scheduler.runNow(asked.name), sleep(parts.time, ANSWER_WITHIN_MS)]);
  const worker = stateOf(scheduler, asked.name);
  return worker === null ? null : { started, worker };
}

function stateOf(scheduler: Scheduler, name: string) {
  return scheduler.states().find((state) => state.name === name) ?? null;
}

function askedEvent(
  { name, actor, reason }: { readonly name: string; readonly actor: Actor; readonly reason: string },
  { started, timeMs }: { readonly started: boolean; readonly timeMs: number },
): Parameters<Recorder['addEvent']>[0] {
  const outcome = started ? 'It runs now.' : 'It was running already.';
  return {
    timeMs,
    severity: 'info',
    code: 'worker.run',
    instrumentId: null,
    message: `${actor.name} asked for a run of the job ${name}. ${outcome}`,
    detailJson: JSON.stringify({ worker: name, actor: actor.name, reason, started }),
  };
}
