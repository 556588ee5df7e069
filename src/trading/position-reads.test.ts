import { describe, expect, it } from 'vitest';
import { fakeExchange, instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import { known, unknown } from '../core/domain/reading.ts';
import type { Exchange, RequestClass, StatedPosition } from '../exchange/exchange.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { Store } from '../store/store.ts';
import { AccountSync } from './account-sync.ts';
import type { Unstamped } from './trading-loop.ts';

const BTC = instrument();
const HELD: StatedPosition = {
  instrumentId: BTC.id,
  direction: 'long',
  quantity: decimal(1),
  entryPrice: decimal(100),
  markPrice: decimal(100),
  leverage: 2,
  stopPrice: null,
  takeProfitPrice: null,
  liquidationPrice: null,
  unrealisedPnl: decimal(0),
  margin: decimal(50),
};
const NEVER = (): Promise<never> => new Promise(() => undefined);

function bench(overrides: Partial<Exchange>, positions: readonly StatedPosition[] = [HELD]) {
  const time = new VirtualTime(1_000_000);
  const told: Unstamped[] = [];
  const asked: [number, RequestClass][] = [];
  const store: Pick<Store, 'addFills'> = { addFills: async () => [] };
  const sync = new AccountSync({
    exchange: fakeExchange({
      readPositions: async (requestClass) => {
        asked.push([time.nowMs() - 1_000_000, requestClass]);
        return known(positions, time.nowMs(), 'test');
      },
      ...overrides,
    }),
    store: store as Store,
    time,
    dispatch: (event) => told.push(event),
    report: () => undefined,
    awaited: () => ({ fills: [], positions: [] }),
    instrument: () => BTC,
  });
  return { sync, time, told, asked, kinds: () => told.map(({ kind }) => kind) };
}

describe('positions that could be read', () => {
  it.each([
    ['fills', { readFills: async () => unknown('no-answer', 'timeout') }],
    ['the balance', { readBalance: async () => unknown('bad-answer', 'empty') }],
  ] satisfies [string, Partial<Exchange>][])('are told though %s could not', async (_, overrides) => {
    const { sync, told } = bench(overrides);
    expect(await sync.syncNow('reconcile')).toBe(false);
    const { margin: _margin, ...row } = HELD;
    expect(told).toEqual([{ kind: 'positions-stated', asOfMs: 1_000_000, positions: [row] }]);
    expect(sync.newest()).toBeNull();
  });

  it('are told before anything else of the account is known', async () => {
    const { sync, time, kinds } = bench({ readBalance: NEVER });
    void sync.syncNow('reconcile');
    await time.advance(0);
    expect(kinds()).toEqual(['positions-stated']);
  });

  it('are read again while the rest of the account takes its time, as often as it is asked for, not more', async () => {
    const { sync, time, asked } = bench({ readFills: NEVER });
    void sync.syncNow('reconcile');
    for (let second = 0; second < 6; second += 1) {
      await time.advance(1_000);
      sync.request();
      sync.request();
    }
    expect(asked).toEqual([0, 2_000, 4_000, 6_000].map((atMs) => [atMs, 'watch']));
  });

  it('are not asked for a second time while they are asked for', async () => {
    let count = 0;
    const readPositions = () => {
      count += 1;
      return NEVER();
    };
    const { sync, time } = bench({ readPositions });
    void sync.syncNow('reconcile');
    await time.advance(5_000);
    sync.request();
    expect(count).toBe(1);
  });

  it('are not told where there are none, and not after the end', async () => {
    const nothing = bench({}, []);
    await nothing.sync.syncNow('reconcile');
    expect(nothing.kinds()).toEqual(['account-snapshot']);
    const ended = bench({});
    const reading = ended.sync.syncNow('reconcile');
    ended.sync.stop();
    await reading;
    expect(ended.kinds()).toEqual([]);
  });
});
