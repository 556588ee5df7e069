import { afterAll, beforeAll, expect, it } from 'vitest';
import { BotsFacade } from '../../src/app/bots-facade.ts';
import { currentSettings } from '../../src/app/settings-history.ts';
import type { InstrumentId } from '../../src/core/domain/instrument.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { keptLedger } from './kept-ledger.ts';
import { createWorld, type World } from './world.ts';

const admin = { name: 'tester', role: 'admin' } as const;
const PAIR = { trendEmaShortLength: 21, trendEmaLongLength: 55 };
const DEFAULT_PAIR = { trendEmaShortLength: 50, trendEmaLongLength: 200 };

let world: World;
let facade: BotsFacade;
let coin: InstrumentId;

beforeAll(async () => {
  world = await createWorld({
    seed: 5,
    market: (startMs) => syntheticMarket({ seed: 5, instrumentCount: 6, startMs, candleScale: 'demo' }),
  });
  facade = await facadeOf(world);
  await world.time.advance(2_000);
  coin = world.trading().engine.scanRows()[0]?.instrumentId as InstrumentId;
});
afterAll(() => world.stop());

async function facadeOf(world: World): Promise<BotsFacade> {
  const { trading, store, time } = world;
  return new BotsFacade({
    trading: trading(),
    store,
    time,
    ledger: keptLedger(world),
    place: { name: 'demo', exchange: 'venue', notice: null },
    version: '0.0.0',
    counters: () => ({}),
    rateUsage: () => ({
      usedInWindow: 0,
      limitPerWindow: 480,
      windowMs: 5_000,
      waiting: 0,
      bannedUntilMs: null,
    }),
    current: await currentSettings(store, 0, null),
  });
}

it('a pair that proved better is put in force after a restart, below what a person sets for the coin', async () => {
  const searching = facade.optimalEma.search(coin, true);
  await world.time.advance(5_000);
  const found = await searching;
  expect(found?.evidence.candles).toBeGreaterThan(1_000);
  expect(found?.inForce).toBe(false);
  expect(world.trading().engine.settings(coin).signal).toMatchObject(DEFAULT_PAIR);

  const rows = await world.store.emaSearches.list('6h');
  const row = rows.find(({ instrumentId }) => instrumentId === coin);
  if (row === undefined) throw new Error('The search was stored.');
  await world.store.emaSearches.save({ ...row, verdict: 'better', shortLength: 21, longLength: 55 });
  facade.stop();
  await world.restart();
  facade = await facadeOf(world);
  await world.time.advance(5_000);

  const signalOf = () => world.trading().engine.settings(coin).signal;
  expect(signalOf()).toMatchObject(PAIR);
  expect((await facade.optimalEma.of(coin))?.inForce).toBe(true);
  const shown = facade.settings.coin(coin);
  expect(shown?.settings.signal).toMatchObject(PAIR);
  expect(shown?.origins['signal.trendEmaLongLength']).toBe('search');
  expect(shown?.patch).toEqual({});

  const terms = { actor: admin, reason: '', expectedVersion: null, dryRun: false };
  const own = { signal: { trendEmaShortLength: 100 } };
  await facade.settings.edit({ kind: 'replace-coin', symbol: coin, patch: own }, terms);
  expect(signalOf()).toMatchObject({ trendEmaShortLength: 100, trendEmaLongLength: 200 });
  await facade.settings.edit({ kind: 'clear-coin', symbol: coin }, terms);
  expect(signalOf()).toMatchObject(PAIR);

  const without = { signal: { trendEmaSearched: false } };
  await facade.settings.edit({ kind: 'patch-global', patch: without }, terms);
  expect(signalOf()).toMatchObject(DEFAULT_PAIR);
});
