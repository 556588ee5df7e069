import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeBackup } from '../../src/app/backup.ts';
import { restoreBackup } from '../../src/app/restore.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import type { Direction } from '../../src/core/domain/order.ts';
import type { ExchangePosition } from '../../src/core/domain/position.ts';
import { systemTime } from '../../src/platform/time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { close, enable, eventCodes, held, MINUTE, ours, safeWorld } from './safe-world.ts';
import type { World } from './world.ts';

const PASSPHRASE = { text: 'correct horse battery staple', from: 'home' } as const;

let folder = '';
let home = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-restored-'));
  home = join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A store that can be put in the place of another. */
function exchangeable(first: Store): { readonly store: Store; readonly use: (other: Store) => void } {
  let current = first;
  const store = new Proxy(first, {
    get: (_target, name) => {
      const own: unknown = Reflect.get(current, name);
      return typeof own === 'function' ? own.bind(current) : own;
    },
  });
  return {
    store,
    use: (other) => {
      current = other;
    },
  };
}

async function enter(world: World, instrumentId: InstrumentId, direction: Direction): Promise<void> {
  const command = { kind: 'enter', instrumentId, direction, force: true } as const;
  expect(world.trading().command(command, 'test', 'the other way round')).toMatchObject({ accepted: true });
  await world.time.advance(10_000);
}

const textOf = ({ instrumentId, direction, quantity }: ExchangePosition): string =>
  `${instrumentId} ${direction} ${quantity}`;

const orderIds = (world: World): readonly unknown[] =>
  (world.venue.state().accounts[0]?.fills ?? []).map((row) => row['clientOrderId']);

it('an old backup and the exchange together are the account again: nothing doubled, nothing lost', async () => {
  let use = (_other: Store): void => undefined;
  const file = join(home, 'trading.db');
  const world = await safeWorld({
    disk: { file },
    storeThrough: (store) => {
      const parts = exchangeable(store);
      use = parts.use;
      return parts.store;
    },
  });
  enable(world);
  await world.time.advance(4 * MINUTE);
  const early = world.trading().engine.positions();
  expect(early.length).toBeGreaterThan(2);
  const backup = await makeBackup({
    home,
    folder,
    keep: null,
    passphrase: PASSPHRASE,
    nowMs: world.time.nowMs(),
  });
  // Life goes on: one of then ends, one ends and is held again the other way round, others begin.
  const [ended, turned] = early;
  if (ended === undefined || turned === undefined) throw new Error('two positions are open');
  await close(world, ended.instrumentId);
  await close(world, turned.instrumentId);
  // Closed at a loss, the instrument waits a minute.
  await world.time.advance(MINUTE);
  await enter(world, turned.instrumentId, turned.direction === 'long' ? 'short' : 'long');
  await world.time.advance(10 * MINUTE);
  const before = world.venue.state().accounts[0];
  const heldBefore = held(world);
  expect(heldBefore.some((row) => row.startsWith(turned.instrumentId))).toBe(true);
  world.die();
  await world.store.close();
  const order = { home, file: backup.file, passphrase: PASSPHRASE.text, replace: true };
  await restoreBackup({ ...order, nowMs: systemTime.nowMs() });
  use(openStore({ file, time: world.time }));
  await world.restart();
  await world.time.advance(15_000);
  expect(held(world)).toEqual(heldBefore);
  expect(orderIds(world)).toEqual(before?.fills.map((row) => row['clientOrderId']));
  const foreign = world.trading().engine.foreignPositions();
  expect([...ours(world), ...foreign.map(textOf)].sort()).toEqual(heldBefore);
  expect(ours(world)).toHaveLength(early.length - 2);
  // Those of ours are guarded by a stop that was read back, the others by the one they were entered with.
  const stops = world
    .trading()
    .engine.positions()
    .map(({ stopConfirmedMs }) => stopConfirmedMs);
  expect([...stops, ...foreign.map(({ stopPrice }) => stopPrice)]).not.toContain(null);
  const codes = await eventCodes(world);
  expect(codes.filter((code) => code === 'engine.position.foreign')).toHaveLength(foreign.length);
  expect(world.trading().mode().mode).toBe('ready');
  await world.stop();
});
