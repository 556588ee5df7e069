import { Worker } from 'node:worker_threads';
import type { Assignment, Harness, SeedCounts, Verdict } from '../harness.ts';
import { onInterruption } from '../interruption.ts';
import { RARE_STATES, TIMES_MIN } from './rare-states.ts';
import type { WorldsWord } from './worlds.ts';

const WORLDS_A_SEED = 50;
/** Over so many worlds in a row each rare state must have been met; fewer may miss one by chance. */
const RARE_OVER = 500;

/** The whole stack in one process under the virtual clock, judged by the venue's books and its wire. */
export const simulationHarness: Harness = {
  name: 'simulation',
  purpose: 'faults drawn from a seed strike wire, store, process and exchange; then all must agree',
  unit: 'worlds',
  full: 10_000,
  smoke: 60,
  perSeed: WORLDS_A_SEED,
  atOnce: 2,
  run,
  overall,
};

/** In a thread of its own, so that two seeds have a processor each. */
function run({ seed, count, say }: Assignment): Promise<Verdict> {
  const worker = new Worker(new URL('./worlds.ts', import.meta.url), {
    workerData: { first: (seed - 1) * WORLDS_A_SEED + 1, count },
  });
  const forget = onInterruption(() => void worker.terminate());
  return new Promise<Verdict>((resolve, reject) => {
    worker.on('message', (word: WorldsWord) => {
      if (typeof word === 'string') say(word);
      else resolve(word);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('its thread ended without a word')));
  }).finally(forget);
}

/** Judges every whole block of seeds. */
function overall(done: readonly SeedCounts[]): readonly string[] {
  const blocks = new Map<number, SeedCounts[]>();
  for (const entry of done) {
    const block = Math.floor(((entry.seed - 1) * WORLDS_A_SEED) / RARE_OVER);
    blocks.set(block, [...(blocks.get(block) ?? []), entry]);
  }
  return [...blocks].flatMap(([block, entries]) => {
    const worlds = entries.reduce((sum, { checked }) => sum + checked, 0);
    return worlds < RARE_OVER ? [] : unseen(entries, `worlds ${block * RARE_OVER + 1} on`);
  });
}

function unseen(entries: readonly SeedCounts[], where: string): readonly string[] {
  return RARE_STATES.flatMap((name) => {
    const times = entries.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
    return times >= TIMES_MIN
      ? []
      : [`"${name}" was seen ${times} times in ${where}: they show less than they say`];
  });
}
