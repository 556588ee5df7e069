import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { Fill } from '../core/domain/order.ts';
import type { RestingStop } from '../core/domain/position.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { AwaitedOfAccount } from '../core/engine/awaited.ts';
import type { Exchange, StatedPosition } from '../exchange/exchange.ts';
import { sleep } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { Store } from '../store/store.ts';
import { AccountSync } from './account-sync.ts';
import type { Unstamped } from './trading-loop.ts';

const BTC = instrument();
const STOP: RestingStop = {
  instrumentId: BTC.id,
  direction: 'long',
  stopPrice: decimal(85),
  trigger: 'mark',
};

function fill(fillId: string, changes: Partial<Fill> = {}): Fill {
  return {
    fillId,
    exchangeOrderId: 'x1',
    clientOrderId: 'ib1',
    instrumentId: BTC.id,
    side: 'buy',
    price: decimal(100),
    quantity: decimal('0.1'),
    fee: decimal('0.0055'),
    maker: false,
    cause: 'user',
    timeMs: 1_000_000,
    ...changes,
  };
}

function bench(
  overrides: Partial<Exchange>,
  addFills?: Store['addFills'],
  awaited: Partial<AwaitedOfAccount> = {},
  onSnapshot: (event: Extract<Unstamped, { kind: 'account-snapshot' }>) => void = () => undefined,
) {
  const time = new VirtualTime(1_000_000);
  const log: string[] = [];
  const store: Pick<Store, 'addFills'> = {
    addFills:
      addFills ??
      (async (rows) => {
        log.push(`stored ${rows.map((row) => row.fillId).join(' ')}`);
        return [];
      }),
  };
  const sync = new AccountSync({
    exchange: fakeExchange(overrides),
    store: store as Store,
    time,
    dispatch: (event) => {
      if (event.kind === 'fill') log.push(`fill ${event.fill.fillId}`);
      if (event.kind === 'account-snapshot') {
        onSnapshot(event);
        const confirmed = event.confirmed?.length ? ` confirmed ${event.confirmed.join(' ')}` : '';
        log.push(`snapshot ${event.positions.length}${confirmed}`);
      }
    },
    report: (message) => log.push(`report ${message}`),
    awaited: () => ({ fills: [], positions: [], ...awaited }),
    instrument: (id) => (id === BTC.id ? BTC : null),
  });
  return { sync, time, log };
}

describe('AccountSync', () => {
  it('tells stops with the reading after they came, asks seldom, and waits for none', async () => {
    const told: unknown[] = [];
    let asked = 0;
    const held = { instrumentId: BTC.id, direction: 'long', quantity: decimal(1) } as StatedPosition;
    const { sync, time } = bench(
      {
        readPositions: async () => known([held], 0, 'test'),
        readStops: async () => {
          asked += 1;
          if (asked === 2) return new Promise(() => undefined);
          return asked === 1 ? known([STOP], 0, 'test') : unknown('no-answer', 'timeout');
        },
      },
      undefined,
      {},
      (event) => told.push(event.stops),
    );
    for (const waitMs of [0, 9_999, 1, 10_000, 2_000]) {
      await time.advance(waitMs);
      expect(await sync.syncNow('reconcile')).toBe(true);
    }
    expect([asked, told]).toEqual([3, [[STOP], null, null, null, null]]);
  });

  it('tells fills before the snapshot, so that a position is explained before it is missed', async () => {
    const { sync, log } = bench({ readFills: async () => known([fill('f1')], 0, 'test') });
    expect(await sync.syncNow('reconcile')).toBe(true);
    expect(log).toEqual(['fill f1', 'stored f1', 'snapshot 0']);
  });

  it.each([
    ['positions', { readPositions: async () => unknown('bad-answer', 'html') }],
    ['fills', { readFills: async () => unknown('no-answer', 'timeout') }],
    ['balance', { readBalance: async () => unknown('bad-answer', 'empty') }],
  ] satisfies [string, Partial<Exchange>][])(
    'tells the engine nothing when %s cannot be read',
    async (what, overrides) => {
      const { sync, log } = bench(overrides);
      expect(await sync.syncNow('reconcile')).toBe(false);
      expect(log).toEqual([expect.stringContaining(`report The account's ${what} could not be read`)]);
      expect(sync.newest()).toBeNull();
      expect(sync.failureCount()).toBe(1);
    },
  );

  describe('with a list that lacks what we hold', () => {
    const held = {
      instrumentId: BTC.id,
      direction: 'long',
      quantity: decimal(1),
      margin: decimal(100),
    } as const;
    const awaited = { positions: [{ ...held, filledMs: 0 }] };
    const money = { equity: decimal(1000), walletBalance: decimal(1000), available: decimal(900) };
    const readPositions = async () => known([], 1_000_000, 'test');
    const readBalance = (margin: () => number) => async () =>
      known({ ...money, positionMargin: decimal(margin()) }, 0, 'test');

    it('tells the engine nothing when the wallet contradicts it, and says why', async () => {
      const { sync, log } = bench({ readPositions, readBalance: readBalance(() => 100) }, undefined, awaited);
      expect(await sync.syncNow('reconcile')).toBe(false);
      expect(log).toEqual([
        expect.stringContaining('positions could not be read: the list falls short on BTCUSDT'),
      ]);
      expect(sync.failure()).toContain('BTCUSDT');
    });

    it('tells what is borne out, but for a minute after a contradiction', async () => {
      let margin = 100;
      const { sync, log, time } = bench(
        { readPositions, readBalance: readBalance(() => margin) },
        undefined,
        awaited,
      );
      await sync.syncNow('reconcile');
      margin = 0;
      expect(await sync.syncNow('reconcile')).toBe(true);
      expect(log.at(-1)).toBe('snapshot 0');
      await time.advance(60_000);
      await sync.syncNow('reconcile');
      expect(log.at(-1)).toBe('snapshot 0 confirmed BTCUSDT');
    });
  });

  it('answers requests that come together with one reading', async () => {
    let reads = 0;
    const { sync, time } = bench({
      readPositions: async () => {
        reads += 1;
        return known([], 0, 'test');
      },
    });
    for (let i = 0; i < 20; i += 1) sync.request();
    await time.advance(1_000);
    expect(reads).toBe(1);
  });

  it('looks for awaited fills back to the placement of their order, and tells of its instrument alone', async () => {
    const placedMs = 400_000;
    const asked: number[] = [];
    const other = instrument({ name: 'ETHUSDT' }).id;
    const listed = [
      fill('before', { timeMs: placedMs - 60_001 }),
      fill('late', { timeMs: placedMs }),
      fill('known', { timeMs: placedMs, instrumentId: other }),
      fill('fresh', { instrumentId: other }),
    ];
    const readFills: Exchange['readFills'] = async (sinceMs) => {
      asked.push(sinceMs);
      return known(listed, 0, 'test');
    };
    const { sync, log } = bench({ readFills }, undefined, { fills: [{ instrumentId: BTC.id, placedMs }] });
    await sync.syncNow('reconcile');
    expect(asked).toEqual([placedMs - 60_000]);
    expect(log.filter((line) => line.startsWith('fill'))).toEqual(['fill late', 'fill fresh']);
  });

  it('looks for awaited fills no further back than 90 days', async () => {
    const asked: number[] = [];
    const readFills: Exchange['readFills'] = async (sinceMs) => {
      asked.push(sinceMs);
      return known([], 0, 'test');
    };
    const { sync } = bench({ readFills }, undefined, { fills: [{ instrumentId: BTC.id, placedMs: -1e12 }] });
    await sync.syncNow('reconcile');
    expect(asked).toEqual([1_000_000 - 90 * 86_400_000]);
  });

  it('reads again by itself after a failure', async () => {
    let reads = 0;
    const { sync, time, log } = bench({
      readPositions: async () => {
        reads += 1;
        return reads === 1 ? unknown('no-answer', 'timeout') : known([], 0, 'test');
      },
    });
    await sync.syncNow('reconcile');
    await time.advance(3_000);
    expect(log.at(-1)).toBe('snapshot 0');
    expect(sync.failureCount()).toBe(0);
  });

  it('reads fills from a minute before the time it was told, however long ago that is', async () => {
    const asked: number[] = [];
    const { sync } = bench({
      readFills: async (sinceMs) => {
        asked.push(sinceMs);
        return known([], 0, 'test');
      },
    });
    sync.readFillsFrom(100_000);
    await sync.syncNow('reconcile');
    expect(asked).toEqual([40_000]);
  });

  it('tells a pushed fill although the store hangs', () => {
    const { sync, log } = bench({}, () => new Promise(() => undefined));
    sync.onFill(fill('f1'));
    expect(log).toEqual(['fill f1']);
  });

  it('answers a request that comes while a reading is under way with another reading', async () => {
    let reads = 0;
    const { sync, time } = bench({
      readPositions: async () => {
        reads += 1;
        await sleep(time, 1_000);
        return known([], 0, 'test');
      },
    });
    void sync.syncNow('reconcile');
    await time.advance(500);
    sync.request();
    await time.advance(2_000);
    expect(reads).toBe(2);
  });

  it('asks for fills up to the time of the exchange when ours is behind it', async () => {
    const asked: number[] = [];
    const { sync } = bench({
      readPositions: async () => known([], 1_500_000, 'test'),
      readFills: async (_sinceMs, untilMs) => {
        asked.push(untilMs);
        return known([], 0, 'test');
      },
    });
    await sync.syncNow('reconcile');
    expect(asked).toEqual([1_500_000]);
  });

  it('tells the age of the newest reading by our own clock, whatever the exchange says', async () => {
    const { sync, time } = bench({ readPositions: async () => known([], 9_000_000, 'test') });
    expect(sync.ageMs()).toBeNull();
    await sync.syncNow('reconcile');
    await time.advance(70_000);
    expect(sync.ageMs()).toBe(70_000);
  });

  it('tells nothing once it has stopped', async () => {
    const { sync, time, log } = bench({});
    sync.stop();
    sync.request();
    await time.advance(5_000);
    expect(log).toEqual([]);
  });
});
