import { expect } from 'vitest';
import type { Card } from './card.ts';
import { closedOrder, limit, market, openOrders, place, sizeOf } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

const named = { category, symbol } as const;

/** Amending, cancelling, and what an account does to itself. */
export const orderChangeCards: readonly Card[] = [
  {
    number: 180,
    client: 'bybit-api',
    capability: 'amend',
    title: 'price and quantity change, the order id stays',
    play: async ({ rest }) => {
      const orderId = await place(rest, limit);
      const amended = await rest.amendOrder({ ...named, orderId, price: '58000', qty: '0.02' });
      expect(amended).toMatchObject({ retCode: 0, result: { orderId } });
      expect(await openOrders(rest)).toMatchObject([{ orderId, price: '58000.0', qty: '0.020' }]);
    },
  },
  {
    number: 181,
    client: 'ccxt',
    capability: 'amend',
    title: 'an edited order stands at its new price and amount',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const { id } = await client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000);
      await client.editOrder(String(id), BTC, 'limit', 'buy', 0.02, 58_500);
      expect(await client.fetchOpenOrders(BTC)).toMatchObject([{ id, price: 58_500, amount: 0.02 }]);
    },
  },
  {
    number: 182,
    client: 'bybit-api',
    capability: 'amend',
    title: 'an amendment to a crossing price is filled at once',
    play: async ({ rest }) => {
      const orderId = await place(rest, limit);
      await rest.amendOrder({ ...named, orderId, price: '60100' });
      expect(await closedOrder(rest, orderId)).toMatchObject({ orderStatus: 'Filled', avgPrice: '60000.1' });
    },
  },
  {
    number: 183,
    client: 'bybit-api',
    capability: 'amend',
    title: 'an amendment that changes nothing, breaks a rule or names no order is refused',
    play: async ({ rest }) => {
      const orderId = await place(rest, limit);
      expect((await rest.amendOrder({ ...named, orderId, price: '59000' })).retCode).toBe(10001);
      expect((await rest.amendOrder({ ...named, orderId, price: '63000.1' })).retCode).toBe(110003);
      expect((await rest.amendOrder({ ...named, orderId, qty: '0.0001' })).retCode).toBe(10001);
      expect((await rest.amendOrder({ ...named, orderId, qty: '50' })).retCode).toBe(110007);
      expect((await rest.amendOrder({ ...named, orderId: 'nobody', price: '58000' })).retCode).toBe(110001);
      expect((await rest.amendOrder({ ...named, price: '58000' })).retCode).toBe(10001);
      expect(await openOrders(rest)).toMatchObject([{ price: '59000.0', qty: '0.010' }]);
    },
  },
  {
    number: 184,
    client: 'bybit-api',
    capability: 'amend',
    title: 'a quantity not above what is filled is refused with 110064, new stops with 110059',
    play: async ({ rest, move }) => {
      move(60_000, { top: 0.01 });
      const orderId = await place(rest, { ...limit, price: '60000.1', qty: '0.03' });
      expect(await openOrders(rest)).toMatchObject([{ orderStatus: 'PartiallyFilled', cumExecQty: '0.010' }]);
      expect((await rest.amendOrder({ ...named, orderId, qty: '0.01' })).retCode).toBe(110064);
      expect((await rest.amendOrder({ ...named, orderId, stopLoss: '58000' })).retCode).toBe(110059);
      expect((await rest.amendOrder({ ...named, orderId, qty: '0.02' })).retCode).toBe(0);
    },
  },
  {
    number: 185,
    client: 'bybit-api',
    capability: 'amend',
    title: 'the stops of a resting order are changed and taken off',
    play: async ({ rest }) => {
      const orderId = await place(rest, { ...limit, stopLoss: '57000' });
      await rest.amendOrder({
        ...named,
        orderId,
        stopLoss: '56000',
        takeProfit: '64000',
        tpTriggerBy: 'MarkPrice',
      });
      expect(await openOrders(rest)).toMatchObject([
        { stopLoss: '56000.0', takeProfit: '64000.0', tpTriggerBy: 'MarkPrice' },
      ]);
      await rest.amendOrder({ ...named, orderId, stopLoss: '0' });
      expect(await openOrders(rest)).toMatchObject([{ stopLoss: '', takeProfit: '64000.0' }]);
    },
  },
  {
    number: 186,
    client: 'bybit-api',
    capability: 'cancel',
    title: 'an order is cancelled once; a second time it does not exist',
    play: async ({ rest }) => {
      const orderId = await place(rest, { ...limit, orderLinkId: 'card-186' });
      expect(await rest.cancelOrder({ ...named, orderLinkId: 'card-186' })).toMatchObject({
        retCode: 0,
        result: { orderId, orderLinkId: 'card-186' },
      });
      expect(await rest.cancelOrder({ ...named, orderId })).toMatchObject({ retCode: 110001 });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Cancelled',
        cancelType: 'CancelByUser',
      });
    },
  },
  {
    number: 187,
    client: 'ccxt',
    capability: 'cancel',
    title: 'a cancelled order is gone, cancelling it again throws OrderNotFound',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const { id } = await client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000);
      await client.cancelOrder(String(id), BTC);
      expect(await client.fetchOpenOrders(BTC)).toEqual([]);
      await expect(client.cancelOrder(String(id), BTC)).rejects.toMatchObject({ name: 'OrderNotFound' });
      expect(await client.fetchCanceledOrders(BTC)).toMatchObject([{ id, status: 'canceled' }]);
    },
  },
  {
    number: 188,
    client: 'wire',
    capability: 'cancel',
    title: 'an order of another symbol is not cancelled',
    play: async ({ rest, send }) => {
      const orderId = await place(rest, limit);
      const answer = await send('POST', '/v5/order/cancel', { category, symbol: 'ETHUSDT', orderId });
      expect(answer).toMatchObject({ retCode: 110001 });
      expect(await openOrders(rest)).toHaveLength(1);
    },
  },
  {
    number: 189,
    client: 'bybit-api',
    capability: 'cancel all',
    title: 'by symbol, by base coin, by settlement coin: each its own, and the answer names them',
    play: async ({ rest }) => {
      const eth = { ...limit, symbol: 'ETHUSDT', qty: '0.1', price: '2950' };
      await place(rest, limit);
      const ethId = await place(rest, eth);
      const bySymbol = await rest.cancelAllOrders({ category, symbol: 'ETHUSDT' });
      expect(bySymbol.result).toMatchObject({ list: [{ orderId: ethId }], success: '1' });
      await place(rest, eth);
      const byBase = await rest.cancelAllOrders({ category, baseCoin: 'ETH' });
      expect(byBase.result.list).toHaveLength(1);
      await place(rest, eth);
      const byCoin = await rest.cancelAllOrders({ category, settleCoin: 'USDT' });
      expect(byCoin.result.list).toHaveLength(2);
      expect((await rest.cancelAllOrders({ category })).retCode).toBe(10001);
    },
  },
  {
    number: 190,
    client: 'wire',
    capability: 'cancel all',
    title: 'with a filter: orders of the book, all stops, or conditional orders alone',
    play: async ({ rest, send, running }) => {
      await place(rest, { ...market, stopLoss: '58000' });
      const placeAll = async () => {
        await place(rest, limit);
        await place(rest, { ...market, triggerPrice: '61000', triggerDirection: 1 });
      };
      const cancelled = async (filter: object) => {
        const { result } = await send('POST', '/v5/order/cancel-all', { category, symbol, ...filter });
        return result.list?.length;
      };
      await placeAll();
      expect(await cancelled({ orderFilter: 'Order' })).toBe(1);
      expect(await cancelled({ orderFilter: 'StopOrder', stopOrderType: 'Stop' })).toBe(1);
      expect(await openOrders(rest)).toMatchObject([{ stopOrderType: 'StopLoss' }]);
      await placeAll();
      expect(await cancelled({ orderFilter: 'StopOrder' })).toBe(2);
      expect(await cancelled({})).toBe(1);
      expect(running.venue.state().accounts[0]?.openOrders).toEqual([]);
    },
  },
  {
    number: 191,
    client: 'ccxt',
    capability: 'cancel all',
    title: 'cancelling all orders of a market leaves none',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000);
      await client.createOrder(BTC, 'limit', 'buy', 0.01, 58_000);
      await client.cancelAllOrders(BTC);
      expect(await client.fetchOpenOrders(BTC)).toEqual([]);
    },
  },
  {
    number: 192,
    client: 'wire',
    capability: 'self-match prevention',
    title: 'CancelMaker cancels the resting order and lets the new one trade',
    play: async ({ rest, send }) => {
      const makerId = await place(rest, {
        ...limit,
        side: 'Sell',
        price: '60000.1',
        timeInForce: 'PostOnly',
      });
      const taker = { ...market, qty: '0.02', smpType: 'CancelMaker' };
      const { result } = await send('POST', '/v5/order/create', taker);
      expect(await closedOrder(rest, makerId)).toMatchObject({
        orderStatus: 'Cancelled',
        cancelType: 'CancelBySmp',
        smpOrderId: result['orderId'],
      });
      expect(await sizeOf(rest)).toBe('0.020');
    },
  },
  {
    number: 193,
    client: 'bybit-api',
    capability: 'self-match prevention',
    title: 'CancelTaker cancels the new order and leaves the resting one',
    play: async ({ rest }) => {
      const makerId = await place(rest, {
        ...limit,
        side: 'Sell',
        price: '60000.1',
        timeInForce: 'PostOnly',
      });
      const orderId = await place(rest, { ...market, smpType: 'CancelTaker' });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        cancelType: 'CancelBySmp',
        smpType: 'CancelTaker',
        smpOrderId: makerId,
        cumExecQty: '0.000',
      });
      expect(await openOrders(rest)).toMatchObject([{ orderId: makerId, orderStatus: 'New' }]);
    },
  },
  {
    number: 194,
    client: 'bybit-api',
    capability: 'self-match prevention',
    title: 'CancelBoth cancels both',
    play: async ({ rest }) => {
      const makerId = await place(rest, {
        ...limit,
        side: 'Sell',
        price: '60000.1',
        timeInForce: 'PostOnly',
      });
      const orderId = await place(rest, { ...market, smpType: 'CancelBoth' });
      for (const each of [makerId, orderId]) {
        expect(await closedOrder(rest, each)).toMatchObject({
          cancelType: 'CancelBySmp',
          cumExecQty: '0.000',
        });
      }
      expect(await sizeOf(rest)).toBe('0.000');
    },
  },
  {
    number: 195,
    client: 'bybit-api',
    capability: 'self-match prevention',
    title: 'an order that stops before its own is filled up to there',
    play: async ({ rest, move }) => {
      move(60_000, { top: 0.01 });
      await place(rest, { ...limit, side: 'Sell', price: '60003', qty: '0.01', timeInForce: 'PostOnly' });
      const orderId = await place(rest, { ...market, qty: '0.03', smpType: 'CancelTaker' });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        cumExecQty: '0.010',
        avgPrice: '60000.1',
        cancelType: 'CancelBySmp',
      });
    },
  },
];
