import { expect } from 'vitest';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const MINUTE = 60_000;
/** Positions stay open until a test closes them. */
export const HOLD = {
  stopLossPct: 50,
  takeProfitPct: null,
  trailingActivationPct: null,
  breakEvenTriggerPct: null,
  rsiExitLongWithTrend: 90,
  rsiExitLongAgainstTrend: 90,
  rsiExitShortWithTrend: 10,
  rsiExitShortAgainstTrend: 10,
};

export function safeWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  return createWorld({
    seed: 13,
    // A person enters at the price of a minute ago, and a minute of this market is a wild day.
    settings: { timeframe: '1m', exit: HOLD, risk: { priceBandPctMax: 25 } },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 40, startMs, candleScale: 'demo' }),
    ...options,
  });
}

export function enable(world: World): void {
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
}

export function held(world: World): readonly string[] {
  const rows = world.venue.state().accounts[0]?.positions ?? [];
  return rows.map((row) => `${row['instrumentId']} ${row['direction']} ${row['quantity']}`).sort();
}

export function ours(world: World): readonly string[] {
  const positions = world.trading().engine.positions();
  return positions.map((row) => `${row.instrumentId} ${row.direction} ${row.quantity}`).sort();
}

export async function eventCodes(world: World): Promise<readonly string[]> {
  const { rows } = await world.store.listEvents({ limit: 500, cursor: null });
  return rows.map((row) => row.code);
}

export async function close(world: World, instrumentId: string): Promise<void> {
  const position = world
    .trading()
    .engine.positions()
    .find((row) => row.instrumentId === instrumentId);
  if (position === undefined) throw new Error(`${instrumentId} is open`);
  const command = { kind: 'close-position', instrumentId: position.instrumentId } as const;
  expect(world.trading().command(command, 'test', 'now').accepted).toBe(true);
  await world.time.advance(5_000);
}
