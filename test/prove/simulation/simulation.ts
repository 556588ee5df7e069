import { runSwarm } from '../../simulation/swarm.ts';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import { RARE_STATES, TIMES_MIN } from './rare-states.ts';

/** Of this many worlds in a row one is run twice. */
const TWICE_EVERY = 50;
/** Fewer worlds may miss a rare state by chance. */
const RARE_FROM = 400;
const WORLDS_A_SEED = 500;

/** The whole stack in one process under the virtual clock, judged by the venue's books and its wire. */
export const simulationHarness: Harness = {
  name: 'simulation',
  purpose: 'faults drawn from a seed strike wire, store, process and exchange; then all must agree',
  unit: 'worlds',
  full: 10_000,
  smoke: 60,
  perSeed: WORLDS_A_SEED,
  run,
};

async function run({ seed, count, say }: Assignment): Promise<Verdict> {
  const tally = new Tally();
  const seen = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const world = (seed - 1) * WORLDS_A_SEED + index + 1;
    say(`world ${world}`);
    const { breaches, sightings, trace } = await runSwarm(world, 'all');
    for (const breach of breaches) tally.violations.push(`world ${world}: ${breach}`);
    for (const [name, times] of sightings) seen.set(name, (seen.get(name) ?? 0) + times);
    tally.checked += 1;
    if (index % TWICE_EVERY !== 0) continue;
    const again = await runSwarm(world, 'all');
    tally.count('worlds run twice');
    if (again.trace !== trace) tally.violations.push(`world ${world}: run twice, it went two ways`);
  }
  for (const name of RARE_STATES) tally.count(name, seen.get(name) ?? 0);
  if (count >= RARE_FROM) tally.violations.push(...unseen(seen));
  return tally.verdict();
}

function unseen(seen: ReadonlyMap<string, number>): readonly string[] {
  return RARE_STATES.filter((name) => (seen.get(name) ?? 0) < TIMES_MIN).map(
    (name) => `"${name}" was seen ${seen.get(name) ?? 0} times: the worlds show less than they say`,
  );
}
