import { describe, expect, it } from 'vitest';
import { BotsFacade } from '../../src/app/bots-facade.ts';
import { currentSettings } from '../../src/app/settings-history.ts';
import { decimal } from '../../src/core/base/decimal.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import type { ApiCommand, CommandResult } from '../../src/http/bots-api.ts';
import type { Store } from '../../src/store/store.ts';
import { approvedEntry, sendable } from '../fixture/approved-order.ts';
import { keptLedger } from './kept-ledger.ts';
import { enable, eventCodes, held, MINUTE, ours, safeWorld } from './safe-world.ts';
import type { World, WorldOptions } from './world.ts';

interface Scene {
  readonly world: World;
  readonly instrument: Instrument;
  readonly ask: (kind: 'adopt-position' | 'disown-position', symbol?: string) => Promise<CommandResult>;
}

/** A world in which a person, not the service, has just opened a long with a stop far away. */
async function scene(options: Partial<WorldOptions> = {}): Promise<Scene> {
  const world = await safeWorld(options);
  const row = world.trading().engine.scanRows()[0];
  const instrument = row === undefined ? null : world.trading().engine.instrument(row.instrumentId);
  if (row === undefined || instrument === null) throw new Error('an instrument is known');
  const { quantityStep, tickSize } = instrument;
  const price = decimal(row.lastPrice ?? 0);
  const order = {
    ...approvedEntry(instrument, 'byhand'),
    quantity: decimal(20).dividedBy(price).dividedBy(quantityStep).ceil().times(quantityStep),
    stopPrice: price.times('0.3').dividedBy(tickSize).floor().times(tickSize),
    takeProfitPrice: null,
  };
  const opening = world.person.placeOrder(sendable(order), instrument);
  await world.time.advance(30_000);
  expect((await opening).kind).toBe('accepted');
  const facade = await facadeOf(world);
  const actor = { name: 'ann', role: 'trader' } as const;
  const ask: Scene['ask'] = async (kind, symbol = instrument.id) => {
    const answer = facade.command({ kind, symbol } satisfies ApiCommand, actor, 'mine after all');
    await world.time.advance(15_000);
    return answer;
  };
  return { world, instrument, ask };
}

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
      ...{ usedInWindow: 0, limitPerWindow: 480, windowMs: 5_000 },
      ...{ waiting: 0, bannedUntilMs: null },
    }),
    current: await currentSettings(store, 0, null),
  });
}

describe('an adoption through the exchange', () => {
  it('takes over what a person opened, its time and its fees, and has a stop set and read back', async () => {
    const { world, ask } = await scene();
    const reading = world.person.readFills(world.time.nowMs() - MINUTE, world.time.nowMs());
    await world.time.advance(1_000);
    const fills = await reading;
    const openedMs = fills.kind === 'known' ? fills.value[0]?.timeMs : null;
    expect(world.trading().engine.foreignPositions()).toHaveLength(1);
    expect(await ask('adopt-position')).toMatchObject({ ok: true });
    expect(ours(world)).toEqual(held(world));
    const [position] = world.trading().engine.positions();
    expect(position).toMatchObject({ state: 'open', direction: 'long', stopKind: 'initial', openedMs });
    expect(position?.exchangeStopPrice).toBe(position?.stopPrice);
    expect(position?.stopConfirmedMs).not.toBeNull();
    expect(await eventCodes(world)).toContain('engine.position.adopted');
  });

  it('refuses what it cannot read', async () => {
    let broken = false;
    const fault: WorldOptions['fault'] = ({ path }) =>
      broken && path === '/v5/position/list' ? { status: 500, body: '' } : 'pass';
    const { world, ask } = await scene({ fault });
    broken = true;
    const answer = ask('adopt-position');
    await world.time.advance(MINUTE);
    expect(await answer).toMatchObject({ ok: false, kind: 'conflict' });
    expect(world.trading().engine.positions()).toEqual([]);
  });

  it('is undone by giving up: the position stays at the exchange with its stop', async () => {
    const { world, ask } = await scene();
    await ask('adopt-position');
    expect(await ask('disown-position')).toMatchObject({ ok: true });
    expect(ours(world)).toEqual([]);
    expect(held(world)).toHaveLength(1);
    expect(world.trading().engine.foreignPositions()[0]?.stopPrice).not.toBeNull();
  });
});

it('a position that was given up is not taken back from the journal when the state is lost', async () => {
  let lost = false;
  const world = await safeWorld({ storeThrough: (store) => forgetting(store, () => lost) });
  enable(world);
  await world.time.advance(5 * MINUTE);
  const [given, ...kept] = world.trading().engine.positions();
  if (given === undefined) throw new Error('a position is open');
  world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters');
  const disown = { kind: 'disown-position', instrumentId: given.instrumentId } as const;
  expect(world.trading().command(disown, 'ann', 'mine').accepted).toBe(true);
  await world.time.advance(15_000);
  lost = true;
  await world.restart();
  const foreign = world.trading().engine.foreignPositions();
  expect(foreign.map(({ instrumentId }) => instrumentId)).toEqual([given.instrumentId]);
  expect(world.trading().engine.positions()).toHaveLength(kept.length);
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
