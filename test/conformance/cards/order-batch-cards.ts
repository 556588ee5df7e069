import { expect } from 'vitest';
import type { Card } from './card.ts';
import { closedOrder, limit, market, openOrders, place } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

const small = { ...limit, qty: '0.001' } as const;

/** Many orders in one request, and the lists orders are found in. */
export const orderBatchCards: readonly Card[] = [
  {
    number: 601,
    client: 'bybit-api',
    capability: 'batches',
    title: 'each order of a batch is answered for itself, the batch as a whole succeeds',
    play: async ({ rest }) => {
      const { category: _category, ...order } = small;
      const placed = await rest.batchSubmitOrders(category, [
        { ...order, orderLinkId: 'card-601-a' },
        { ...order, qty: '0.0005', orderLinkId: 'card-601-b' },
        { ...order, orderLinkId: 'card-601-a' },
      ]);
      expect(placed).toMatchObject({ retCode: 0, retMsg: 'OK' });
      expect(placed.result.list).toMatchObject([
        { category, symbol, orderLinkId: 'card-601-a', createAt: expect.stringMatching(/^\d{13}$/) },
        { category, symbol, orderId: '', orderLinkId: 'card-601-b', createAt: '' },
        { category, symbol, orderId: '', orderLinkId: 'card-601-a' },
      ]);
      expect(placed.retExtInfo.list.map(({ code }) => code)).toEqual([0, 10001, 110072]);
      expect(await openOrders(rest)).toHaveLength(1);
    },
  },
  {
    number: 602,
    client: 'bybit-api',
    capability: 'batches',
    title: 'orders are amended in a batch, with a code for each',
    play: async ({ rest }) => {
      const orderId = await place(rest, small);
      const amended = await rest.batchAmendOrders(category, [
        { symbol, orderId, price: '58000' },
        { symbol, orderId: 'nobody', price: '58000' },
      ]);
      expect(amended.result.list).toMatchObject([{ orderId }, { orderId: 'nobody' }]);
      expect(amended.retExtInfo.list).toMatchObject([{ code: 0, msg: 'OK' }, { code: 110001 }]);
      expect(await openOrders(rest)).toMatchObject([{ price: '58000.0' }]);
    },
  },
  {
    number: 603,
    client: 'bybit-api',
    capability: 'batches',
    title: 'orders are cancelled in a batch, with a code for each',
    play: async ({ rest }) => {
      const orderId = await place(rest, small);
      const otherId = await place(rest, { ...small, orderLinkId: 'card-603' });
      const cancelled = await rest.batchCancelOrders(category, [
        { symbol, orderId },
        { symbol, orderLinkId: 'card-603' },
        { symbol, orderId },
      ]);
      expect(cancelled.result.list).toMatchObject([{ orderId }, { orderId: otherId }, { orderId }]);
      expect(cancelled.retExtInfo.list.map(({ code }) => code)).toEqual([0, 0, 110001]);
      expect(await openOrders(rest)).toEqual([]);
    },
  },
  {
    number: 604,
    client: 'wire',
    capability: 'batches',
    title: 'an empty batch, one of 21 orders and one of another category are refused whole',
    play: async ({ rest, send }) => {
      const path = '/v5/order/create-batch';
      expect(await send('POST', path, { category, request: [] })).toMatchObject({ retCode: 10001 });
      const many = { category, request: Array.from({ length: 21 }, () => small) };
      expect(await send('POST', path, many)).toMatchObject({ retCode: 10001 });
      expect(await send('POST', path, { category: 'option', request: [small] })).toMatchObject({
        retCode: 10001,
      });
      expect(await openOrders(rest)).toEqual([]);
    },
  },
  {
    number: 605,
    client: 'ccxt',
    capability: 'batches',
    title: 'several orders are created, and cancelled, in one call',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const order = { symbol: BTC, type: 'limit', side: 'buy', amount: 0.01, price: 59_000 } as const;
      const placed = await client.createOrders([order, { ...order, price: 58_000 }]);
      expect(placed).toHaveLength(2);
      expect(await client.fetchOpenOrders(BTC)).toHaveLength(2);
      await client.cancelOrders(
        placed.map(({ id }) => String(id)),
        BTC,
      );
      expect(await client.fetchOpenOrders(BTC)).toEqual([]);
    },
  },
  {
    number: 610,
    client: 'bybit-api',
    capability: 'order lists',
    title: 'open orders are paged newest first, each once',
    play: async ({ rest }) => {
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.push(await place(rest, small));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = { category, symbol, limit: 2, ...(cursor ? { cursor } : {}) } as const;
        const { result } = await rest.getActiveOrders(query);
        seen.push(...result.list.map((each) => each.orderId));
        cursor = result.nextPageCursor;
      } while (cursor);
      expect(seen).toEqual(ids.toReversed());
    },
  },
  {
    number: 611,
    client: 'bybit-api',
    capability: 'order lists',
    title:
      'closed orders are among the recent ones until the service is started again, the history keeps them',
    play: async ({ rest, running }) => {
      const orderId = await place(rest, { ...market, orderLinkId: 'card-611' });
      const recent = async () => (await rest.getActiveOrders({ category, symbol, openOnly: 1 })).result.list;
      expect(await recent()).toMatchObject([{ orderId, orderStatus: 'Filled' }]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.venue.faults.add({ name: 'recent-orders-lost' });
      expect(await recent()).toEqual([]);
      expect(await closedOrder(rest, orderId)).toMatchObject({ orderStatus: 'Filled' });
    },
  },
  {
    number: 612,
    client: 'bybit-api',
    capability: 'order lists',
    title: 'the history shows an order only after its lag',
    play: async ({ rest, running }) => {
      running.venue.faults.add({ name: 'history-late', lag: '1m' });
      const orderId = await place(rest, market);
      expect(await closedOrder(rest, orderId)).toBeUndefined();
      running.venue.faults.removeAll('history-late');
      expect(await closedOrder(rest, orderId)).toMatchObject({ orderStatus: 'Filled' });
    },
  },
  {
    number: 613,
    client: 'bybit-api',
    capability: 'order lists',
    title: 'a window of more than seven days is refused, in every list that has one',
    play: async ({ rest }) => {
      const endTime = Date.now();
      const window = { category, symbol, startTime: endTime - 7 * 86_400_000 - 1, endTime } as const;
      expect((await rest.getHistoricOrders(window)).retCode).toBe(10001);
      expect((await rest.getExecutionList(window)).retCode).toBe(10001);
      expect((await rest.getClosedPnL(window)).retCode).toBe(10001);
      const week = { ...window, startTime: endTime - 7 * 86_400_000 } as const;
      expect((await rest.getHistoricOrders(week)).retCode).toBe(0);
    },
  },
  {
    number: 614,
    client: 'bybit-api',
    capability: 'order lists',
    title: 'lists are narrowed by status, filter and id',
    play: async ({ rest }) => {
      const filledId = await place(rest, market);
      const orderId = await place(rest, { ...limit, orderLinkId: 'card-614' });
      await place(rest, { ...market, triggerPrice: '61000', triggerDirection: 1 });
      const ofBook = await rest.getActiveOrders({ category, symbol, orderFilter: 'Order' });
      expect(ofBook.result.list).toMatchObject([{ orderId }]);
      const stops = await rest.getActiveOrders({ category, symbol, orderFilter: 'StopOrder' });
      expect(stops.result.list).toMatchObject([{ stopOrderType: 'Stop' }]);
      const byName = await rest.getActiveOrders({ category, symbol, orderLinkId: 'card-614' });
      expect(byName.result.list).toMatchObject([{ orderId }]);
      await rest.cancelOrder({ category, symbol, orderId });
      const cancelled = await rest.getHistoricOrders({ category, symbol, orderStatus: 'Cancelled' });
      expect(cancelled.result.list).toMatchObject([{ orderId }]);
      const filled = await rest.getHistoricOrders({ category, symbol, orderId: filledId });
      expect(filled.result.list).toMatchObject([{ orderStatus: 'Filled' }]);
    },
  },
  {
    number: 615,
    client: 'wire',
    capability: 'order lists',
    title: 'lists of open orders need a symbol, a base coin or a settlement coin; other categories are empty',
    play: async ({ send }) => {
      expect(await send('GET', '/v5/order/realtime', { category })).toMatchObject({ retCode: 10001 });
      for (const other of ['spot', 'inverse', 'option']) {
        const answer = await send('GET', '/v5/order/history', { category: other });
        expect(answer).toMatchObject({ retCode: 0, result: { list: [], category: other } });
      }
    },
  },
  {
    number: 616,
    client: 'ccxt',
    capability: 'order lists',
    title: 'trades and closed profits of a round trip are read back',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'market', 'buy', 0.01);
      await client.createOrder(BTC, 'market', 'sell', 0.01, undefined, { reduceOnly: true });
      const trades = await client.fetchMyTrades(BTC);
      expect(trades.map(({ side, price, amount }) => [side, price, amount])).toEqual([
        ['buy', 60_000.1, 0.01],
        ['sell', 60_000, 0.01],
      ]);
      const [closed] = await client.fetchPositionsHistory([BTC]);
      // Bought at the ask, sold at the bid one tick below: 0.01 x 0.1 lost, and 0.055 % of both values.
      expect(closed?.realizedPnl).toBeCloseTo(-(0.001 + (600.001 + 600) * 0.00055), 9);
    },
  },
];
