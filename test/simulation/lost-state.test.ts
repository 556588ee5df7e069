import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { close, enable, eventCodes, held, MINUTE, ours, safeWorld } from './safe-world.ts';

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

describe('a trading state that is lost', () => {
  it('is rebuilt from the journal: positions are ours again, with their stops', async () => {
    let lost = false;
    const world = await safeWorld({
      storeThrough: (store) => forgetting(store, () => lost),
    });
    const free = world.trading().engine.scanRows().at(-1)?.instrumentId;
    if (free === undefined) throw new Error('an instrument is known');
    const own = { kind: 'create-bot', instrumentId: free, direction: 'short' } as const;
    world.trading().command(own, 'test', 'a bot of a person');
    world.trading().command({ kind: 'stop-bot', instrumentId: free }, 'test', 'for later');
    enable(world);
    await world.time.advance(5 * MINUTE);
    const before = world.trading().engine.positions();
    const [closed] = before;
    if (closed === undefined || before.length < 2) throw new Error('two positions are open');
    await close(world, closed.instrumentId);
    world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
    world.die();
    await world.time.advance(20 * MINUTE);
    lost = true;
    await world.restart();
    expect(held(world).length).toBeGreaterThan(0);
    expect(ours(world)).toEqual(held(world));
    expect(world.trading().engine.foreignPositions()).toEqual([]);
    expect(world.trading().mode().mode).toBe('ready');
    const again = world.trading().engine.positions();
    for (const position of again) {
      const known = before.find((row) => row.instrumentId === position.instrumentId);
      expect(position.stopConfirmedMs).not.toBeNull();
      expect(position).toMatchObject({
        state: 'open',
        entryRsi: known?.entryRsi,
        entryTrend: known?.entryTrend,
        timeframe: known?.timeframe,
        openedMs: known?.openedMs,
        entryPrice: known?.entryPrice,
      });
    }
    expect(world.trading().engine.bots()).toContainEqual(
      expect.objectContaining({ instrumentId: free, origin: 'manual', status: 'paused', direction: 'short' }),
    );
    const codes = await eventCodes(world);
    expect(codes).toContain('trading.state.rebuilt');
    expect(codes).not.toContain('engine.fill.unplaced');
    await close(world, again[0]?.instrumentId ?? '');
    expect(ours(world)).toEqual(held(world));
    expect(held(world)).toHaveLength(again.length - 1);
  });

  it('gives no position up because one list of instruments lacks its own', async () => {
    let lost = false;
    const world = await safeWorld({ storeThrough: (store) => forgetting(store, () => lost) });
    enable(world);
    await world.time.advance(5 * MINUTE);
    expect(ours(world).length).toBeGreaterThan(1);
    world.die();
    lost = true;
    const path = '/v5/market/instruments-info';
    expect(world.venue.faults.add({ name: 'read-partial', path, count: 3 }).ok).toBe(true);
    await world.restart();
    await world.time.advance(MINUTE / 2);
    expect(world.venue.faults.strikes().length).toBeGreaterThan(1);
    expect(ours(world)).toEqual(held(world));
    expect(world.trading().engine.foreignPositions()).toEqual([]);
    await world.stop();
  });

  it('takes an entry up again that died between its request and its answer', async () => {
    let lost = false;
    let fatal = (): void => undefined;
    const world = await safeWorld({
      storeThrough: (store) => forgetting(store, () => lost),
      fault: ({ path }) => {
        if (path !== '/v5/order/create' || lost) return 'pass';
        fatal();
        return 'lose-reply';
      },
    });
    fatal = () => {
      lost = true;
      world.die();
    };
    enable(world);
    await world.time.advance(2 * MINUTE);
    expect(lost).toBe(true);
    expect((await world.store.openIntents()).length).toBeGreaterThan(0);
    await world.restart();
    expect(held(world)).toHaveLength(1);
    expect(ours(world)).toEqual(held(world));
    expect(world.trading().engine.positions()[0]).toMatchObject({ state: 'open' });
    expect(await world.store.openIntents()).toEqual([]);
  });
});
