import { RestClientV5 } from 'bybit-api';
import { expect } from 'vitest';
import { instrumentId } from '../../fixture/scripted-market.ts';
import { API_KEY } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { BTC, category, connectCcxt, nextUpdate, subscribed, symbol } from './stage.ts';

/** What clients read before they trade. */
export const marketCards: readonly Card[] = [
  {
    number: 501,
    client: 'bybit-api',
    capability: 'market data',
    title: 'time, instruments and tickers are read',
    play: async ({ rest }) => {
      const time = await rest.getServerTime();
      expect(Math.abs(Number(time.result.timeSecond) * 1000 - Date.now())).toBeLessThan(5000);
      const instruments = await rest.getInstrumentsInfo({ category, limit: 1000 });
      expect(instruments.result.list.map((row) => row.symbol)).toEqual([symbol, 'ETHUSDT']);
      const tickers = await rest.getTickers({ category });
      expect(tickers.result.list[1]).toMatchObject({ symbol: 'ETHUSDT', lastPrice: '3000.0' });
    },
  },
  {
    number: 502,
    client: 'bybit-api',
    capability: 'market data',
    title: 'candles come newest first',
    play: async ({ rest }) => {
      const candles = await rest.getKline({ category, symbol, interval: '60', limit: 5 });
      const opens = candles.result.list.map((row) => Number(row[0]));
      expect(opens).toHaveLength(5);
      expect(opens).toEqual(opens.toSorted((a, b) => b - a));
    },
  },
  {
    number: 503,
    client: 'ccxt',
    capability: 'market data',
    title: 'markets are loaded with the options a new client has',
    play: async ({ running }) => {
      const client = await connectCcxt(running, {});
      const markets = await client.loadMarkets();
      await client.close();
      expect(Object.keys(markets).sort()).toEqual([BTC, 'ETH/USDT:USDT']);
    },
  },
  {
    number: 504,
    client: 'ccxt',
    capability: 'market data',
    title: 'the rules of a market are read',
    play: async ({ ccxt }) => {
      const market = (await ccxt()).market(BTC);
      expect(market.precision).toMatchObject({ amount: 0.001, price: 0.1 });
      expect(market.limits.leverage).toMatchObject({ min: 1, max: 100 });
      expect(market.linear).toBe(true);
    },
  },
  {
    number: 505,
    client: 'ccxt',
    capability: 'market data',
    title: 'tickers and candles are read',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const tickers = await client.fetchTickers();
      expect(tickers['ETH/USDT:USDT']?.last).toBe(3000);
      const candles = await client.fetchOHLCV(BTC, '1h', undefined, 5);
      expect(candles).toHaveLength(5);
      expect((candles[4]?.[0] ?? 0) - (candles[3]?.[0] ?? 0)).toBe(3_600_000);
    },
  },
  {
    number: 506,
    client: 'bybit-api streams',
    capability: 'market data',
    title: 'the open candle is pushed unconfirmed',
    play: async ({ stream }) => {
      const client = stream('/v5/public/linear');
      const update = nextUpdate(client, (each) => each.topic === `kline.1.${symbol}`);
      await subscribed(client, [`kline.1.${symbol}`]);
      expect((await update).data[0]).toMatchObject({ interval: '1', confirm: false, close: '60000.0' });
    },
  },
  {
    number: 507,
    client: 'ccxt pro',
    capability: 'market data',
    title: 'watched candles show the newest price',
    play: async ({ ccxt, running }) => {
      const client = await ccxt();
      const watching = client.watchOHLCV(BTC, '1m');
      const moving = setInterval(() => running.market.setPrice(instrumentId(symbol), 60_100), 50);
      const candles = await watching;
      clearInterval(moving);
      expect(candles.at(-1)?.[4]).toBe(60_100);
    },
  },
  {
    number: 508,
    client: 'bybit-api',
    capability: 'account',
    title: 'the wallet is read; a wrong signature is refused with 10004',
    play: async ({ rest, running }) => {
      const wallet = await rest.getWalletBalance({ accountType: 'UNIFIED' });
      expect(wallet.result.list[0]?.coin[0]).toMatchObject({ coin: 'USDT', walletBalance: '10000' });
      const stranger = new RestClientV5({ key: API_KEY, secret: 'wrong', baseUrl: running.http });
      expect(await stranger.getAccountInfo()).toMatchObject({ retCode: 10004 });
    },
  },
  {
    number: 509,
    client: 'ccxt',
    capability: 'account',
    title: 'the balance is read',
    play: async ({ ccxt }) => {
      const balance = await (await ccxt()).fetchBalance();
      expect(balance['USDT']).toMatchObject({ total: 10_000 });
    },
  },
  {
    number: 510,
    client: 'bybit-api',
    capability: 'account',
    title: 'leverage is set once; the same again is answered with 110043',
    play: async ({ rest }) => {
      const leverage = { category, symbol, buyLeverage: '3', sellLeverage: '3' } as const;
      expect(await rest.setLeverage(leverage)).toMatchObject({ retCode: 0 });
      expect(await rest.setLeverage(leverage)).toMatchObject({ retCode: 110043 });
    },
  },
  {
    number: 511,
    client: 'ccxt',
    capability: 'account',
    title: 'leverage is set once; the same again throws an error that names 110043',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await expect(client.setLeverage(7, BTC)).resolves.toMatchObject({ retCode: 0 });
      await expect(client.setLeverage(7, BTC)).rejects.toThrow('110043');
    },
  },
];
