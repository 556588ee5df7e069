import { parentPort, workerData } from 'node:worker_threads';
import { runSwarm } from '../../simulation/swarm.ts';
import { Tally, type Verdict } from '../harness.ts';
import { RARE_STATES } from './rare-states.ts';

/** Of this many worlds in a row one is run twice. */
const TWICE_EVERY = 50;

/** How far it is, or at last what came of all. */
export type WorldsWord = string | Verdict;

/** The body of a thread: runs some worlds in a row. */
async function runWorlds({
  first,
  count,
}: {
  readonly first: number;
  readonly count: number;
}): Promise<Verdict> {
  const tally = new Tally();
  const seen = new Map<string, number>();
  for (let world = first; world < first + count; world += 1) {
    tell(`world ${world}`);
    const { breaches, sightings, trace } = await runSwarm(world, 'all');
    for (const breach of breaches) tally.violations.push(`world ${world}: ${breach}`);
    for (const [name, times] of sightings) seen.set(name, (seen.get(name) ?? 0) + times);
    tally.checked += 1;
    if ((world - 1) % TWICE_EVERY !== 0) continue;
    const again = await runSwarm(world, 'all');
    tally.count('worlds run twice');
    if (again.trace !== trace) tally.violations.push(`world ${world}: run twice, it went two ways`);
  }
  for (const name of RARE_STATES) tally.count(name, seen.get(name) ?? 0);
  return tally.verdict();
}

function tell(word: WorldsWord): void {
  parentPort?.postMessage(word);
}

tell(await runWorlds(workerData));
