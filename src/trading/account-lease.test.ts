import { describe, expect, it } from 'vitest';
import { ZERO } from '../core/base/decimal.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import type { Order } from '../core/domain/order.ts';
import { known, type Reading, unknown } from '../core/domain/reading.ts';
import { clientOrderId, protectiveOrderId } from '../core/engine/client-order-id.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { Store } from '../store/store.ts';
import { AccountLease } from './account-lease.ts';

const START_MS = 1_800_000_000_000;
const EPOCH = 1_000;
const SECOND = 1_000;

interface Named {
  readonly epoch: number;
  readonly instance?: string;
  readonly accountId?: string;
}

/** An entry that the exchange took so many ms after the account was. */
function entry({ epoch, instance, accountId = 'main' }: Named, afterMs: number): Order {
  const instrumentId = parseInstrumentId('BTCUSDT');
  if (instrumentId === null) throw new Error('it is an instrument');
  return {
    ...{ exchangeOrderId: 'x', instrumentId, side: 'buy', kind: 'market', status: 'filled' },
    ...{ quantity: ZERO, filledQuantity: ZERO, averagePrice: null, price: null, stopPrice: null },
    ...{ reduceOnly: false, reason: '', updatedMs: START_MS + afterMs, createdMs: START_MS + afterMs },
    clientOrderId: clientOrderId({ accountId, epoch, intentNumber: 1, instance }),
  };
}

async function setUp(clockOffMs = 0) {
  const time = new VirtualTime(START_MS + clockOffMs);
  const lost: string[] = [];
  let orders: Reading<readonly Order[]> = known([], START_MS, 'test');
  const asked: number[] = [];
  const lease = new AccountLease({
    store: { takeEpoch: async () => EPOCH } as unknown as Store,
    time,
    accountId: 'main',
    instance: 'mmmmmm',
    exchange: {
      timeMs: () => time.nowMs() - clockOffMs,
      readOrdersSince: async (sinceMs) => {
        asked.push(sinceMs);
        return orders;
      },
    },
    report: () => undefined,
    onLost: (detail) => lost.push(detail),
  });
  await lease.take();
  await time.advance(60 * SECOND);
  return {
    lease,
    time,
    lost,
    asked,
    exchangeSays: (reading: Reading<readonly Order[]>) => {
      orders = reading;
    },
  };
}

const OURS = { epoch: EPOCH, instance: 'mmmmmm' };

describe('a lease that the exchange knows more of', () => {
  it.each<[string, Named, number, boolean]>([
    ['an entry of a later process', { epoch: EPOCH + 1, instance: 'aaaaaa' }, 1, true],
    ['one from before we began: its home is gone', { epoch: EPOCH + 1, instance: 'aaaaaa' }, -1, false],
    ['one of a copy that took the same epoch', { epoch: EPOCH, instance: 'zzzzzz' }, 1, true],
    ['one of a copy of a version without instances', { epoch: EPOCH }, 1, true],
    ['one under another name of the account', { epoch: EPOCH + 1, accountId: 'other' }, 1, true],
    ['our own', OURS, 1, false],
    [
      'one that the process before us left on its way',
      { epoch: EPOCH - 1, instance: 'aaaaaa' },
      9_900,
      false,
    ],
    ['one that it cannot have left', { epoch: EPOCH - 1, instance: 'aaaaaa' }, 10_100, true],
  ])('by %s', async (_what, named, afterMs, isLost) => {
    const { lease, lost } = await setUp();
    lease.noteOrder(entry(named, afterMs));
    expect(lease.isLost()).toBe(isLost);
    expect(lost).toHaveLength(isLost ? 1 : 0);
  });

  it('is not lost by what only protects', async () => {
    const { lease } = await setUp();
    const source = { accountId: 'main', epoch: EPOCH + 9, intentNumber: 1, instance: 'protec' };
    lease.noteOrder({ ...entry(OURS, 1), clientOrderId: protectiveOrderId(source) });
    lease.noteOrder({ ...entry({ epoch: EPOCH - 1, instance: 'aaaaaa' }, 30_000), reduceOnly: true });
    expect(lease.isLost()).toBe(false);
  });

  it('stands against an older process that heard of our entry, unless that one goes on all the same', async () => {
    const older = { epoch: EPOCH - 1, instance: 'aaaaaa' };
    const { lease } = await setUp();
    lease.noteOrder(entry(older, 20_000));
    expect(lease.isLost()).toBe(true);
    lease.noteOrder(entry(OURS, 20_001));
    expect(lease.isLost()).toBe(false);
    lease.noteOrder(entry(older, 35_000));
    expect(lease.isLost()).toBe(false);
    lease.noteOrder(entry(older, 35_002));
    expect(lease.isLost()).toBe(true);
  });

  it.each([-3_600_000, 3_600_000])(
    'goes by the exchange’s clock: ours may be %i ms off, and a restart is no stranger',
    async (clockOffMs) => {
      const { lease } = await setUp(clockOffMs);
      lease.noteOrder(entry({ epoch: EPOCH - 1, instance: 'aaaaaa' }, 5_000));
      expect(lease.isLost()).toBe(false);
      lease.noteOrder(entry({ epoch: EPOCH + 1, instance: 'aaaaaa' }, 5_000));
      expect(lease.isLost()).toBe(true);
    },
  );

  it('hears of it by REST where the stream has lost the word, and knows when it does not', async () => {
    const { lease, time, exchangeSays, asked } = await setUp();
    expect(lease.lookAgeMs()).toBeNull();
    exchangeSays(unknown('no-answer', 'nothing came'));
    expect(await lease.look()).toBe(false);
    expect(lease.lookAgeMs()).toBeNull();
    exchangeSays(known([entry({ epoch: EPOCH + 1, instance: 'aaaaaa' }, 1)], START_MS + 60_000, 'test'));
    expect(await lease.look()).toBe(true);
    expect(lease.isLost()).toBe(true);
    await time.advance(5_000);
    expect(lease.lookAgeMs()).toBe(5_000);
    expect(asked[0]).toBeLessThanOrEqual(START_MS);
  });
});
