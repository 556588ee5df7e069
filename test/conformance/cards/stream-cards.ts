import { once } from 'node:events';
import { WebsocketAPIClient } from 'bybit-api';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { instrumentId } from '../../fixture/scripted-market.ts';
import { API_KEY, API_SECRET, type RunningVenue } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { limit, market, place } from './order-words.ts';
import { BTC, nextUpdate, type Stage, subscribed, symbol } from './stage.ts';

const SILENT = { trace: () => undefined, info: () => undefined, error: () => undefined };
const btcId = instrumentId(symbol);

/** Public topics, the fast executions, orders by stream, and what a stream does in trouble. */
export const streamCards: readonly Card[] = [
  {
    number: 401,
    client: 'ccxt pro',
    capability: 'public streams',
    title: 'watched trades tell price, amount and the side that took',
    play: async ({ ccxt, running }) => {
      const client = await ccxt();
      const trades = await moving(running, () => client.watchTrades(BTC));
      expect(trades[0]).toMatchObject({ symbol: BTC, side: expect.stringMatching(/^(buy|sell)$/) });
      expect(trades[0]?.price).toBeGreaterThan(59_000);
      expect(trades[0]?.amount).toBeGreaterThan(0);
    },
  },
  {
    number: 402,
    client: 'ccxt pro',
    capability: 'public streams',
    title: 'a watched book of 50 levels is sorted and not crossed, after deltas too',
    play: async ({ ccxt, running }) => {
      const client = await ccxt();
      for (let count = 0; count < 4; count += 1) {
        const { asks, bids } = await moving(running, () => client.watchOrderBook(BTC, 50));
        const prices = {
          asks: asks.map(([price]) => Number(price)),
          bids: bids.map(([price]) => Number(price)),
        };
        expect(prices.asks).toEqual(prices.asks.toSorted((a, b) => a - b));
        expect(prices.bids).toEqual(prices.bids.toSorted((a, b) => b - a));
        expect(prices.bids[0]).toBeLessThan(prices.asks[0] ?? 0);
        expect(prices.asks.length).toBe(50);
      }
    },
  },
  {
    number: 403,
    client: 'ccxt pro',
    capability: 'public streams',
    title: 'a watched ticker shows the newest price',
    play: async ({ ccxt, running }) => {
      const client = await ccxt();
      const ticker = await moving(running, () => client.watchTicker(BTC));
      expect(ticker.last).toBeGreaterThan(59_000);
      expect(ticker.ask).toBeGreaterThan(ticker.bid ?? 0);
    },
  },
  {
    number: 404,
    client: 'bybit-api streams',
    capability: 'public streams',
    title: 'a trade of an account is a public trade without its name',
    play: async ({ rest, stream }) => {
      const client = stream('/v5/public/linear');
      await subscribed(client, [`publicTrade.${symbol}`]);
      const trade = nextUpdate(client, ({ topic }) => topic === `publicTrade.${symbol}`);
      await place(rest, { ...market, side: 'Sell', qty: '0.123' });
      expect((await trade).data).toMatchObject([{ s: symbol, S: 'Sell', v: '0.123', BT: false }]);
      expect(JSON.stringify((await trade).data)).not.toContain('1001');
    },
  },
  {
    number: 405,
    client: 'bybit-api streams',
    capability: 'public streams',
    title: 'the book of one level is always a snapshot',
    play: async ({ stream, running }) => {
      const client = stream('/v5/public/linear');
      const told = nextUpdate(client, ({ topic }) => topic === `orderbook.1.${symbol}`);
      const again = nextUpdate(client, (update) => Reflect.get(update, 'type') === 'snapshot');
      await subscribed(client, [`orderbook.1.${symbol}`]);
      const { data } = await moving(running, () => told);
      expect(Reflect.get(data, 'b')).toHaveLength(1);
      expect(await again).toMatchObject({ topic: `orderbook.1.${symbol}` });
    },
  },
  {
    number: 406,
    client: 'bybit-api streams',
    capability: 'public streams',
    title: 'a liquidation is told to everybody',
    play: async ({ rest, stream, move }) => {
      const client = stream('/v5/public/linear');
      await subscribed(client, [`allLiquidation.${symbol}`]);
      const told = nextUpdate(client, ({ topic }) => topic === `allLiquidation.${symbol}`);
      await rest.setLeverage({ category: 'linear', symbol, buyLeverage: '100', sellLeverage: '100' });
      await place(rest, { ...market, qty: '1' });
      move(49_000);
      expect((await told).data[0]).toMatchObject({ s: symbol, S: 'Buy' });
    },
  },
  {
    number: 407,
    client: 'bybit-api streams',
    capability: 'private streams',
    title: 'fast executions come in few fields',
    play: async ({ rest, stream }) => {
      const client = stream('/v5/private');
      await subscribed(client, ['execution.fast']);
      const told = nextUpdate(client, ({ topic }) => topic === 'execution.fast');
      await place(rest, { ...market, orderLinkId: 'card-407' });
      expect((await told).data).toMatchObject([{ orderLinkId: 'card-407', side: 'Buy', isMaker: false }]);
    },
  },
  {
    number: 408,
    client: 'ccxt pro',
    capability: 'orders by stream',
    title: 'an order is placed, changed and cancelled without a REST call',
    play: async ({ ccxt, rest, running }) => {
      const client = await ccxt();
      const id = String((await client.createOrderWs(BTC, 'limit', 'buy', 0.01, 58_000)).id);
      expect(await client.editOrderWs(id, BTC, 'limit', 'buy', 0.02, 58_100)).toMatchObject({ id });
      const open = await rest.getActiveOrders({ category: 'linear', symbol });
      expect(open.result.list).toMatchObject([{ orderId: id, qty: '0.020', price: '58100.0' }]);
      expect(await client.cancelOrderWs(id, BTC)).toMatchObject({ id });
      const paths = running.venue.wire(null, 1000).map(({ kind, path }) => `${kind} ${path}`);
      expect(paths).not.toContain('request /v5/order/create');
    },
  },
  {
    number: 409,
    client: 'bybit-api streams',
    capability: 'orders by stream',
    title: 'an order by stream is answered like one by REST, a refusal too',
    play: async ({ running }) => {
      const client = new WebsocketAPIClient(
        {
          key: API_KEY,
          secret: API_SECRET,
          market: 'v5',
          wsUrl: `${running.ws}/v5/trade`,
          attachEventListeners: false,
        },
        SILENT,
      );
      const placed = await client.submitNewOrder({ ...limit, orderLinkId: 'card-409' });
      expect(placed).toMatchObject({ retCode: 0, op: 'order.create', data: { orderLinkId: 'card-409' } });
      await expect(client.submitNewOrder({ ...limit, orderLinkId: 'card-409' })).rejects.toMatchObject({
        retCode: 110072,
      });
      client.getWSClient().closeAll(true);
    },
  },
  {
    number: 410,
    client: 'wire',
    capability: 'stream manners',
    title: 'each stream answers a ping in a shape of its own',
    play: async ({ running }) => {
      expect(await asked(running, '/v5/public/linear', { op: 'ping', req_id: 'p' })).toMatchObject({
        success: true,
        ret_msg: 'pong',
        op: 'ping',
        req_id: 'p',
      });
      expect(await asked(running, '/v5/private', { op: 'ping', req_id: 'p' })).toMatchObject({
        op: 'pong',
        req_id: 'p',
        args: [expect.stringMatching(/^\d{13}$/)],
      });
      expect(await asked(running, '/v5/trade', { op: 'ping' })).toMatchObject({
        retCode: 0,
        op: 'pong',
        data: [expect.stringMatching(/^\d{13}$/)],
      });
    },
  },
  {
    number: 411,
    client: 'wire',
    capability: 'stream manners',
    title: 'a subscription with one wrong topic changes nothing and says which',
    play: async ({ running }) => {
      const args = [`tickers.${symbol}`, 'tickers.NOPEUSDT'];
      const answer = await asked(running, '/v5/public/linear', { op: 'subscribe', args });
      expect(answer).toMatchObject({ success: false, ret_msg: expect.stringContaining('NOPEUSDT') });
    },
  },
  {
    number: 412,
    client: 'wire',
    capability: 'stream manners',
    title: 'private topics before a login are refused, and so is a wrong signature',
    play: async ({ running }) => {
      expect(await asked(running, '/v5/private', { op: 'subscribe', args: ['order'] })).toMatchObject({
        success: false,
      });
      const wrong = { op: 'auth', args: [API_KEY, Date.now() + 5000, 'f'.repeat(64)] };
      expect(await asked(running, '/v5/private', wrong)).toMatchObject({ success: false, op: 'auth' });
      expect(await asked(running, '/v5/trade', wrong)).toMatchObject({ retCode: 10004, op: 'auth' });
    },
  },
  {
    number: 413,
    client: 'bybit-api streams',
    capability: 'stream manners',
    title: 'a client whose stream is cut comes back and is told what happens then',
    play: async ({ rest, stream, running }) => {
      const client = stream('/v5/private');
      await subscribed(client, ['order']);
      const back = new Promise<void>((resolve) => {
        client.on('reconnected', () => resolve());
      });
      running.venue.faults.add({ name: 'stream-cut', path: '/v5/private' });
      await back;
      await follows(running);
      const told = nextUpdate(client, ({ topic }) => topic === 'order');
      await place(rest, { ...market, orderLinkId: 'card-413' });
      expect((await told).data).toMatchObject([{ orderLinkId: 'card-413' }]);
    },
  },
  {
    number: 414,
    client: 'bybit-api',
    capability: 'stream manners',
    title: 'an answer that was lost is proved by 110072 to a second try with the same id',
    play: async ({ rest, running }: Stage) => {
      running.venue.faults.add({ name: 'connection-reset', path: '/v5/order/create', count: 1 });
      const order = { ...limit, orderLinkId: 'card-414' };
      await expect(rest.submitOrder(order)).rejects.toBeDefined();
      expect(await rest.submitOrder(order)).toMatchObject({ retCode: 110072 });
    },
  },
];

/** Lets the price move ten times a second until something has been told. */
async function moving<T>(running: RunningVenue, wait: () => Promise<T>): Promise<T> {
  let steps = 0;
  const timer = setInterval(() => {
    steps += 1;
    running.market.setPrice(btcId, 60_000 + (steps % 7) * 10);
  }, 100);
  try {
    return await wait();
  } finally {
    clearInterval(timer);
  }
}

/** One frame on a fresh stream, and the first answer to it. */
async function asked(running: RunningVenue, path: string, frame: object): Promise<unknown> {
  const stream = new WebSocket(running.ws + path);
  await once(stream, 'open');
  stream.send(JSON.stringify(frame));
  const [answer] = await once(stream, 'message');
  stream.close();
  return JSON.parse(String(answer));
}

/** Waits until the venue has heard a subscription after the last cut. */
async function follows(running: RunningVenue): Promise<void> {
  await expect
    .poll(() => {
      const records = running.venue.wire(null, 1000);
      const cut = records.findLastIndex(({ kind }) => kind === 'closed');
      return records
        .slice(cut)
        .some(({ kind, text }) => kind === 'sent' && text.includes('"op":"subscribe"'));
    })
    .toBe(true);
}
