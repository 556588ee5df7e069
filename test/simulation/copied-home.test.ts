import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import { enable, HOLD, safeWorld } from './safe-world.ts';
import type { World } from './world.ts';

const SETTINGS = { timeframe: '1m', exit: HOLD, risk: { positionsMax: 50 } } as const;

/** Entries by the process that named them, each with when the venue took it. */
function entriesOf(world: World): readonly { readonly process: string; readonly atMs: number }[] {
  const account = world.venue.state().accounts[0];
  return [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])]
    .filter((order) => order['reduceOnly'] === false && String(order['clientOrderId']).startsWith('ib'))
    .map((order) => {
      const id = String(order['clientOrderId']);
      return { process: `${id.slice(9, 15)} ${id.slice(21)}`, atMs: Number(order['createdMs']) };
    });
}

it('copies of a home that run at once: after the first round of entries there is one writer at most', async () => {
  const world = await safeWorld({ settings: SETTINGS });
  const rival = await world.rival(openStore({ file: ':memory:', time: world.time }));
  enable(world);
  rival.command({ kind: 'enable-auto-bot' }, 'test', 'the copy');
  await world.time.advance(10 * 60_000);
  const entries = entriesOf(world);
  expect(entries.length).toBeGreaterThan(0);
  const firstMs = Math.min(...entries.map(({ atMs }) => atMs));
  const later = entries.filter(({ atMs }) => atMs > firstMs + 5_000);
  expect(new Set(later.map(({ process }) => process)).size).toBeLessThanOrEqual(1);
  const modes = [world.trading().mode(), rival.mode()];
  expect(modes.filter(({ mode }) => mode === 'ready').length).toBeLessThanOrEqual(1);
  for (const { mode, reason } of modes) if (mode !== 'ready') expect(reason).toContain('Another process');
  await rival.stop();
  await world.stop();
});

it('a service killed and started again at once, fifty times while it trades, is never taken for a stranger', {
  timeout: 120_000,
}, async () => {
  const world = await safeWorld({ settings: SETTINGS });
  for (let life = 0; life < 50; life += 1) {
    world.die();
    world.start();
    await world.time.advance(2_000);
    enable(world);
    await world.time.advance(3_000 + (life % 5) * 6_000);
  }
  await world.time.advance(20_000);
  expect(world.trading().mode().mode).toBe('ready');
  const { rows } = await world.store.listEvents({ limit: 500, cursor: null });
  expect(rows.filter(({ code }) => code === 'trading.lease.lost')).toEqual([]);
  expect(new Set(entriesOf(world).map(({ process }) => process)).size).toBeGreaterThan(1);
  await world.stop();
});
