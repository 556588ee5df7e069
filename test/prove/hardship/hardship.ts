import { setTimeout as pause } from 'node:timers/promises';
import { disagreementsOf } from '../claim.ts';
import { type Assignment, type Harness, Tally, type Verdict } from '../harness.ts';
import { onInterruption } from '../interruption.ts';
import { type Pair, startPair, untilReady } from '../processes.ts';
import { PlacementReader, readBooks, unprotected } from '../venue-books.ts';
import { coinsOf, configure } from '../workload.ts';
import { HARDSHIPS, type Hardship } from './hardships.ts';

const INSTRUMENTS = 20;
const LOOK_MS = 50;
/** Positions held when it begins; one is left by command and one loses its stop while it lasts. */
const HELD = 4;
const OPEN_MS_MAX = 20_000;
/** A first refused write is how the service finds out. */
const NOTICE_MS = 2_000;
const EXIT_MS_MAX = 5_000;
const STOP_MS_MAX = 10_000;
const CLOCK_SLACK_MS = 10_000;
const RECOVERY_MS_MAX = 60_000;

/** What befalls the machine under the bots service: exits and stops work, entries wait, and it recovers by itself. */
export const hardshipHarness: Harness = {
  name: 'hardship',
  purpose: 'full disk, locked database, stepped clock, suspended process',
  unit: 'hardships',
  full: HARDSHIPS.length,
  smoke: 3,
  perSeed: 1,
  run: endure,
};

interface Scene {
  readonly pair: Pair;
  readonly hardship: Hardship;
  readonly tally: Tally;
  readonly coins: readonly string[];
}

async function endure({ seed, say }: Assignment): Promise<Verdict> {
  const hardship = HARDSHIPS[(seed - 1) % HARDSHIPS.length];
  if (hardship === undefined) throw new Error('There are no hardships.');
  const tally = new Tally();
  const home = hardship.makeHome?.();
  const removeHome = (): void => {
    if (home !== undefined) hardship.removeHome?.(home);
  };
  const calledOff = onInterruption(removeHome);
  say(hardship.name);
  try {
    const pair = await startPair({ seed, instruments: INSTRUMENTS, ...(home === undefined ? {} : { home }) });
    try {
      await strike(pair, hardship, tally);
    } finally {
      await pair.end();
    }
  } finally {
    removeHome();
    calledOff();
  }
  return tally.verdict();
}

async function strike(pair: Pair, hardship: Hardship, tally: Tally): Promise<void> {
  const bots = pair.startBots(hardship.start?.(pair.home));
  if ((await untilReady(pair, bots)) === null) throw new Error(`The bots service ended: ${pair.lastWords()}`);
  await configure(pair, 'calm');
  const scene = { pair, hardship, tally, coins: await coinsOf(pair) };
  await open(scene);
  const endHardship = hardship.begin({ home: pair.home, bots });
  const endMs = performance.now() + hardship.lastsMs;
  try {
    if (!hardship.stopsAll) await live(scene, endMs);
    else await pause(hardship.lastsMs);
  } finally {
    endHardship();
  }
  await recover(scene);
  if (bots.isGone()) complain(scene, 'the bots service has ended');
  tally.checked += 1;
}

/** Positions with stops, before anything happens. */
async function open({ pair, coins }: Scene): Promise<void> {
  for (const coin of coins.slice(0, HELD)) await enter(pair, coin);
  const held = async (): Promise<boolean> => {
    const { positions } = await readBooks(pair);
    return positions.length === HELD && (await disagreementsOf(pair)).length === 0;
  };
  if ((await waited(held, OPEN_MS_MAX)) === null)
    throw new Error('The positions to begin with did not come.');
}

/** Under the hardship: a person leaves a position, a stop disappears, entries are asked for all the time. */
async function live(scene: Scene, endMs: number): Promise<void> {
  const { pair, hardship, tally, coins } = scene;
  await pause(NOTICE_MS);
  const reader = new PlacementReader(pair);
  await reader.next();
  await checkClock(scene);
  await exitWorks(scene, coins[0] ?? '', tally);
  await stopComesBack(scene, coins[1] ?? '', tally);
  const wanted = coins.slice(HELD);
  for (let index = 0; performance.now() < endMs; index += 1) {
    await enter(pair, wanted[index % wanted.length] ?? '');
    await pause(LOOK_MS * 10);
  }
  const status = await pair.api('GET', '/api/status');
  const entries = (await reader.next()).filter(({ reduceOnly }) => !reduceOnly);
  tally.count('entries asked for under hardship', wanted.length);
  if (!hardship.stopsEntries) return;
  if (entries.length > 0) complain(scene, `${entries.length} entries left`);
  if (status?.['mode'] === 'ready' || !status?.['modeReason'])
    complain(scene, `the mode is ${status?.['mode']}: ${status?.['modeReason']}`);
  else tally.count(`entries stopped: ${status['modeReason']}`);
}

/** A clock that was not set after all would show nothing. */
async function checkClock(scene: Scene): Promise<void> {
  const { clockOffMs = 0 } = scene.hardship;
  const status = await scene.pair.api('GET', '/api/status');
  const offMs = Number(status?.['timeMs']) - Date.now();
  if (!(Math.abs(offMs - clockOffMs) < CLOCK_SLACK_MS)) complain(scene, `the clock is off by ${offMs} ms`);
}

async function exitWorks(scene: Scene, coin: string, tally: Tally): Promise<void> {
  await scene.pair.api('POST', `/api/positions/${coin}/close`, { reason: 'prove' });
  const gone = async (): Promise<boolean> =>
    (await readBooks(scene.pair)).positions.every(({ instrumentId }) => instrumentId !== coin);
  const tookMs = await waited(gone, EXIT_MS_MAX);
  if (tookMs === null) complain(scene, `an exit was not carried out within ${EXIT_MS_MAX} ms`);
  else tally.measure('exit under hardship', tookMs);
}

async function stopComesBack(scene: Scene, coin: string, tally: Tally): Promise<void> {
  await scene.pair.venue('POST', '/venue/faults', { name: 'person-removes-stop', symbol: coin });
  const back = async (): Promise<boolean> => unprotected(await readBooks(scene.pair)).length === 0;
  if ((await waited(async () => !(await back()), STOP_MS_MAX)) === null) return;
  const tookMs = await waited(back, STOP_MS_MAX);
  if (tookMs === null) complain(scene, `a stop was not back within ${STOP_MS_MAX} ms`);
  else tally.measure('stop put back under hardship', tookMs);
}

/** By itself: ready, agreeing, protected, and it enters again. */
async function recover(scene: Scene): Promise<void> {
  const { pair, tally, coins } = scene;
  const sound = async (): Promise<boolean> => {
    const status = await pair.api('GET', '/api/status');
    if (status?.['mode'] !== 'ready' || (await disagreementsOf(pair)).length > 0) return false;
    return unprotected(await readBooks(pair)).length === 0;
  };
  const tookMs = await waited(sound, RECOVERY_MS_MAX);
  if (tookMs === null) {
    const status = await pair.api('GET', '/api/status');
    complain(
      scene,
      `no recovery: ${status?.['mode']}, ${status?.['modeReason']}, ${await disagreementsOf(pair)}`,
    );
    return;
  }
  tally.measure('end of hardship to recovery', tookMs);
  const last = coins.at(-1) ?? '';
  let said = '';
  const entered = async (): Promise<boolean> => {
    said = await enter(pair, last);
    return (await readBooks(pair)).positions.some(({ instrumentId }) => instrumentId === last);
  };
  if ((await waited(entered, RECOVERY_MS_MAX)) === null)
    complain(scene, `no entry is possible afterwards: ${said}`);
}

/** What the service says to it. */
async function enter(pair: Pair, coin: string): Promise<string> {
  const wanted = { direction: 'long', force: true, reason: 'prove' };
  try {
    return JSON.stringify(await pair.order('POST', `/api/bots/${coin}/enter`, wanted));
  } catch (error) {
    return String(error);
  }
}

function complain({ hardship, tally }: Scene, what: string): void {
  tally.violations.push(`${hardship.name}: ${what}`);
}

/** Milliseconds until it held; null when it did not in time. */
async function waited(condition: () => Promise<boolean>, waitMs: number): Promise<number | null> {
  const startMs = performance.now();
  while (performance.now() - startMs < waitMs) {
    if (await condition()) return performance.now() - startMs;
    await pause(LOOK_MS);
  }
  return null;
}
