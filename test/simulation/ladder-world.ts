import { instrument, instrumentId, ScriptedMarket } from '../fixture/scripted-market.ts';
import { HOLD } from './safe-world.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const SECOND = 1_000;
export const COIN = instrumentId('BTCUSDT');

/**
 * A long of 300 USDT at 100: 1 at once, 1.02 at 98, 1.041 at 96. All of it is planned at 97.974 on average with its
 * stop at 88.2. The first is bought at the ask of 100.1, so that two of them cost 99.04 and all 98.007: stops of their
 * own, 10 % below and up to the tick, stand at 90.1, 89.2 and 88.3.
 */
const SETTINGS = {
  timeframe: '1m',
  exit: { ...HOLD, stopLossPct: 10 },
  risk: { positionNotionalUsdt: 300 },
  entry: {
    entryMethod: 'ladder',
    rungs: [0, 2, 4].map((offsetPct) => ({ offsetPct, weight: 1 })),
    rungsLifeCandles: null,
  },
};

/** A world in which prices move only when a test says so. */
export interface LadderWorld {
  readonly world: World;
  readonly market: ScriptedMarket;
}

export async function ladderWorld(
  options: Partial<WorldOptions> = {},
  entry: Record<string, unknown> = {},
): Promise<LadderWorld> {
  let scripted: ScriptedMarket | null = null;
  const world = await createWorld({
    seed: 5,
    settings: { ...SETTINGS, entry: { ...SETTINGS.entry, ...entry } },
    market: (startMs) => {
      scripted = new ScriptedMarket(startMs, [instrument('BTCUSDT')]);
      scripted.setPrice(COIN, 100, { top: 1_000 });
      return scripted;
    },
    ...options,
  });
  if (scripted === null) throw new Error('The venue asks for its market.');
  return { world, market: scripted };
}

/** A person enters; a bot of theirs needs no Auto Bot. */
export function enterLong(world: World): void {
  const command = { kind: 'enter', instrumentId: COIN, direction: 'long', force: true } as const;
  const answer = world.trading().command(command, 'test', 'simulation');
  if (!answer.accepted) throw new Error(answer.message);
}

/** `filled accepted accepted` and the like; null when no rung can fill any more. */
export function rungs(world: World): string | null {
  const [position] = world.trading().engine.positions();
  return position?.ladder?.rungs.map(({ state }) => state).join(' ') ?? null;
}

/** What the venue holds: quantity and stop of the position, `flat` without one. */
export function atVenue(world: World): string {
  const [row] = world.venue.state().accounts[0]?.positions ?? [];
  return row === undefined ? 'flat' : `${row['quantity']} stop ${row['stopPrice']}`;
}

/** Entries of ours that rest at the venue, as quantity at price. */
export function restingAtVenue(world: World): readonly string[] {
  const orders = world.venue.state().accounts[0]?.openOrders ?? [];
  return orders
    .filter((row) => row['origin'] === 'user')
    .map((row) => `${row['quantity']} at ${row['price']}`);
}

/** How many orders with a name of ours the venue ever took; more than there are names would be a doubled order. */
export function namesAtVenue(world: World): { readonly orders: number; readonly names: number } {
  const account = world.venue.state().accounts[0];
  const rows = [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])];
  const named = rows.map((row) => String(row['clientOrderId'])).filter((name) => name !== '');
  return { orders: named.length, names: new Set(named).size };
}
