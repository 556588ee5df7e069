import { expect, it } from 'vitest';
import { instrument } from '../../test/fixture/fake-exchange.ts';
import { decimal } from '../core/base/decimal.ts';
import type { Order } from '../core/domain/order.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import { openStore } from '../store/sqlite/open-store.ts';
import { ReconciliationDesk } from './reconciliation-desk.ts';
import type { TradingService } from './trading-service.ts';

const { id: instrumentId } = instrument();

function order(exchangeOrderId: string, updatedMs: number): Order {
  return {
    ...{ exchangeOrderId, clientOrderId: null, instrumentId, side: 'buy', kind: 'limit', status: 'open' },
    ...{ quantity: decimal(2), filledQuantity: decimal('0.5'), averagePrice: null, price: decimal(90) },
    ...{ stopPrice: null, reduceOnly: false, reason: '', updatedMs },
  };
}

it('goes on with the orders after a page although the last one of it is gone', async () => {
  const time = new VirtualTime(9_000);
  let listed = [1, 2, 3, 4, 5].map((number) => order(`x${number}`, 1_000 + Math.floor(number / 2)));
  const sync = { newestOrders: () => ({ asOfMs: 8_000, value: listed }) };
  const store = openStore({ file: ':memory:', time });
  const desk = new ReconciliationDesk({
    ...{ store, time, ledger: { accountId: 'a' } },
    trading: { sync } as unknown as TradingService,
  });
  const ask = (cursor: string | null) => desk.orders({ symbol: null, ours: null, limit: 2, cursor });
  const first = await ask(null);
  expect(first?.rows.map(({ id }) => id)).toEqual(['x4', 'x5']);
  listed = listed.filter(({ exchangeOrderId }) => exchangeOrderId !== 'x5');
  const second = await ask(first?.nextCursor ?? null);
  expect(second?.rows.map(({ id }) => id)).toEqual(['x2', 'x3']);
  const last = await ask(second?.nextCursor ?? null);
  expect(last).toMatchObject({ rows: [{ id: 'x1' }], nextCursor: null });
  expect(await ask('nothing of this list')).toBeNull();
});
