import { type Rng, rng, seedOf } from '../../src/core/base/rng.ts';
import type { LinkFault } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { HOLD } from './safe-world.ts';
import { FLATTEN_MS_MAX, StopJudge } from './stop-judge.ts';
import { createWorld, type World } from './world.ts';

/** How often the venue's books are looked at. */
const LOOK_MS = 100;
const STORM_MS = 90_000;
const QUIET_MS = 80_000;
/** What a stop may be missing for while the exchange can be read and takes stops. */
const NAKED_MS_MAX = 10_000;

/**
 * What goes wrong with stops. `open`: the exchange answers truly and takes stops all the while; `closed`: it does not
 * take them; `blind`: it cannot be read, or lies, and that time counts for nothing.
 */
export const STORMS = {
  dropped: 'open',
  cancelled: 'open',
  removed: 'open',
  'reply-lost': 'open',
  restarted: 'open',
  ignored: 'closed',
  refused: 'closed',
  drifted: 'closed',
  lied: 'blind',
  unreachable: 'blind',
} as const satisfies Record<string, 'open' | 'closed' | 'blind'>;
export type Storm = keyof typeof STORMS;
const NAMES = Object.keys(STORMS).filter((name): name is Storm => name in STORMS);

/** What became of one seed, by the venue's books alone. */
export interface StormResult {
  readonly storm: Storm;
  readonly breaches: readonly string[];
  /** Each time a position had no stop, counted while the exchange could be read, ms. */
  readonly gapsMs: readonly number[];
  /** Positions the service closed because no stop of theirs could be confirmed. */
  readonly flattened: number;
  readonly heldMs: number;
}

/** Some positions by hand, a storm about their stops, then quiet; judged ten times a second. */
export async function runStorm(seed: number): Promise<StormResult> {
  const random = rng(seedOf(seed, 'stop-storm'));
  const storm = NAMES[seed % NAMES.length] ?? 'dropped';
  const weather = { blind: false };
  const world = await createWorld({
    seed,
    settings: {
      timeframe: '1m',
      exit: { ...HOLD, stopLossPct: 3 + random.integer(10), ...(random.next() < 0.5 ? TRAILING : {}) },
      risk: { positionNotionalUsdt: 200, leverage: 1 + random.integer(5), positionsMax: 6 },
    },
    market: (startMs) => syntheticMarket({ seed, instrumentCount: 6, startMs, candleScale: 'demo' }),
    fault: (): LinkFault => (weather.blind && storm === 'unreachable' ? 'lose-request' : 'pass'),
  });
  const judge = new StopJudge(world, { isBlind: () => weather.blind });
  const watch = async (durationMs: number): Promise<void> => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += LOOK_MS) {
      await world.time.advance(LOOK_MS);
      judge.look();
    }
  };
  for (let count = 0; count < 3; count += 1) enter(world, random);
  await watch(2_000);
  const plan = planOf(storm, random);
  for (const fault of plan.faults) add(world, fault);
  const fromMs = random.integer(10_000);
  for (let passedMs = 0; passedMs < STORM_MS; passedMs += 1_000) {
    const blind = plan.blindMs > 0 && passedMs >= fromMs && passedMs < fromMs + plan.blindMs;
    if (blind && !weather.blind) {
      for (const fault of plan.lies) add(world, { ...fault, for: `${plan.blindMs}ms` });
      if (storm === 'unreachable') world.link.cutChannels('cable');
    }
    weather.blind = blind;
    if (random.next() < 0.06) enter(world, random);
    if (storm === 'restarted' && passedMs === 40_000) await world.restart();
    await watch(1_000);
  }
  weather.blind = false;
  for (const { id } of world.venue.faults.report().active) world.venue.faults.remove(id);
  await watch(QUIET_MS);
  const breaches = [...judge.breaches(), ...leftOver(world)];
  const flattened = world.journal.filter((line) => line.includes('engine.stop.flatten')).length;
  await world.stop();
  return { storm, breaches, gapsMs: judge.gapsMs, flattened, heldMs: judge.heldMs };
}

/** Awake at once: the stop at the exchange moves as well. */
const TRAILING = {
  trailingActivationPct: 1.2,
  trailingDistancePct: 0.8,
  trailingTakePct: 0.4,
  trailingUpdateMs: 1_000,
};

type Fault = Readonly<Record<string, string | number>> & { readonly name: string };

interface Plan {
  readonly faults: readonly Fault[];
  /** They strike only while it is blind. */
  readonly lies: readonly Fault[];
  readonly blindMs: number;
}

function planOf(storm: Storm, random: Rng): Plan {
  const after = `${1 + random.integer(6)}s`;
  const dropping: Fault = { name: 'stop-dropped', after, rate: 0.4 };
  const length = `${5 + random.integer(60)}s`;
  const blindMs = 5_000 + random.integer(55_000);
  const path = '/v5/position/trading-stop';
  const clear = { lies: [], blindMs: 0 };
  switch (storm) {
    case 'dropped':
      return { ...clear, faults: [dropping] };
    case 'restarted':
      return { ...clear, faults: [dropping] };
    case 'cancelled':
      return { ...clear, faults: [{ name: 'stop-cancelled', after, rate: 0.4 }] };
    case 'removed':
      return { ...clear, faults: [{ name: 'person-removes-stop', every: '6s' }] };
    case 'reply-lost':
      return { ...clear, faults: [dropping, { name: 'reply-lost', path, rate: 0.5 }] };
    case 'ignored':
      return { ...clear, faults: [dropping, { name: 'stop-ignored', for: length }] };
    case 'refused': {
      const reason = ['would-trigger', 'unsupported', 'too-many'][random.integer(3)] ?? 'unsupported';
      const where = random.next() < 0.5 ? 'position' : 'everywhere';
      return { ...clear, faults: [dropping, { name: 'stop-refused', reason, where, for: length }] };
    }
    case 'drifted': {
      const pack = random.next() < 0.5 ? 'stop-type-refused' : 'stop-endpoint-moved';
      return { ...clear, faults: [dropping, { name: 'contract-drift', pack, for: length }] };
    }
    case 'lied': {
      const name = ['read-stale', 'read-previous', 'read-empty'][random.integer(3)] ?? 'read-stale';
      const lies = [{ name, path: '/v5/position/list', rate: random.next() < 0.5 ? 1 : 0.5 }];
      return { faults: [dropping], lies, blindMs };
    }
    case 'unreachable':
      return { faults: [dropping], lies: [], blindMs };
  }
}

function add(world: World, fault: Fault): void {
  const added = world.venue.faults.add(fault);
  if (!added.ok) throw new Error(added.error);
}

function enter(world: World, random: Rng): void {
  const rows = world.trading().engine.scanRows();
  const row = rows[random.integer(Math.max(1, rows.length))];
  if (row === undefined) return;
  const direction = random.next() < 0.5 ? 'long' : 'short';
  const command = { kind: 'enter', instrumentId: row.instrumentId, direction, force: true } as const;
  world.trading().command(command, 'test', 'a storm is coming');
}

/** After the quiet everything held has its stop, and entries may leave again. */
function leftOver(world: World): readonly string[] {
  const rows = world.venue.state().accounts[0]?.positions ?? [];
  const bare = rows.filter((row) => row['stopPrice'] === null).map((row) => `${row['instrumentId']} is bare`);
  const { mode, reason } = world.trading().mode();
  return mode === 'ready' ? bare : [...bare, `the mode is ${mode}: ${reason}`];
}

/** Gaps that are longer than they may be in such a storm. */
export function overlong({ storm, gapsMs }: StormResult): readonly number[] {
  const most = STORMS[storm] === 'closed' ? FLATTEN_MS_MAX + 5_000 : NAKED_MS_MAX;
  return gapsMs.filter((gapMs) => gapMs > most);
}
