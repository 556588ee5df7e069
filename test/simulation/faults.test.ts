import { describe, expect, it } from 'vitest';
import type { LinkFault, LinkRequest } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;

/** A world whose link asks `fault` about every request; the fault may be changed while it runs. */
async function faultyWorld(
  seed: number,
): Promise<{ world: World; set: (fault: (request: LinkRequest) => LinkFault) => void }> {
  let fault: (request: LinkRequest) => LinkFault = () => 'pass';
  const world = await createWorld({
    seed,
    settings: { timeframe: '1m', exit: { stopLossPct: 3 } },
    market: (startMs) => syntheticMarket({ seed, instrumentCount: 40, startMs, candleScale: 'demo' }),
    fault: (request) => fault(request),
  });
  const set = (next: (request: LinkRequest) => LinkFault): void => {
    fault = next;
  };
  return { world, set };
}

function enable(world: World): void {
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
}

/** What the venue itself holds, as the judge. */
function venuePositions(world: World): readonly string[] {
  const account = world.venue.state().accounts[0];
  return (account?.positions ?? []).map((row) => `${row['instrumentId']} ${row['quantity']}`).sort();
}

function ourPositions(world: World): readonly string[] {
  return world
    .trading()
    .engine.positions()
    .map((position) => `${position.instrumentId} ${position.quantity}`)
    .sort();
}

function entryIds(world: World): readonly unknown[] {
  const account = world.venue.state().accounts[0];
  return [...(account?.openOrders ?? []), ...(account?.closedOrders ?? [])]
    .filter((order) => order['reduceOnly'] === false)
    .map((order) => order['clientOrderId']);
}

const isOrder = (request: LinkRequest): boolean => request.path === '/v5/order/create';

describe('faults between service and exchange', () => {
  it.each([
    ['the reply', 'lose-reply'],
    ['the request', 'lose-request'],
  ] as const)('neither doubles nor forgets an order when %s is lost', async (_name, how) => {
    const { world, set } = await faultyWorld(13);
    let lost = 0;
    set((request) => {
      if (!isOrder(request)) return 'pass';
      lost += 1;
      return lost % 2 === 1 ? how : 'pass';
    });
    enable(world);
    await world.time.advance(8 * MINUTE);
    set(() => 'pass');
    await world.time.advance(2 * MINUTE);
    expect(lost).toBeGreaterThan(2);
    expect(world.trading().unresolvedOrders()).toBe(0);
    const ids = entryIds(world);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ourPositions(world)).toEqual(venuePositions(world));
    for (const position of world.trading().engine.positions())
      expect(position.exchangeStopPrice).not.toBeNull();
  });

  it.each<[string, LinkFault]>([
    ['HTML', { status: 200, body: '<html>maintenance</html>' }],
    ['nothing', { status: 200, body: '' }],
    [
      'a truncated answer',
      { status: 200, body: '{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BT' },
    ],
    ['an answer without its list', { status: 200, body: '{"retCode":0,"retMsg":"OK","result":{},"time":1}' }],
    ['HTTP 500', { status: 500, body: 'Internal Server Error' }],
  ])('forgets no position when the account is answered with %s', async (_name, answer) => {
    const { world, set } = await faultyWorld(13);
    enable(world);
    await world.time.advance(2 * MINUTE);
    const before = ourPositions(world);
    expect(before.length).toBeGreaterThan(0);
    world.trading().command({ kind: 'disable-auto-bot' }, 'test', 'only what is open matters now');
    set((request) => (request.path === '/v5/position/list' ? answer : 'pass'));
    await world.time.advance(90_000);
    expect(world.trading().mode().mode).toBe('reduce-only');
    expect(world.reports.some((line) => line.includes('positions could not be read'))).toBe(true);
    expect(ourPositions(world)).toEqual(venuePositions(world));
    set(() => 'pass');
    await world.time.advance(30_000);
    expect(world.trading().mode().mode).toBe('ready');
    expect(ourPositions(world)).toEqual(venuePositions(world));
  });

  it('stops entries while the streams are cut and goes on when they are back', async () => {
    const { world } = await faultyWorld(15);
    world.link.cutChannels('cable');
    await world.time.advance(100);
    expect(world.trading().mode().mode).toBe('reduce-only');
    await world.time.advance(30_000);
    expect(world.trading().mode().mode).toBe('ready');
  });

  it('repairs the candles it missed while the streams were cut', async () => {
    const { world, set } = await faultyWorld(15);
    set(() => 'lose-request');
    world.link.cutChannels('cable');
    await world.time.advance(3 * MINUTE);
    set(() => 'pass');
    await world.time.advance(2 * MINUTE);
    const { progress } = world.trading().market.health();
    expect(progress.ready).toBe(progress.total);
    const newest = world
      .trading()
      .engine.scanRows()
      .map((row) => row.candleOpenTimeMs);
    const expected = Math.floor(world.time.nowMs() / MINUTE) * MINUTE - MINUTE;
    expect(new Set(newest)).toEqual(new Set([expected]));
  });
});
