import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Rng, rng, seedOf } from '../../../src/core/base/rng.ts';
import { disagreementsOf } from '../claim.ts';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import { type Bots, type Pair, startPair, untilReady } from '../processes.ts';
import { type Placement, PlacementReader, readBooks, unprotected } from '../venue-books.ts';
import { coinsOf, configure, ENTRY_SLIPPAGE_RATE, ENTRY_USDT, trade, vary } from '../workload.ts';
import { doubledOrders, overgrown } from './judge.ts';
import { KILL_POINTS } from './kill-points.ts';

const FAIL_POINTS = fileURLToPath(new URL('../subject/fail-points.ts', import.meta.url));
/** An order whose process was killed keeps its coin until it is looked up, for longer than most lives: there are others. */
const INSTRUMENTS = 40;
const COINS_A_LIFE = 10;
const LOOK_MS = 40;
/** The bounds that are proven. That of the start is without the time in which other programs had the processors. */
const READY_MS_MAX = 5_000;
const UNPROTECTED_MS_MAX = 10_000;
/** The account is read every ten seconds and after every doubt; what is still unknown then is lost. */
const AGREED_MS_MAX = 30_000;
/** A process that does not come by its point in this time is killed where it is. */
const POINT_MS_MAX = 3_000;
/** Recovery is work like any other, and is killed too. */
const FROM_START_RATE = 0.2;
const START_ONLY = /^lease:/;
/** Now and then a process lives long enough to find out what became of the orders of the killed ones. */
const LONG_LIFE_EVERY = 12;
const LONG_LIFE_MS = 10_000;
/** What is wrong stays wrong: a seed that has shown it goes no further. */
const VIOLATIONS_MAX = 10;

/** How one bots process ends. */
interface Stroke {
  /** The point counts, or the time runs, from the very start instead of from ready. */
  readonly fromStart: boolean;
  /** A named point of `KILL_POINTS`; null: after a random time. */
  readonly point: string | null;
  /** The how-manieth time it comes by. */
  readonly times: number;
  /** For a random moment. */
  readonly afterMs: number;
}

/** A supervisor waits between two starts; `PROVE_START_EVERY_MS=0` does not. */
const START_EVERY_MS = Number(process.env['PROVE_START_EVERY_MS'] ?? 2_000);

/** `kill -9` of the bots process at named points and at random, on one living venue, judged by the venue's books. */
export const killHarness: Harness = {
  name: 'kill',
  purpose: 'kill -9 at named points around durable writes and sends, and at random',
  unit: 'kills',
  full: 500,
  smoke: 25,
  perSeed: 25,
  run: killMany,
};

async function killMany({ seed, count, say }: Assignment): Promise<Verdict> {
  const random = rng(seedOf(seed, 'kill'));
  const tally = new Tally();
  const pair = await startPair({ seed, instruments: INSTRUMENTS });
  try {
    await pair.venue('POST', '/venue/faults', { name: 'fill-partial', rate: 0.3, share: 0.5 });
    const scene = await prepare(pair, random, tally);
    for (let index = 0; index < count && tally.violations.length < VIOLATIONS_MAX; index += 1) {
      const stroke = drawStroke(random, (seed - 1) * killHarness.perSeed + index);
      const pace = pause(START_EVERY_MS);
      await oneKill(scene, stroke);
      await pace;
      say(
        `kill ${index + 1} of ${count}: ${stroke.point ?? 'random'}, ${tally.violations.length} violations`,
      );
    }
    await judgeAll(scene);
  } finally {
    await pair.end();
  }
  return tally.verdict();
}

interface Scene {
  readonly pair: Pair;
  readonly random: Rng;
  readonly tally: Tally;
  readonly coins: readonly string[];
  readonly reader: PlacementReader;
  readonly placements: Placement[];
}

async function prepare(pair: Pair, random: Rng, tally: Tally): Promise<Scene> {
  const bots = pair.startBots();
  if ((await untilReady(pair, bots)) === null) throw new Error(`The bots service ended: ${pair.lastWords()}`);
  await configure(pair);
  const coins = await coinsOf(pair);
  bots.signal('SIGKILL');
  await bots.gone;
  return { pair, random, tally, coins, reader: new PlacementReader(pair), placements: [] };
}

/** Named points in turn over all seeds, each at its first passages; every fourth kill at a random moment. */
function drawStroke(random: Rng, index: number): Stroke {
  if (index % LONG_LIFE_EVERY === LONG_LIFE_EVERY - 1)
    return { point: null, times: 1, afterMs: LONG_LIFE_MS, fromStart: false };
  const afterMs = random.next() * 1_200;
  const fromStart = random.next() < FROM_START_RATE;
  if (index % 4 === 3) return { point: null, times: 1, afterMs, fromStart };
  const point = KILL_POINTS[(index - Math.floor(index / 4)) % KILL_POINTS.length] ?? '';
  if (START_ONLY.test(point)) return { point, times: 1, afterMs, fromStart: true };
  return { point, times: random.next() < 0.75 ? 1 : 2, afterMs, fromStart };
}

/** One life: started, found whole, made to trade, killed. What it left behind is judged in the next life. */
async function oneKill(scene: Scene, stroke: Stroke): Promise<void> {
  const { pair, tally, random } = scene;
  const bots = pair.startBots({ preload: [FAIL_POINTS], environment: armament(stroke) });
  const calledOff = killAtRandom(stroke, bots);
  if (await recovered(scene, bots)) {
    bots.signal('SIGUSR2');
    await vary(pair, random);
    const deadlineMs = performance.now() + (stroke.point === null ? stroke.afterMs : POINT_MS_MAX);
    const first = Math.floor(random.next() * (scene.coins.length - COINS_A_LIFE));
    const coins = scene.coins.slice(first, first + COINS_A_LIFE);
    await trade(pair, { coins, random, until: () => bots.isGone() || performance.now() > deadlineMs });
    if (stroke.afterMs === LONG_LIFE_MS) await agrees(scene, bots, performance.now());
  }
  const bySelf = bots.isGone();
  bots.signal('SIGKILL');
  await bots.gone;
  calledOff();
  if (bots.child.signalCode !== 'SIGKILL') {
    tally.violations.push(`the bots service ended by itself: ${pair.lastWords()}`);
  }
  tally.checked += 1;
  if (stroke.point === null) tally.count('at random');
  else tally.count(bySelf ? `at ${stroke.point}` : `not passed: ${stroke.point}`);
}

function armament({ point, times, fromStart }: Stroke): Readonly<Record<string, string>> {
  if (point === null) return {};
  return { PROVE_KILL_AT: `${point}#${times}`, ...(fromStart ? {} : { PROVE_KILL_LATER: '1' }) };
}

/** For random moments from the very start; gives how to call it off. */
function killAtRandom({ point, fromStart, afterMs }: Stroke, bots: Bots): () => void {
  if (point !== null || !fromStart) return () => undefined;
  const timer = setTimeout(() => bots.signal('SIGKILL'), afterMs);
  return () => clearTimeout(timer);
}

/** Ready, protected, agreeing with the venue, each in time. False when it was killed on the way. */
async function recovered(scene: Scene, bots: Bots): Promise<boolean> {
  const { pair, tally } = scene;
  const readiness = await untilReady(pair, bots);
  if (readiness === null) return false;
  const { wallMs, ownMs, waitedFor } = readiness;
  tally.measure('restart to ready', wallMs);
  tally.measure('restart to ready, without waiting for a processor', ownMs);
  const took = `${Math.round(wallMs)} ms to ready, ${Math.round(ownMs)} of its own; at last: ${waitedFor}`;
  if (ownMs > READY_MS_MAX) tally.violations.push(`a restart took ${took}`);
  const agreed = await agrees(scene, bots, bots.startedMs);
  if (agreed) tally.measure('restart to agreement', performance.now() - bots.startedMs);
  await judgeOrders(scene);
  return agreed;
}

/** Waits until every position is protected and the service holds what the venue holds. False when it is gone before. */
async function agrees({ pair, tally }: Scene, bots: Bots, startMs: number): Promise<boolean> {
  const sinceMs = (): number => Math.round(performance.now() - startMs);
  let nakedMs = 0;
  for (;;) {
    const books = await readBooks(pair);
    const naked = unprotected(books);
    const faults = await disagreementsOf(pair, books);
    if (bots.isGone()) return false;
    if (naked.length > 0) nakedMs = sinceMs();
    if (nakedMs > UNPROTECTED_MS_MAX)
      tally.violations.push(`${naked.join(', ')} without a stop for ${nakedMs} ms`);
    if (naked.length === 0 && faults.length === 0) break;
    if (sinceMs() < AGREED_MS_MAX && nakedMs <= UNPROTECTED_MS_MAX) {
      await pause(LOOK_MS);
      continue;
    }
    for (const fault of faults) tally.violations.push(`after ${sinceMs()} ms ${fault}`);
    break;
  }
  return true;
}

async function judgeOrders({ pair, tally, reader, placements }: Scene): Promise<void> {
  placements.push(...(await reader.next()));
  const books = await readBooks(pair);
  const intended = { notionalUsdt: ENTRY_USDT, slippageRate: ENTRY_SLIPPAGE_RATE };
  const faults = [...doubledOrders(books, placements), ...overgrown(books.fills, intended)];
  for (const fault of faults) if (!tally.violations.includes(fault)) tally.violations.push(fault);
}

/** The last life's leavings, and that there was anything to leave. */
async function judgeAll(scene: Scene): Promise<void> {
  const { pair, tally, placements } = scene;
  const bots = pair.startBots();
  await recovered(scene, bots);
  const books = await readBooks(pair);
  tally.count('orders placed', placements.length);
  tally.count('entries', placements.filter(({ reduceOnly }) => !reduceOnly).length);
  tally.count('fills', books.fills.length);
  if (books.fills.length === 0) tally.violations.push('nothing was traded: nothing was shown');
}
