import { expect } from 'vitest';
import { instrumentId } from '../../fixture/scripted-market.ts';
import type { Card } from './card.ts';
import { cause } from './money-words.ts';
import { market, place } from './order-words.ts';
import { BTC, category, nextUpdate, type Stage, subscribed, symbol } from './stage.ts';

const minutely = { category, symbol, interval: '1', limit: 2 } as const;

/** Candles of reference prices, past trades and deliveries, and topics that tell what endpoints answer. */
export const marketHistoryCards: readonly Card[] = [
  {
    number: 512,
    client: 'bybit-api',
    capability: 'market data',
    title: 'the newest candles of mark and index price end at the prices of the ticker',
    play: async ({ rest, move }) => {
      move(60_100, { mark: 60_040 });
      const ticker = (await rest.getTickers({ category, symbol })).result.list[0];
      expect(ticker).toMatchObject({ markPrice: '60040.0', indexPrice: '60100.0' });
      const mark = await rest.getMarkPriceKline(minutely);
      const index = await rest.getIndexPriceKline(minutely);
      expect(mark.result.list[0]?.slice(1)).toEqual(['60000.0', '60040.0', '60000.0', '60040.0']);
      expect(index.result.list[0]?.slice(1)).toEqual(['60000.0', '60100.0', '60000.0', '60100.0']);
    },
  },
  {
    number: 513,
    client: 'ccxt',
    capability: 'market data',
    title: 'candles of mark price, index price and premium are read, oldest first',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const mark = await client.fetchMarkOHLCV(BTC, '1h', undefined, 3);
      const index = await client.fetchIndexOHLCV(BTC, '1h', undefined, 3);
      const premium = await client.fetchPremiumIndexOHLCV(BTC, '1h', undefined, 3);
      for (const candles of [mark, index, premium]) {
        expect(candles).toHaveLength(3);
        expect(Number(candles[2]?.[0]) - Number(candles[1]?.[0])).toBe(3_600_000);
      }
      expect([mark[2]?.[4], index[2]?.[4], premium[2]?.[4]]).toEqual([60_000, 60_000, 0]);
    },
  },
  {
    number: 514,
    client: 'wire',
    capability: 'market data',
    title:
      'all kinds of candles have the same bounds: start alone goes forward, end alone back, 1000 at most',
    play: async (stage) => {
      const now = Math.floor(Date.now() / 60_000) * 60_000;
      const start = now - 10 * 60_000;
      for (const path of ['kline', 'mark-price-kline', 'index-price-kline', 'premium-index-price-kline']) {
        const opens = async (query: object): Promise<readonly number[]> => {
          const content = { symbol, interval: '1', ...query };
          const { result } = await stage.send('GET', `/v5/market/${path}`, content);
          return (result.list ?? []).map((row) => Number(Reflect.get(row, 0)));
        };
        expect(await opens({ start, limit: 2 })).toEqual([start + 60_000, start]);
        expect(await opens({ end: start, limit: 2 })).toEqual([start, start - 60_000]);
        expect(await opens({ end: start, limit: 5000 })).toHaveLength(1000);
        const refused = await stage.send('GET', `/v5/market/${path}`, { symbol, interval: '7' });
        expect(refused).toMatchObject({ retCode: 10001, retMsg: expect.stringContaining('Invalid period!') });
      }
    },
  },
  {
    number: 515,
    client: 'bybit-api',
    capability: 'market data',
    title: 'recent trades are the ones the stream has told, newest first',
    play: async ({ rest, stream, move }) => {
      const client = stream('/v5/public/linear');
      await subscribed(client, [`publicTrade.${symbol}`]);
      const told: string[] = [];
      const isComplete = nextUpdate(client, ({ data }) => {
        told.push(...data.map((row) => words(row, ['i', 'p', 'v', 'S', 'seq'])));
        return told.length >= 3;
      });
      move(60_100);
      await place(rest, { ...market, side: 'Sell', qty: '0.123' });
      move(60_050);
      await isComplete;
      const { result } = await rest.getPublicTradingHistory({ category, symbol, limit: 3 });
      const listed = result.list.map((row) => words(row, ['execId', 'price', 'size', 'side', 'seq']));
      expect(listed.toReversed()).toEqual(told);
      expect(listed[1]).toContain('0.123 Sell');
    },
  },
  {
    number: 516,
    client: 'ccxt',
    capability: 'market data',
    title: 'past trades are read with side, price and amount, oldest first',
    play: async ({ ccxt, move }) => {
      const client = await ccxt();
      move(60_100);
      move(60_050);
      const trades = await client.fetchTrades(BTC);
      expect(trades).toMatchObject([
        { symbol: BTC, side: 'buy', price: 60_100 },
        { symbol: BTC, side: 'sell', price: 60_050 },
      ]);
    },
  },
  {
    number: 517,
    client: 'bybit-api',
    capability: 'instrument life',
    title: 'the price a contract was delivered at is listed, and it is the one positions were settled at',
    play: async (stage) => {
      const { rest, running } = stage;
      await place(rest, { ...market, qty: '0.1' });
      expect((await rest.getDeliveryPrice({ category, symbol })).result.list).toEqual([]);
      stage.move(60_100, { mark: 60_080 });
      cause(stage, { name: 'instrument-status', symbol, status: 'delivering' });
      running.venue.advance();
      const { result } = await rest.getDeliveryPrice({ category });
      expect(result.list).toMatchObject([{ symbol, deliveryPrice: '60080' }]);
      expect(await settledAt(stage)).toBe(60_080);
    },
  },
  {
    number: 518,
    client: 'bybit-api streams',
    capability: 'public streams',
    title: 'the price limits are told at once and when they change, as the endpoint has them',
    play: async ({ rest, stream, running }) => {
      const client = stream('/v5/public/linear');
      const topic = `priceLimit.${symbol}`;
      const first = nextUpdate(client, (update) => update.topic === topic);
      const next = nextUpdate(
        client,
        (update) => update.topic === topic && limitOf(update.data) !== '63000.0',
      );
      await subscribed(client, [topic]);
      expect(limitOf((await first).data)).toBe('63000.0');
      running.market.setPrice(instrumentId(symbol), 61_000);
      const changed = limitOf((await next).data);
      const { result } = await rest.getOrderPriceLimit({ category, symbol });
      expect(result.buyLmt).toBe(changed);
    },
  },
  {
    number: 519,
    client: 'bybit-api streams',
    capability: 'public streams',
    title: 'the fund and the alerts of deleveraging are told as the endpoints have them',
    play: async ({ rest, stream }) => {
      const client = stream('/v5/public/linear');
      const fund = nextUpdate(client, ({ topic }) => topic === 'insurance.USDT');
      const alerts = nextUpdate(client, ({ topic }) => topic === 'adlAlert.USDT');
      client.subscribeV5(['insurance.USDT', 'adlAlert.USDT'], category);
      const listed = await rest.getInsurance({ coin: 'USDT' });
      expect((await fund).data).toMatchObject([{ balance: listed.result.list[0]?.balance, coin: 'USDT' }]);
      expect((await alerts).data).toMatchObject([
        { s: symbol, b: listed.result.list[0]?.balance, adl_sr: '-0.25' },
        { s: 'ETHUSDT' },
      ]);
    },
  },
  {
    number: 530,
    client: 'ccxt',
    capability: 'market data',
    title: 'open interest of the past is read at full intervals, ascending, zero where nothing was held',
    play: async ({ ccxt }) => {
      const rows = await (await ccxt()).fetchOpenInterestHistory(BTC, '1h', undefined, 5);
      expect(rows.map(({ openInterestAmount }) => openInterestAmount)).toEqual([0, 0, 0, 0, 0]);
      const times = rows.map(({ timestamp }) => Number(timestamp));
      expect(times.map((time) => time - Number(times[0]))).toEqual(
        [0, 1, 2, 3, 4].map((at) => at * 3_600_000),
      );
      expect(Date.now() - Number(times.at(-1))).toBeLessThan(3_600_000 + 60_000);
    },
  },
  {
    number: 531,
    client: 'bybit-api',
    capability: 'market data',
    title: 'pages of open interest follow each other, and other intervals are refused',
    play: async ({ rest }) => {
      const ask = { category, symbol, intervalTime: '5min', limit: 3 } as const;
      const first = (await rest.getOpenInterest(ask)).result;
      const second = (await rest.getOpenInterest({ ...ask, cursor: first.nextPageCursor ?? '' })).result;
      const times = [...first.list, ...second.list].map(({ timestamp }) => Number(timestamp));
      expect(times.map((time) => Number(times[0]) - time)).toEqual(
        [0, 1, 2, 3, 4, 5].map((at) => at * 300_000),
      );
      const refused = await rest.getOpenInterest({ ...ask, intervalTime: '7min' as '5min' });
      expect(refused).toMatchObject({ retCode: 10001 });
    },
  },
];

function words(row: object, fields: readonly string[]): string {
  return fields.map((field) => String(Reflect.get(row, field))).join(' ');
}

/** The highest price a buy order may have. */
function limitOf(content: object): unknown {
  return Reflect.get(content, 'buyLmt');
}

async function settledAt(stage: Stage): Promise<number> {
  const { result } = await stage.send('GET', '/v5/execution/list', { category, symbol });
  return Number(result.list?.find((row) => row['execType'] === 'Delivery')?.['execPrice']);
}
