import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rng, seedOf } from '../../../src/core/base/rng.ts';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import { startPair, untilReady } from '../processes.ts';
import { PlacementReader } from '../venue-books.ts';
import { coinsOf, configure, trade } from '../workload.ts';
import { EFFECT_FLAGS, type Effect, readEffects } from './effects.ts';

const LATE_JOURNAL = fileURLToPath(new URL('../subject/late-journal.ts', import.meta.url));
const INSTRUMENTS = 40;
const CONTROL_ORDERS = 5;
const LOOK_MS = 500;
const TRADE_MS_MAX = 300_000;

/** The flush of the journal's row comes before the first byte of its order, as the system itself saw it. */
export const orderOfEffectsHarness: Harness = {
  name: 'effects',
  purpose: 'system calls of the bots process: the fsync of the intent precedes the bytes of its order',
  unit: 'entry orders',
  full: 1_000,
  smoke: 50,
  perSeed: 250,
  run: watchOrders,
};

async function watchOrders({ seed, count, say }: Assignment): Promise<Verdict> {
  const tally = new Tally();
  const seen = await watched({ seed, orders: count, preload: [], say });
  tally.checked = seen.effects.length;
  tally.count('entry orders at the venue', seen.arrived.length);
  for (const { clientOrderId, durableFirst } of seen.effects) {
    if (durableFirst) tally.count('flushed before their bytes left');
    else tally.violations.push(`the order ${clientOrderId} left before its intent was flushed`);
  }
  const traced = new Set(seen.effects.map(({ clientOrderId }) => clientOrderId));
  for (const id of seen.arrived) {
    if (!traced.has(id)) tally.violations.push(`the order ${id} reached the venue and is not in the trace`);
  }
  await control({ seed, say }, tally);
  return tally.verdict();
}

/** A journal that lags behind must be caught: else the harness sees nothing. */
async function control({ seed, say }: Pick<Assignment, 'seed' | 'say'>, tally: Tally): Promise<void> {
  const seen = await watched({ seed, orders: CONTROL_ORDERS, preload: [LATE_JOURNAL], say });
  const early = seen.effects.filter(({ durableFirst }) => !durableFirst).length;
  tally.count('orders of the control', seen.effects.length);
  tally.count('orders of the control seen to leave too early', early);
  if (early === 0)
    tally.violations.push('the control, a journal that lags, was not seen: this harness sees nothing');
}

interface Watched {
  readonly effects: readonly Effect[];
  /** Ids of entry orders, by the venue's wire log. */
  readonly arrived: readonly string[];
}

async function watched(wanted: {
  readonly seed: number;
  readonly orders: number;
  readonly preload: readonly string[];
  readonly say: (line: string) => void;
}): Promise<Watched> {
  const { seed, orders, preload, say } = wanted;
  const pair = await startPair({ seed, instruments: INSTRUMENTS });
  const trace = join(pair.home, 'bots.trace');
  try {
    const bots = pair.startBots({ wrapper: ['strace', ...EFFECT_FLAGS, '-o', trace], preload });
    if ((await untilReady(pair, bots)) === null)
      throw new Error(`The bots service ended: ${pair.lastWords()}`);
    await configure(pair);
    const coins = await coinsOf(pair);
    const reader = new PlacementReader(pair);
    const arrived: string[] = [];
    const endMs = performance.now() + TRADE_MS_MAX;
    let done = false;
    const trading = trade(pair, { coins, random: rng(seedOf(seed, 'effects')), until: () => done });
    while (arrived.length < orders && performance.now() < endMs) {
      await pause(LOOK_MS);
      arrived.push(...entryIds(await reader.next()));
      say(`${arrived.length} of ${orders} entry orders`);
    }
    done = true;
    await trading;
    // An orderly end: nothing is on its way when the trace is read.
    bots.signal('SIGTERM');
    await bots.gone;
    arrived.push(...entryIds(await reader.next()));
    return { effects: await readEffects(trace, 'demo'), arrived };
  } finally {
    await pair.end();
    rmSync(trace, { force: true });
  }
}

function entryIds(placements: Awaited<ReturnType<PlacementReader['next']>>): readonly string[] {
  return placements.filter(({ reduceOnly }) => !reduceOnly).map(({ clientOrderId }) => clientOrderId);
}
