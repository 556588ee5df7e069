import { expect, it } from 'vitest';
import { instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { ClosedPosition } from '../core/domain/position.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { type Store, StoreError } from '../store/store.ts';
import { Recorder } from './recorder.ts';

const CLOSED: ClosedPosition = {
  tradeId: 't1',
  instrumentId: instrument().id,
  direction: 'long',
  timeframe: '6h',
  quantity: decimal(1),
  entryPrice: decimal(1),
  exitPrice: decimal(2),
  grossPnl: decimal(1),
  fees: decimal(0),
  tradedPnl: decimal(1),
  openedMs: 0,
  closedMs: 1,
  entryTrend: 'up',
  entryRsi: null,
  exitReason: 'manual',
  unprotectedMs: 0,
  accountId: null,
  steps: [],
};

it('writes a closed position until the store has it', async () => {
  const time = new VirtualTime(1_000_000);
  const stored: string[] = [];
  let failures = 3;
  const store: Pick<Store, 'addTrade'> = {
    addTrade: async ({ tradeId }) => {
      if (failures > 0) {
        failures -= 1;
        throw new StoreError('busy', 'locked');
      }
      stored.push(tradeId);
    },
  };
  const reports: string[] = [];
  const recorder = new Recorder({
    store: store as Store,
    time,
    report: (message) => reports.push(message),
  });
  recorder.onStep(1, { kind: 'timer', name: 'protect', timeMs: 0 }, [
    { kind: 'position-closed', closed: CLOSED },
  ]);
  await time.advance(60_000);
  expect(stored).toEqual(['t1']);
  expect(reports).toHaveLength(3);
});
