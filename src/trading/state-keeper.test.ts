import { describe, expect, it } from 'vitest';
import { testLease } from '../../test/fixture/test-lease.ts';
import type { Engine } from '../core/engine/engine.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { type Store, StoreError } from '../store/store.ts';
import { StateKeeper } from './state-keeper.ts';

/** A keeper of an engine whose state is a number, and a store that may fail. */
function bench(setting: { save?: () => Promise<void>; before?: () => Promise<void>; begun?: boolean } = {}) {
  const time = new VirtualTime(1_000_000);
  const log: string[] = [];
  const engine = { tradingVersion: 1, tradingSnapshot: () => engine.tradingVersion };
  const store: Pick<Store, 'saveTradingState' | 'takeEpoch'> = {
    takeEpoch: async () => 7,
    saveTradingState: async (_lease, stateJson) => {
      await setting.save?.();
      log.push(`saved ${(JSON.parse(stateJson) as { trading: number }).trading}`);
    },
  };
  const onLost = (detail: string): void => void log.push(`lease lost ${detail}`);
  const lease = testLease({ store: store as Store, time, accountId: 'test', onLost });
  void lease.take();
  const keeper = new StateKeeper({
    engine: engine as unknown as Engine,
    store: store as Store,
    time,
    lease,
    report: (message) => log.push(message),
    before: setting.before ?? (async () => undefined),
  });
  if (setting.begun !== false) keeper.begin();
  return { keeper, engine, time, log };
}

describe('StateKeeper', () => {
  it('saves after a step that has changed the state, and after no other', async () => {
    const { keeper, engine, time, log } = bench();
    keeper.onStep();
    await time.advance(0);
    expect(log).toEqual([]);
    engine.tradingVersion = 2;
    keeper.onStep();
    keeper.onStep();
    await time.advance(0);
    expect(log).toEqual(['saved 2']);
  });

  it('is persisted only when the state of its moment is durable', async () => {
    let commit = (): void => undefined;
    const save = (): Promise<void> =>
      new Promise((resolve) => {
        commit = resolve;
      });
    const { keeper, engine, time, log } = bench({ save });
    engine.tradingVersion = 2;
    keeper.onStep();
    engine.tradingVersion = 3;
    void keeper.persisted().then(() => log.push('persisted'));
    await time.advance(0);
    commit();
    await time.advance(0);
    expect(log).toEqual(['saved 2']);
    commit();
    await time.advance(0);
    expect(log).toEqual(['saved 2', 'saved 3', 'persisted']);
  });

  it('tries again every second, not with every step, while the store fails', async () => {
    let failing = true;
    const { keeper, engine, time, log } = bench({
      save: async () => {
        if (failing) throw new StoreError('full', 'disk is full');
      },
    });
    engine.tradingVersion = 2;
    for (let step = 0; step < 1_000; step += 1) keeper.onStep();
    await time.advance(2_500);
    expect(log.filter((line) => line.includes('disk is full'))).toHaveLength(3);
    failing = false;
    await time.advance(1_000);
    expect(log.at(-1)).toBe('saved 2');
  });

  it('saves no state before what it no longer holds is stored', async () => {
    let stored = false;
    const { keeper, engine, time, log } = bench({
      before: async () => {
        if (!stored) throw new StoreError('busy', 'locked');
      },
    });
    engine.tradingVersion = 2;
    keeper.onStep();
    await time.advance(5_000);
    expect(log).not.toContain('saved 2');
    stored = true;
    await time.advance(1_000);
    expect(log.at(-1)).toBe('saved 2');
  });

  it('saves nothing once it was stopped', async () => {
    const { keeper, engine, time, log } = bench();
    keeper.stop();
    engine.tradingVersion = 2;
    keeper.onStep();
    await expect(keeper.persisted()).rejects.toThrow('not saved any more');
    await time.advance(5_000);
    expect(log).toEqual([]);
  });

  it('saves nothing before what was stored is loaded', async () => {
    const { keeper, engine, time, log } = bench({ begun: false });
    engine.tradingVersion = 2;
    keeper.onStep();
    await expect(keeper.persisted()).rejects.toThrow('not loaded yet');
    await time.advance(5_000);
    expect(log).toEqual([]);
    keeper.begin();
    await time.advance(0);
    expect(log).toEqual(['saved 2']);
  });

  it('saves nothing any more once another process has taken the account', async () => {
    let asked = 0;
    const { keeper, engine, time, log } = bench({
      save: async () => {
        asked += 1;
        throw new StoreError('lease-lost', 'Epoch 7 does not stand.');
      },
    });
    engine.tradingVersion = 2;
    keeper.onStep();
    await time.advance(5_000);
    engine.tradingVersion = 3;
    keeper.onStep();
    await time.advance(5_000);
    expect(asked).toBe(1);
    expect(log).toEqual(['lease lost Epoch 7 does not stand.']);
  });
});
