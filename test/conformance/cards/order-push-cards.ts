import { expect } from 'vitest';
import type { Card } from './card.ts';
import { limit, market, place } from './order-words.ts';
import { BTC, category, nextUpdate, type StreamUpdate, subscribed, symbol } from './stage.ts';

/** What streams tell of orders. */
export const orderPushCards: readonly Card[] = [
  {
    number: 620,
    client: 'bybit-api streams',
    capability: 'order pushes',
    title: 'a market order is told to all four private topics',
    play: async ({ rest, stream }) => {
      const client = stream('/v5/private');
      const topics = ['order', 'position', 'execution', 'wallet'];
      await subscribed(client, topics);
      const updates = topics.map((topic) => nextUpdate(client, (each) => each.topic === topic));
      await place(rest, { ...market, side: 'Sell', orderLinkId: 'card-620' });
      const [order, position, execution, wallet] = await Promise.all(updates);
      expect(order?.data[0]).toMatchObject({ orderLinkId: 'card-620', orderStatus: 'Filled' });
      expect(position?.data[0]).toMatchObject({ side: 'Sell', size: '0.010', entryPrice: '60000' });
      expect(execution?.data[0]).toMatchObject({ orderLinkId: 'card-620', isMaker: false });
      expect(wallet?.data[0]).toMatchObject({ accountType: 'UNIFIED' });
    },
  },
  {
    number: 621,
    client: 'bybit-api streams',
    capability: 'order pushes',
    title: 'a post-only order that would take is pushed as Cancelled with its reason',
    play: async ({ rest, stream }) => {
      const client = stream('/v5/private');
      await subscribed(client, ['order']);
      const pushed = nextUpdate(client, ({ topic }) => topic === 'order');
      await place(rest, { ...limit, price: '60000.1', timeInForce: 'PostOnly' });
      expect((await pushed).data).toMatchObject([
        { orderStatus: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity' },
      ]);
    },
  },
  {
    number: 622,
    client: 'bybit-api streams',
    capability: 'order pushes',
    title: 'a cancel that loses against a fill is answered with 0, and Filled is pushed twice',
    play: async ({ rest, stream, running }) => {
      const orderId = await place(rest, limit);
      const client = stream('/v5/private');
      await subscribed(client, ['order']);
      const pushed: StreamUpdate[] = [];
      const last = nextUpdate(client, (update) => {
        pushed.push(update);
        return pushed.length === 2;
      });
      running.venue.faults.add({ name: 'cancel-race', count: 1 });
      expect(await rest.cancelOrder({ category, symbol, orderId })).toMatchObject({ retCode: 0 });
      await last;
      expect(pushed.map(({ data }) => data)).toMatchObject([
        [{ orderId, orderStatus: 'Filled', cancelType: 'UNKNOWN', rejectReason: 'EC_NoError' }],
        [
          {
            orderId,
            orderStatus: 'Filled',
            cancelType: 'CancelByUser',
            rejectReason: 'EC_OrigClOrdIDDoesNotExist',
          },
        ],
      ]);
    },
  },
  {
    number: 623,
    client: 'bybit-api streams',
    capability: 'order pushes',
    title: 'a conditional order is told when it waits and when it has fired',
    play: async ({ rest, stream, move }) => {
      const client = stream('/v5/private');
      await subscribed(client, ['order']);
      const waits = nextUpdate(client, ({ data }) => data[0]?.['orderStatus'] === 'Untriggered');
      const fires = nextUpdate(client, ({ data }) => data[0]?.['orderStatus'] === 'Filled');
      const orderId = await place(rest, { ...market, triggerPrice: '61000', triggerDirection: 1 });
      expect((await waits).data).toMatchObject([{ orderId, stopOrderType: 'Stop' }]);
      move(61_000);
      expect((await fires).data).toMatchObject([{ orderId, createType: 'CreateByStopOrder' }]);
    },
  },
  {
    number: 624,
    client: 'bybit-api streams',
    capability: 'order pushes',
    title: 'stops that end with their position are pushed as Deactivated by CancelByTpSlTsClear',
    play: async ({ rest, stream }) => {
      await place(rest, { ...market, stopLoss: '58000' });
      const client = stream('/v5/private');
      await subscribed(client, ['order']);
      const ended = nextUpdate(client, ({ data }) =>
        data.some((row) => row['cancelType'] === 'CancelByTpSlTsClear'),
      );
      await place(rest, { ...market, side: 'Sell', reduceOnly: true });
      expect((await ended).data.find((row) => row['stopOrderType'] === 'StopLoss')).toMatchObject({
        orderStatus: 'Deactivated',
      });
    },
  },
  {
    number: 625,
    client: 'ccxt pro',
    capability: 'order pushes',
    title: 'watched orders show a new one and its cancellation',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      const first = client.watchOrders(BTC);
      await listening(client);
      const orderId = await place(rest, { ...limit, orderLinkId: 'card-625' });
      expect((await first).map(({ clientOrderId, status }) => [clientOrderId, status])).toContainEqual([
        'card-625',
        'open',
      ]);
      const second = client.watchOrders(BTC);
      await rest.cancelOrder({ category, symbol, orderId });
      expect((await second).map(({ status }) => status)).toContain('canceled');
    },
  },
  {
    number: 626,
    client: 'ccxt pro',
    capability: 'order pushes',
    title: 'watched trades show a fill',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      const watched = client.watchMyTrades(BTC);
      await listening(client);
      const orderId = await place(rest, market);
      expect(await watched).toMatchObject([{ order: orderId, amount: 0.01, price: 60_000.1 }]);
    },
  },
  {
    number: 627,
    client: 'ccxt pro',
    capability: 'order pushes',
    title: 'watched positions show what was opened',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      client.options['watchPositions'] = { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false };
      const watched = client.watchPositions([BTC]);
      await listening(client);
      await place(rest, market);
      expect(await watched).toMatchObject([{ side: 'long', contracts: 0.01, entryPrice: 60_000.1 }]);
    },
  },
];

/** Until the private stream is logged in and subscribed: pushes are not repeated for who comes late. */
async function listening(client: { readonly clients: object }): Promise<void> {
  const isListening = (): boolean =>
    Object.values(client.clients as Record<string, { url: string; subscriptions: object }>).some(
      ({ url, subscriptions }) => url.endsWith('/v5/private') && Object.keys(subscriptions).length > 1,
    );
  for (let attempt = 0; attempt < 250 && !isListening(); attempt += 1) await pause(10);
  await pause(150);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
