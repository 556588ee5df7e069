import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import type { LinkFault, LinkRequest } from '../../src/venue/in-process.ts';
import {
  atVenue,
  COIN,
  enterLong,
  type LadderWorld,
  ladderWorld,
  namesAtVenue,
  restingAtVenue,
  rungs,
  SECOND,
} from './ladder-world.ts';
import { enable, HOLD, held, ours, safeWorld } from './safe-world.ts';
import type { World } from './world.ts';

const CREATE = '/v5/order/create';
const CANCEL = '/v5/order/cancel';

let running: World | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

async function begin(
  options: Parameters<typeof ladderWorld>[0] = {},
  entry: Record<string, unknown> = {},
): Promise<LadderWorld> {
  const made = await ladderWorld(options, entry);
  running = made.world;
  return made;
}

/** Strikes the request number `count` to a path, the first is 1. */
function onCall(path: string, count: number, strike: (request: LinkRequest) => LinkFault) {
  let seen = 0;
  return (request: LinkRequest): LinkFault => {
    if (request.path !== path) return 'pass';
    seen += 1;
    return seen === count ? strike(request) : 'pass';
  };
}

function stopBot(world: World): void {
  const command = { kind: 'stop-bot', instrumentId: COIN } as const;
  expect(world.trading().command(command, 'test', 'enough').accepted).toBe(true);
}

/** What the service holds is what the venue holds, with a stop, and no order was taken twice. */
function expectAgreement(world: World): void {
  expect(ours(world)).toEqual(held(world));
  const { orders, names } = namesAtVenue(world);
  expect(orders).toBe(names);
  for (const position of world.trading().engine.positions()) {
    if (position.quantity !== '0') expect(position.stopConfirmedMs).not.toBeNull();
  }
}

describe('a ladder through the adapter on the venue', () => {
  it('rests, fills as the price comes to it, and carries one stop all the way', async () => {
    const { world, market } = await begin();
    enterLong(world);
    await world.time.advance(5 * SECOND);
    expect(rungs(world)).toBe('filled accepted accepted');
    expect(restingAtVenue(world)).toEqual(['1.02 at 98', '1.041 at 96']);
    expect(atVenue(world)).toBe('1 stop 88.2');
    market.setPrice(COIN, 97);
    await world.time.advance(5 * SECOND);
    expect(atVenue(world)).toBe('2.02 stop 88.2');
    expect(rungs(world)).toBe('filled filled accepted');
    market.setPrice(COIN, 95.9);
    await world.time.advance(15 * SECOND);
    expect(atVenue(world)).toBe('3.061 stop 88.3');
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expectAgreement(world);
  });

  it('sends a rung once although its answer is lost, and goes on when it is found', async () => {
    const made = await begin({
      fault: onCall(CREATE, 2, () => {
        made.world.link.cutChannels('the network broke');
        return 'lose-reply';
      }),
    });
    const { world } = made;
    enterLong(world);
    await world.time.advance(3 * SECOND);
    expect(restingAtVenue(world), 'nothing follows while it is not known').toEqual(['1.02 at 98']);
    await world.time.advance(30 * SECOND);
    expect(rungs(world)).toBe('filled accepted accepted');
    expect(restingAtVenue(world)).toEqual(['1.02 at 98', '1.041 at 96']);
    expectAgreement(world);
  });

  it('ends with what has filled when a rung never arrived: none is sent again', async () => {
    const { world } = await begin({
      fault: onCall(CREATE, 2, () => 'lose-request'),
    });
    enterLong(world);
    await world.time.advance(60 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world), 'its own average wants a tighter stop').toBe('1 stop 90.1');
    expectAgreement(world);
  });

  it.each([
    [true, 'filled cancelled accepted', '1 stop 88.2'],
    [false, 'filled filled accepted', '2.02 stop 88.2'],
  ])(
    'meets a price that has passed a rung as it was set, post-only %s',
    async (rungsPostOnly, states, there) => {
      const passing = onCall(CREATE, 2, () => {
        made.market.setPrice(COIN, 97);
        return 'pass';
      });
      const made = await begin({ fault: passing }, { rungsPostOnly });
      const { world } = made;
      enterLong(world);
      await world.time.advance(10 * SECOND);
      expect(rungs(world)).toBe(states);
      expect(atVenue(world)).toBe(there);
      expectAgreement(world);
    },
  );

  it('is taken back when its bot is stopped, and the position keeps its stop', async () => {
    const { world } = await begin();
    enterLong(world);
    await world.time.advance(5 * SECOND);
    stopBot(world);
    await world.time.advance(15 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world)).toBe('1 stop 90.1');
    expectAgreement(world);
  });

  it('takes a cancel that came too late for what it is: a fill', async () => {
    const made = await begin({
      fault: onCall(CANCEL, 1, () => {
        made.market.setPrice(COIN, 97.5);
        return 'lose-request';
      }),
    });
    const { world } = made;
    enterLong(world);
    await world.time.advance(5 * SECOND);
    stopBot(world);
    await world.time.advance(30 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world)).toBe('2.02 stop 89.2');
    expectAgreement(world);
  });

  it('asks again when the answer to a cancel is lost with the stream', async () => {
    const made = await begin({
      fault: onCall(CANCEL, 1, () => {
        made.world.link.cutChannels('the network broke');
        return 'lose-reply';
      }),
    });
    const { world } = made;
    enterLong(world);
    await world.time.advance(5 * SECOND);
    stopBot(world);
    await world.time.advance(45 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expectAgreement(world);
  });

  it('closes what a rung opens that fills while the position is being closed', async () => {
    const made = await begin({
      fault: onCall(CANCEL, 1, () => {
        made.market.setPrice(COIN, 97.5);
        return 'pass';
      }),
    });
    const { world } = made;
    enterLong(world);
    await world.time.advance(5 * SECOND);
    world.trading().command({ kind: 'close-position', instrumentId: COIN }, 'test', 'enough');
    await world.time.advance(30 * SECOND);
    expect([atVenue(world), restingAtVenue(world)]).toEqual(['flat', []]);
    expectAgreement(world);
  });
});

describe('a service that dies', () => {
  it('between two rungs sends none of the rest in its next life', async () => {
    const made = await begin({
      fault: onCall(CREATE, 2, () => {
        made.world.die();
        return 'pass';
      }),
    });
    const { world } = made;
    enterLong(world);
    await world.time.advance(5 * SECOND);
    await world.restart();
    await world.time.advance(45 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world)).toBe('1 stop 90.1');
    expectAgreement(world);
  });

  it('with a half-filled ladder finds the fill it missed, and the rest goes on resting', async () => {
    const { world, market } = await begin();
    enterLong(world);
    await world.time.advance(5 * SECOND);
    world.die();
    market.setPrice(COIN, 97);
    await world.time.advance(3 * SECOND);
    await world.restart();
    expect(rungs(world)).toBe('filled filled accepted');
    expect(atVenue(world)).toBe('2.02 stop 88.2');
    market.setPrice(COIN, 95.5);
    await world.time.advance(15 * SECOND);
    expect(atVenue(world)).toBe('3.061 stop 88.3');
    expectAgreement(world);
  });

  it('takes back what rests of Auto Bot’s, which is off after every start', async () => {
    const far = [0, 5, 9].map((offsetPct) => ({ offsetPct, weight: 1 }));
    const world = await safeWorld({
      settings: {
        timeframe: '1m',
        exit: HOLD,
        risk: { positionNotionalUsdt: 100 },
        entry: { entryMethod: 'ladder', rungs: far },
      },
    });
    running = world;
    enable(world);
    await world.time.advance(60 * SECOND);
    expect(restingAtVenue(world).length).toBeGreaterThan(1);
    await world.restart();
    await world.time.advance(30 * SECOND);
    expect(restingAtVenue(world)).toEqual([]);
    expect(held(world).length).toBeGreaterThan(0);
    expectAgreement(world);
  });

  it('for long takes back what still rests', async () => {
    const { world } = await begin();
    enterLong(world);
    await world.time.advance(5 * SECOND);
    world.die();
    await world.time.advance(600 * SECOND);
    await world.restart();
    await world.time.advance(30 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world)).toBe('1 stop 90.1');
    expectAgreement(world);
  });

  it('and loses its state finds the ladder in its journal, takes the rest back and guards what has filled', async () => {
    let lost = false;
    const { world, market } = await begin({ storeThrough: (store) => forgetting(store, () => lost) });
    enterLong(world);
    await world.time.advance(5 * SECOND);
    market.setPrice(COIN, 97);
    await world.time.advance(5 * SECOND);
    world.die();
    lost = true;
    await world.restart();
    await world.time.advance(45 * SECOND);
    expect([rungs(world), restingAtVenue(world)]).toEqual([null, []]);
    expect(atVenue(world)).toBe('2.02 stop 89.2');
    expectAgreement(world);
  });

  it('and loses its state does not take back what a person was given of a ladder', async () => {
    let lost = false;
    const { world, market } = await begin({ storeThrough: (store) => forgetting(store, () => lost) });
    enterLong(world);
    await world.time.advance(5 * SECOND);
    market.setPrice(COIN, 95.9);
    await world.time.advance(15 * SECOND);
    expect([rungs(world), atVenue(world)]).toEqual([null, '3.061 stop 88.3']);
    const disown = { kind: 'disown-position', instrumentId: COIN } as const;
    expect(world.trading().command(disown, 'ann', 'mine').accepted).toBe(true);
    await world.time.advance(15 * SECOND);
    lost = true;
    await world.restart();
    expect(world.trading().engine.foreignPositions()).toHaveLength(1);
    expect(ours(world)).toEqual([]);
  });
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
