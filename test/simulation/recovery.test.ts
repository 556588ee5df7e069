import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { exitSide } from '../../src/core/domain/order.ts';
import type { LinkFault, LinkRequest } from '../../src/venue/in-process.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { approvedExit, sendable } from '../fixture/approved-order.ts';
import { createWorld, type World } from './world.ts';

const MINUTE = 60_000;

async function tradingWorld(): Promise<{
  readonly world: World;
  readonly set: (fault: (request: LinkRequest) => LinkFault) => void;
}> {
  let fault: (request: LinkRequest) => LinkFault = () => 'pass';
  const world = await createWorld({
    seed: 13,
    settings: { timeframe: '1m', exit: { stopLossPct: 50, takeProfitPct: null } },
    market: (startMs) => syntheticMarket({ seed: 13, instrumentCount: 40, startMs, candleScale: 'demo' }),
    fault: (request) => fault(request),
  });
  world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
  await world.time.advance(2 * MINUTE);
  const set = (next: (request: LinkRequest) => LinkFault): void => {
    fault = next;
  };
  return { world, set };
}

/** Whether `work` ends within `durationMs` of the world's time. */
async function endsWithin(world: World, work: Promise<unknown>, durationMs: number): Promise<boolean> {
  let ended = false;
  void work.then(() => {
    ended = true;
  });
  await world.time.advance(durationMs);
  return ended;
}

describe('the end and the start of a service', () => {
  it('ends within six seconds while orders hang, are looked up, and reads are lost', async () => {
    const { world, set } = await tradingWorld();
    set((request) => (request.method === 'POST' ? 'lose-reply' : 'lose-request'));
    world.venue.faults.add({ name: 'message-lost', for: '60s' });
    const [first, second] = world.trading().engine.positions();
    if (first === undefined || second === undefined) throw new Error('two positions are open');
    const close = ({ instrumentId }: typeof first): void => {
      world.trading().command({ kind: 'close-position', instrumentId }, 'test', 'now');
    };
    close(first);
    await world.time.advance(12_000);
    expect(world.trading().unresolvedOrders()).toBeGreaterThan(0);
    close(second);
    await world.time.advance(100);
    expect(await endsWithin(world, world.trading().stop(), 6_000)).toBe(true);
  });

  it('explains by its fill what was closed long before a start that is slow to get to the account', async () => {
    const { world, set } = await tradingWorld();
    const [position] = world.trading().engine.positions();
    const instrument =
      position === undefined ? null : world.trading().engine.instrument(position.instrumentId);
    if (position === undefined || instrument === null) throw new Error('a position is open');
    world.die();
    const { direction } = position;
    const exit = { ...approvedExit(instrument, 'byhand1'), direction, side: exitSide(direction) };
    const order = { ...exit, quantity: decimal(position.quantity) };
    const closing = world.person.placeOrder(sendable(order), instrument);
    await world.time.advance(5 * MINUTE);
    expect((await closing).kind).toBe('accepted');
    set((request) => (request.path === '/v5/position/switch-mode' ? 'lose-reply' : 'pass'));
    await world.restart();
    const { rows } = await world.store.listTrades({ limit: 10, cursor: null });
    const trade = rows.find((row) => row.instrumentId === instrument.id);
    const fill = world.venue.state().accounts[0]?.fills.find((row) => row['clientOrderId'] === 'byhand1');
    expect(fill?.['price']).toBeDefined();
    expect(trade?.exitPrice).toBe(fill?.['price']);
    expect(world.journal.some((line) => line.includes('engine.position.gone'))).toBe(false);
  });

  it('halts loudly after a step that broke an invariant, saves nothing of it, and recovers by a start', async () => {
    const { world } = await tradingWorld();
    const trading = world.trading();
    trading.observe({
      onStep: (_sequence, event) => {
        if (event.kind === 'command' && event.reason === 'poison')
          throw new Error('an invariant does not hold');
      },
    });
    trading.command({ kind: 'disable-auto-bot' }, 'test', 'poison');
    expect(trading.mode().mode).toBe('halted');
    expect(world.reports.filter((line) => line.startsWith('broken: command'))).toHaveLength(1);
    expect(trading.command({ kind: 'enable-auto-bot' }, 'test', 'after').accepted).toBe(false);
    await world.time.advance(MINUTE);
    await world.restart();
    expect(world.trading().mode().mode).toBe('ready');
    const held = world.venue.state().accounts[0]?.positions ?? [];
    expect(held.length).toBeGreaterThan(0);
    expect(
      world
        .trading()
        .engine.positions()
        .map(({ instrumentId, quantity }) => `${instrumentId} ${quantity}`)
        .sort(),
    ).toEqual(held.map((row) => `${row['instrumentId']} ${row['quantity']}`).sort());
  });
});
