import { RestClientV5, type WebsocketClient } from 'bybit-api';
import { expect } from 'vitest';
import { API_KEY, API_SECRET, type RunningVenue } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { limit, market, openOrders, place, sizeOf } from './order-words.ts';
import { BTC, category, type Stage, subscribed, symbol } from './stage.ts';

const OTHER = { apiKey: 'other-key', apiSecret: 'other-secret' };
const TWO = {
  accounts: [
    { apiKey: API_KEY, apiSecret: API_SECRET, uid: '1001', walletUsdt: 10_000 },
    { ...OTHER, uid: '1002', walletUsdt: 10_000 },
  ],
};
const WAIT = { timeout: 15_000, interval: 20 };
/** Inside the spread of 60,000.0 and 60,010.0 that `wide` makes. */
const inside = { ...limit, price: '60005', qty: '0.3' } as const;

/** The book of an exchange: how deep it is, and the orders of accounts that rest in it. */
export const bookCards: readonly Card[] = [
  {
    number: 520,
    client: 'bybit-api',
    capability: 'order book',
    title: 'as many levels as asked, up to 1,000 on each side, sorted and not crossed',
    play: async ({ rest }) => {
      for (const count of [1, 50, 500, 1000]) {
        const { result } = await rest.getOrderbook({ category, symbol, limit: count });
        const [bids, asks] = [result.b, result.a].map((side) => side.map(([price]) => Number(price)));
        expect([bids?.length, asks?.length]).toEqual([count, count]);
        expect(bids).toEqual(bids?.toSorted((a, b) => b - a));
        expect(asks).toEqual(asks?.toSorted((a, b) => a - b));
        expect(bids?.[0]).toBeLessThan(asks?.[0] ?? 0);
      }
    },
  },
  {
    number: 521,
    client: 'ccxt',
    capability: 'order book',
    title: 'a fetched book of 500 levels has 500 different prices, and more behind the best than there',
    play: async ({ ccxt }) => {
      const { asks } = await (await ccxt()).fetchOrderBook(BTC, 500);
      expect(new Set(asks.map(([price]) => price)).size).toBe(500);
      expect(Number(asks.at(-1)?.[1])).toBeGreaterThan(Number(asks[0]?.[1]));
    },
  },
  {
    number: 522,
    client: 'bybit-api',
    capability: 'order book',
    title: 'a resting order stands in the book with what is open of it, and leaves with its cancel',
    play: async (stage) => {
      const { rest } = stage;
      wide(stage.running);
      const orderId = await place(rest, inside);
      expect(await bestBid(stage)).toEqual(['60005.0', '0.300']);
      await rest.amendOrder({ category, symbol, orderId, qty: '0.2' });
      expect(await bestBid(stage)).toEqual(['60005.0', '0.200']);
      const before = await sequence(stage);
      await rest.cancelOrder({ category, symbol, orderId });
      expect(await bestBid(stage)).toEqual(['60000.0', '10.000']);
      expect(await sequence(stage)).toBeGreaterThan(before);
    },
  },
  {
    number: 523,
    client: 'bybit-api',
    capability: 'order book',
    title: 'orders at a price of the book add to it; conditional ones that wait do not show',
    play: async (stage) => {
      await place(stage.rest, { ...limit, price: '60000', qty: '0.5' });
      await place(stage.rest, { ...limit, price: '60000', triggerPrice: '61000', triggerDirection: 1 });
      expect(await bestBid(stage)).toEqual(['60000.0', '10.500']);
    },
  },
  {
    number: 524,
    client: 'ccxt',
    capability: 'order book',
    title: 'the best prices of ticker and book are the same, with resting orders and after what was taken',
    play: async ({ ccxt, running, rest }) => {
      const client = await ccxt();
      wide(running);
      const agree = async (bid: number, ask: number): Promise<void> => {
        const [ticker, book] = [await client.fetchTicker(BTC), await client.fetchOrderBook(BTC, 1)];
        const { bid1Size, ask1Size } = ticker.info;
        expect([ticker.bid, Number(bid1Size), ticker.ask, Number(ask1Size)]).toEqual([
          ...(book.bids[0] ?? []),
          ...(book.asks[0] ?? []),
        ]);
        expect([ticker.bid, ticker.ask]).toEqual([bid, ask]);
      };
      await agree(60_000, 60_010);
      await place(rest, inside);
      await agree(60_005, 60_010);
      await place(rest, { ...inside, side: 'Sell', price: '60006' });
      await agree(60_005, 60_006);
      await place(rest, { ...market, side: 'Sell', qty: '0.4' });
      await agree(60_000, 60_006);
    },
  },
  {
    number: 525,
    client: 'bybit-api streams',
    capability: 'order book',
    title: 'a followed quote and ticker tell a resting order as the best price, and that it has gone',
    play: async ({ stream, running, rest }) => {
      const client = stream('/v5/public/linear');
      wide(running);
      const told = followed(client);
      await subscribed(client, [`orderbook.1.${symbol}`, `tickers.${symbol}`]);
      const orderId = await place(rest, inside);
      const best = ['60005.0', '0.300'];
      await expect.poll(() => ({ ...told }), WAIT).toEqual({ quote: best, ticker: best });
      await rest.cancelOrder({ category, symbol, orderId });
      const market = ['60000.0', '10.000'];
      await expect.poll(() => ({ ...told }), WAIT).toEqual({ quote: market, ticker: market });
    },
  },
  {
    number: 526,
    client: 'ccxt pro',
    capability: 'order book',
    title: 'a watched book of 1,000 levels gains a resting order, loses it, and keeps its depth',
    play: async ({ ccxt, running, rest }) => {
      const client = await ccxt();
      wide(running);
      const best = async (): Promise<readonly unknown[] | undefined> => {
        const { bids } = await client.watchOrderBook(BTC, 1000);
        expect(bids).toHaveLength(1000);
        return bids[0]?.slice(0, 2);
      };
      expect(await best()).toEqual([60_000, 10]);
      const orderId = await place(rest, inside);
      expect(await best()).toEqual([60_005, 0.3]);
      await rest.cancelOrder({ category, symbol, orderId });
      expect(await best()).toEqual([60_000, 10]);
    },
  },
  {
    number: 527,
    client: 'bybit-api',
    capability: 'order book',
    title: "a market order fills another account's resting order at its price: one trade, told once",
    stage: TWO,
    play: async (stage) => {
      const { rest, running } = stage;
      wide(running);
      await place(rest, inside);
      const other = new RestClientV5({ key: OTHER.apiKey, secret: OTHER.apiSecret, baseUrl: running.http });
      await place(other, { ...market, side: 'Sell', qty: '0.5' });
      const fills = async (client: RestClientV5) =>
        (await client.getExecutionList({ category, symbol })).result.list.map(
          ({ side, execPrice, execQty, isMaker }) => `${side} ${execQty} ${execPrice} ${isMaker}`,
        );
      expect(await fills(rest)).toEqual(['Buy 0.300 60005.0 true']);
      expect(await fills(other)).toEqual(['Sell 0.200 60000.0 false', 'Sell 0.300 60005.0 false']);
      expect(await sizeOf(rest)).toBe('0.300');
      expect(await openOrders(rest)).toEqual([]);
      const trades = await rest.getPublicTradingHistory({ category, symbol, limit: 10 });
      const sold = trades.result.list.filter(({ size }) => size === '0.300' || size === '0.200');
      expect(sold.map(({ price, side }) => `${side} ${price}`)).toEqual(['Sell 60000.0', 'Sell 60005.0']);
    },
  },
  {
    number: 528,
    client: 'bybit-api',
    capability: 'order book',
    title: 'without a self-match rule an account trades with itself: both sides filled, nothing held',
    play: async ({ rest, running }) => {
      wide(running);
      await place(rest, inside);
      await place(rest, { ...inside, side: 'Sell' });
      expect(await sizeOf(rest)).toBe('0.000');
      expect(await openOrders(rest)).toEqual([]);
      const { result } = await rest.getExecutionList({ category, symbol });
      expect(result.list.map(({ side, isMaker }) => `${side} ${isMaker}`).toSorted()).toEqual([
        'Buy true',
        'Sell false',
      ]);
    },
  },
  {
    number: 529,
    client: 'ccxt',
    capability: 'order book',
    title: 'a post-only order that would meet a resting one of another account is cancelled',
    stage: TWO,
    play: async ({ ccxt, running }) => {
      const client = await ccxt();
      wide(running);
      const other = new RestClientV5({ key: OTHER.apiKey, secret: OTHER.apiSecret, baseUrl: running.http });
      await place(other, inside);
      const { id } = await client.createOrder(BTC, 'limit', 'sell', 0.1, 60_005, { postOnly: true });
      const [canceled] = await client.fetchCanceledOrders(BTC);
      expect(canceled).toMatchObject({ id, status: 'canceled', filled: 0 });
      expect(await openOrders(other)).toHaveLength(1);
    },
  },
];

/** A spread wide enough to rest in. */
function wide({ market, venue }: RunningVenue): void {
  const [instrument] = market.instruments();
  if (instrument !== undefined) market.setPrice(instrument.id, 60_000, { spread: 10 });
  venue.advance();
}

async function bestBid({ rest }: Stage): Promise<readonly string[] | undefined> {
  return (await rest.getOrderbook({ category, symbol, limit: 1 })).result.b[0];
}

async function sequence({ rest }: Stage): Promise<number> {
  return (await rest.getOrderbook({ category, symbol, limit: 1 })).result.seq;
}

/** The best bid of both topics as they tell it, each message on top of those before. */
function followed(client: WebsocketClient): { quote: unknown; ticker: readonly unknown[] } {
  const told: { quote: unknown; ticker: readonly unknown[] } = { quote: null, ticker: [null, null] };
  client.on('update', ({ topic, data }: { topic: string; data: Record<string, unknown> }) => {
    if (topic.startsWith('tickers')) {
      const [price, quantity] = told.ticker;
      told.ticker = [data['bid1Price'] ?? price, data['bid1Size'] ?? quantity];
    } else {
      const { b } = data;
      told.quote = Array.isArray(b) ? b[0] : null;
    }
  });
  return told;
}
