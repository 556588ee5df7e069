import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { approvedEntry, sendable } from '../fixture/approved-order.ts';
import { instrument } from '../fixture/scripted-market.ts';
import { atVenue, COIN, enterLong, ladderWorld, SECOND } from './ladder-world.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(async () => {
  ({ world } = await ladderWorld({}, { entryMethod: 'market' }));
});
afterEach(() => world.stop());

/** An entry whose request was lost, and which was concluded never to have been placed; gives its name. */
async function concluded(): Promise<string> {
  world.venue.faults.add({ name: 'request-lost', path: '/v5/order/create', count: 1 });
  enterLong(world);
  await world.time.advance(30 * SECOND);
  const [intent] = (await world.store.intents.list({ limit: 1, cursor: null })).rows;
  expect(intent?.state).toBe('not-placed');
  return intent?.clientOrderId ?? '';
}

/** The exchange carries it out all the same, long after it could have. */
async function appear(name: string): Promise<void> {
  const order = {
    ...approvedEntry(instrument('BTCUSDT'), name),
    quantity: decimal(3),
    takeProfitPrice: null,
  };
  const placed = world.person.placeOrder(
    sendable({ ...order, stopPrice: decimal(40), leverage: 1 }),
    instrument('BTCUSDT'),
  );
  await world.time.advance(3 * SECOND);
  expect((await placed).kind).toBe('accepted');
}

function enters(): string {
  const command = { kind: 'enter', instrumentId: COIN, direction: 'long', force: true } as const;
  const { accepted, message } = world.trading().command(command, 'test', 'again');
  return accepted ? 'entered' : message;
}

describe('an order that was concluded never to exist and fills', () => {
  it('leaves the evidence it was concluded from: complete answers from after its validity', async () => {
    const file = await world.store.intents.find(await concluded());
    const looks = (file?.evidence ?? []).map(({ evidenceJson }) => JSON.parse(evidenceJson));
    const late = looks.filter(({ asOfMs }) => asOfMs > (file?.intent.validUntilMs ?? Number.NaN));
    expect(late.map(({ verdict, position }) => `${verdict} ${position}`)).toEqual([
      'absent none',
      'absent none',
    ]);
    expect(late[1].asOfMs - late[0].asOfMs).toBeGreaterThanOrEqual(2_000);
  });

  it('is ours, has our stop within three seconds, and is told, counted and journaled', async () => {
    const name = await concluded();
    await appear(name);
    const [position] = world.trading().engine.positions();
    expect(position).toMatchObject({ instrumentId: COIN, direction: 'long', quantity: '3', state: 'open' });
    expect(atVenue(world)).toBe(`3 stop ${position?.stopPrice}`);
    expect(position?.stopPrice).not.toBe('40');
    const events = (await world.store.listEvents({ limit: 50, cursor: null })).rows;
    expect(events.filter(({ code }) => code === 'engine.order.surprise')).toMatchObject([
      { severity: 'critical' },
    ]);
    const file = await world.store.intents.find(name);
    expect(file?.intent.state).toBe('filled');
    expect(file?.intent.surpriseMs).not.toBeNull();
    expect(world.trading().engine.unaccounted()).toMatchObject({
      surprises: { count: 1 },
      frozen: [{ instrumentId: COIN, why: 'surprise', clientOrderId: name }],
    });
  });

  it('keeps entries back over a restart, until a person says why they may go on', async () => {
    await appear(await concluded());
    world.trading().command({ kind: 'close-position', instrumentId: COIN }, 'test', 'enough');
    await world.time.advance(10 * SECOND);
    expect(enters()).toMatch(/existed that was said/);
    await world.restart();
    expect(world.trading().engine.unaccounted().surprises.count).toBe(1);
    expect(enters()).toMatch(/existed that was said/);
    const unfreeze = { kind: 'unfreeze-instrument', instrumentId: COIN } as const;
    expect(world.trading().command(unfreeze, 'test', '  ').accepted).toBe(false);
    expect(world.trading().command(unfreeze, 'test', 'the exchange explained it').accepted).toBe(true);
    expect(enters()).toBe('entered');
  });
});
