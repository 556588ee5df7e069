import { expect } from 'vitest';
import type { Card } from './card.ts';
import { closedOrder, codeOf, limit, market, openOrders, place, sizeOf } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

const rising = { ...market, triggerPrice: '61000', triggerDirection: 1, triggerBy: 'LastPrice' } as const;
const falling = { ...market, side: 'Sell', triggerPrice: '59000', triggerDirection: 2 } as const;

/** Conditional orders: they wait for a price, then are like any other. */
export const orderTriggerCards: readonly Card[] = [
  {
    number: 140,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a conditional order waits Untriggered and binds no margin',
    play: async ({ rest }) => {
      await place(rest, { ...rising, qty: '50' });
      expect(await openOrders(rest)).toMatchObject([
        {
          orderStatus: 'Untriggered',
          stopOrderType: 'Stop',
          triggerPrice: '61000.0',
          triggerDirection: 1,
          triggerBy: 'LastPrice',
          reduceOnly: false,
        },
      ]);
      const wallet = await rest.getWalletBalance({ accountType: 'UNIFIED' });
      expect(wallet.result.list[0]).toMatchObject({ totalInitialMargin: '0' });
    },
  },
  {
    number: 141,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'it fires when the last price rises to its trigger, not a tick before',
    play: async ({ rest, move }) => {
      const orderId = await place(rest, rising);
      move(60_999.9);
      expect(await openOrders(rest)).toHaveLength(1);
      move(61_000);
      expect(await closedOrder(rest, orderId)).toMatchObject({ orderStatus: 'Filled', avgPrice: '61000.1' });
    },
  },
  {
    number: 142,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'it fires when the last price falls to its trigger',
    play: async ({ rest, move }) => {
      await place(rest, falling);
      move(58_990);
      expect(await sizeOf(rest)).toBe('0.010');
    },
  },
  {
    number: 143,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'one that watches the mark price ignores the last price',
    play: async ({ rest, move }) => {
      await place(rest, { ...rising, triggerBy: 'MarkPrice' });
      move(61_500, { mark: 60_900 });
      expect(await openOrders(rest)).toMatchObject([{ orderStatus: 'Untriggered', triggerBy: 'MarkPrice' }]);
      move(60_000, { mark: 61_000 });
      expect(await openOrders(rest)).toEqual([]);
      expect(await sizeOf(rest)).toBe('0.010');
    },
  },
  {
    number: 144,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a trigger on the wrong side is refused with 110092 or 110093',
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...rising, triggerPrice: '60000' })).toBe(110092);
      expect(await codeOf(rest, { ...falling, triggerPrice: '60000' })).toBe(110093);
    },
  },
  {
    number: 145,
    client: 'wire',
    capability: 'conditional orders',
    title: 'a trigger without a direction is refused with 10001',
    play: async ({ send }) => {
      const { triggerDirection, ...aimless } = rising;
      expect(triggerDirection).toBe(1);
      expect(await send('POST', '/v5/order/create', aimless)).toMatchObject({ retCode: 10001 });
    },
  },
  {
    number: 146,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a conditional limit order rests at its price once it has fired',
    play: async ({ rest, move }) => {
      const trigger = { triggerPrice: '61000', triggerDirection: 1 } as const;
      const orderId = await place(rest, { ...limit, price: '60500', ...trigger });
      move(61_100);
      expect(await openOrders(rest)).toMatchObject([{ orderId, orderStatus: 'New', price: '60500.0' }]);
      move(60_400);
      expect(await closedOrder(rest, orderId)).toMatchObject({ orderStatus: 'Filled', avgPrice: '60500' });
    },
  },
  {
    number: 147,
    client: 'ccxt',
    capability: 'conditional orders',
    title: 'a trigger order is listed with its trigger price and ends as a position',
    play: async ({ ccxt, move }) => {
      const client = await ccxt();
      const params = { triggerPrice: 61_000, triggerDirection: 'ascending' };
      await client.createOrder(BTC, 'market', 'buy', 0.01, undefined, params);
      expect(await client.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).toMatchObject([
        { triggerPrice: 61_000, status: 'open', side: 'buy' },
      ]);
      move(61_200);
      expect(await client.fetchPositions([BTC])).toMatchObject([{ side: 'long', contracts: 0.01 }]);
    },
  },
  {
    number: 148,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'close-on-trigger with quantity 0 closes what is held when it fires',
    play: async ({ rest, move }) => {
      await place(rest, market);
      const orderId = await place(rest, { ...falling, qty: '0', reduceOnly: true, closeOnTrigger: true });
      await place(rest, { ...market, qty: '0.02' });
      move(58_900);
      expect(await sizeOf(rest)).toBe('0.000');
      expect(await closedOrder(rest, orderId)).toMatchObject({ qty: '0.030', closeOnTrigger: true });
    },
  },
  {
    number: 149,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a close-on-trigger order that fires without a position ends without a fill',
    play: async ({ rest, move }) => {
      const orderId = await place(rest, { ...falling, closeOnTrigger: true });
      move(58_900);
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Cancelled',
        cancelType: 'CancelByReduceOnly',
        cumExecQty: '0.000',
      });
      expect(await sizeOf(rest)).toBe('0.000');
    },
  },
  {
    number: 150,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a cancelled conditional order is Deactivated',
    play: async ({ rest }) => {
      const orderId = await place(rest, rising);
      expect(await rest.cancelOrder({ category, symbol, orderId })).toMatchObject({ retCode: 0 });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Deactivated',
        cancelType: 'CancelByUser',
      });
    },
  },
  {
    number: 151,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'a moved trigger holds, and watches the price it is told to',
    play: async ({ rest, move }) => {
      const orderId = await place(rest, rising);
      const amended = { category, symbol, orderId, triggerPrice: '62000', triggerBy: 'MarkPrice' } as const;
      expect(await rest.amendOrder(amended)).toMatchObject({ retCode: 0 });
      move(62_100, { mark: 61_900 });
      expect(await openOrders(rest)).toMatchObject([{ triggerPrice: '62000.0', triggerBy: 'MarkPrice' }]);
      move(62_000);
      expect(await sizeOf(rest)).toBe('0.010');
    },
  },
  {
    number: 152,
    client: 'bybit-api',
    capability: 'conditional orders',
    title: 'one whose margin is gone when it fires is Rejected',
    play: async ({ rest, move }) => {
      const orderId = await place(rest, { ...rising, qty: '5' });
      move(61_000);
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Rejected',
        cumExecQty: '0.000',
      });
    },
  },
];
