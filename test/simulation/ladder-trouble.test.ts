import { afterEach, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Store } from '../../src/store/store.ts';
import { approvedEntry, sendable } from '../fixture/approved-order.ts';
import { instrument } from '../fixture/scripted-market.ts';
import { atVenue, COIN, enterLong, ladderWorld, restingAtVenue, rungs, SECOND } from './ladder-world.ts';
import type { World } from './world.ts';

let running: World | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

it('a service that is stopped leaves no entry resting that fills while nobody looks', async () => {
  const { world } = await ladderWorld();
  running = world;
  enterLong(world);
  await world.time.advance(5 * SECOND);
  expect(restingAtVenue(world)).toHaveLength(2);
  const stopped = world.trading().stop();
  await world.time.advance(5 * SECOND);
  await stopped;
  expect([restingAtVenue(world), atVenue(world)]).toEqual([[], '1 stop 88.2']);
  await world.restart();
  await world.time.advance(30 * SECOND);
  expect([rungs(world), atVenue(world)]).toEqual([null, '1 stop 90.1']);
});

it('a service whose account another one has taken leaves to it what rests, even when it is stopped', async () => {
  const { world } = await ladderWorld();
  running = world;
  enterLong(world);
  await world.time.advance(5 * SECOND);
  await world.store.takeEpoch('simulation', world.time.nowMs());
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'to be saved');
  await world.time.advance(SECOND);
  expect(world.trading().mode().reason).toContain('Another process has taken this account');
  await world.time.advance(60 * SECOND);
  const stopped = world.trading().stop();
  await world.time.advance(5 * SECOND);
  await stopped;
  expect([restingAtVenue(world).length, atVenue(world)]).toEqual([2, '1 stop 88.2']);
});

it('a state that is lost makes no position ours that a person opened after a ladder without fills', async () => {
  let lost = false;
  const rungsFar = { rungs: [5, 9].map((offsetPct) => ({ offsetPct, weight: 1 })) };
  const { world } = await ladderWorld({ storeThrough: (store) => forgetting(store, () => lost) }, rungsFar);
  running = world;
  enterLong(world);
  await world.time.advance(5 * SECOND);
  expect(restingAtVenue(world)).toHaveLength(2);
  world.trading().command({ kind: 'close-position', instrumentId: COIN }, 'test', 'enough');
  await world.time.advance(10 * SECOND);
  expect([restingAtVenue(world), world.trading().engine.positions()]).toEqual([[], []]);
  const order = { ...approvedEntry(instrument('BTCUSDT'), 'byhand'), stopPrice: decimal(40) };
  const opening = world.person.placeOrder(sendable(order), instrument('BTCUSDT'));
  await world.time.advance(SECOND);
  expect((await opening).kind).toBe('accepted');
  world.die();
  lost = true;
  await world.restart();
  await world.time.advance(60 * SECOND);
  expect(atVenue(world)).toMatch(/ stop 40$/);
  expect(world.trading().engine.positions()).toEqual([]);
});

/** A store without a trading state once `isLost` says so. */
function forgetting(store: Store, isLost: () => boolean): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'loadTradingState' && isLost()) return async () => null;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}
