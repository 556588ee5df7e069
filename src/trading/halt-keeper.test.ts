import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { MemoryLatch } from '../../test/fixture/memory-latch.ts';
import { decimal } from '../core/base/decimal.ts';
import type { Order } from '../core/domain/order.ts';
import { known, type Reading, unknown } from '../core/domain/reading.ts';
import { clientOrderId } from '../core/engine/client-order-id.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { HaltKeeper } from './halt-keeper.ts';

const BTC = instrument();
const HALT = { sinceMs: 1, by: 'anna', reason: '' };
const OURS = clientOrderId({ accountId: 'demo', epoch: 7, intentNumber: 1 });
const THEIRS = clientOrderId({ accountId: 'other', epoch: 7, intentNumber: 1 });

function order(changes: Partial<Order>): Order {
  return {
    exchangeOrderId: 'x',
    clientOrderId: OURS,
    instrumentId: BTC.id,
    side: 'buy',
    kind: 'limit',
    status: 'open',
    quantity: decimal(1),
    filledQuantity: decimal(0),
    averagePrice: null,
    price: decimal(90),
    stopPrice: null,
    reduceOnly: false,
    reason: '',
    updatedMs: 0,
    ...changes,
  };
}

function bench(resting: Order[]) {
  const time = new VirtualTime(1_000_000);
  const latch = new MemoryLatch();
  const told: string[] = [];
  const cancelled: string[] = [];
  const world: { uncertain: number | null; list: () => Reading<readonly Order[]> } = {
    uncertain: 0,
    list: () => known(resting, 0, 'test'),
  };
  const keeper = new HaltKeeper({
    ...{ latch, time, accountId: 'demo' },
    exchange: fakeExchange({
      readOpenOrders: async () => world.list(),
      cancelOrder: async (_instrument, id) => {
        cancelled.push(id);
        return { kind: 'done' };
      },
    }),
    instrument: () => BTC,
    uncertain: () => world.uncertain,
    onHalted: ({ by }) => told.push(`halted by ${by}`),
    tell: (code) => told.push(code),
    told: async () => void told.push('stored'),
    report: (message) => told.push(message),
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      keeper.check();
      await time.advance(1_000);
    }
  };
  return { keeper, latch, told, cancelled, world, pass };
}

describe('the halt keeper', () => {
  it('asks the exchange for nothing while nobody halts', async () => {
    const { keeper, told, world, pass } = bench([]);
    world.list = () => {
      throw new Error('nobody asked');
    };
    await pass(5);
    expect(told).toEqual([]);
    expect(keeper.reading()).toBeNull();
  });

  it('takes back what of ours could add exposure, and nothing else, until the list is without it', async () => {
    const resting = [
      order({}),
      order({ clientOrderId: THEIRS }),
      order({ clientOrderId: null }),
      order({ clientOrderId: 'by-hand' }),
      order({ reduceOnly: true }),
    ];
    const { keeper, latch, told, cancelled, pass } = bench(resting);
    await latch.latch(HALT);
    await pass(3);
    expect(cancelled).toEqual([OURS, OURS]);
    expect(keeper.reading()).toMatchObject({ by: 'anna', clearMs: null });
    resting.shift();
    await pass(2);
    expect(keeper.reading()?.clearMs).not.toBeNull();
    expect(told).toEqual(['trading.halted', 'halted by anna', 'trading.halt.clear']);
  });

  it('confirms nothing while an order may be on its way, a list is not known, or none was read yet', async () => {
    const { keeper, latch, world, pass } = bench([]);
    await latch.latch(HALT);
    world.uncertain = null;
    await pass(3);
    world.uncertain = 1;
    await pass(3);
    world.uncertain = 0;
    world.list = () => unknown('no-answer', 'it does not answer');
    await pass(3);
    expect(keeper.reading()?.clearMs).toBeNull();
    world.list = () => known([], 0, 'test');
    await pass(3);
    expect(keeper.reading()?.clearMs).not.toBeNull();
  });

  it('goes on looking, and takes its word back when an order turns up', async () => {
    const resting: Order[] = [];
    const { keeper, latch, cancelled, pass } = bench(resting);
    await latch.latch(HALT);
    await pass(3);
    resting.push(order({}));
    await pass(12);
    expect(cancelled.length).toBeGreaterThan(0);
    expect(keeper.reading()?.clearMs).toBeNull();
  });

  it('tells who lifted it once it is stored, and once', async () => {
    const { latch, told, pass } = bench([]);
    await latch.latch(HALT);
    await pass(3);
    latch.lift({ resumedMs: 5, by: 'boris', reason: 'well again' });
    await pass(3);
    expect(told.slice(3)).toEqual(['trading.resumed', 'stored']);
  });
});
