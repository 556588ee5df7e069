import { expect } from 'vitest';
import { decimal } from '../../../src/core/base/decimal.ts';
import { instrument } from '../../fixture/scripted-market.ts';
import type { Card } from './card.ts';
import { codeOf, limit, market, openOrders, place } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

const narrow = instrument('BTCUSDT', { quantityMin: decimal('0.005'), marketQuantityMax: decimal('0.2') });

/** What is refused, and with which code. */
export const orderRuleCards: readonly Card[] = [
  {
    number: 120,
    client: 'bybit-api',
    capability: 'client order ids',
    title: 'a client order id is refused with 110072 for ever, also after the order has ended',
    play: async ({ rest }) => {
      const named = { ...limit, orderLinkId: 'card-120' };
      await place(rest, named);
      expect(await rest.submitOrder(named)).toMatchObject({
        retCode: 110072,
        retMsg: 'OrderLinkedID is duplicate',
      });
      await rest.cancelOrder({ category, symbol, orderLinkId: 'card-120' });
      expect(await codeOf(rest, named)).toBe(110072);
    },
  },
  {
    number: 121,
    client: 'ccxt',
    capability: 'client order ids',
    title: 'a duplicate client order id throws an error that names 110072',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const params = { clientOrderId: 'card-121' };
      const placeAgain = () => client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000, params);
      await placeAgain();
      await expect(placeAgain()).rejects.toThrow('110072');
    },
  },
  {
    number: 122,
    client: 'wire',
    capability: 'client order ids',
    title: 'a client order id of 37 letters or with a dot is refused with 10001',
    play: async ({ send }) => {
      for (const orderLinkId of ['x'.repeat(37), 'a.b']) {
        expect(await send('POST', '/v5/order/create', { ...limit, orderLinkId })).toMatchObject({
          retCode: 10001,
        });
      }
    },
  },
  {
    number: 123,
    client: 'bybit-api',
    capability: 'price rules',
    title: 'a buy price above the published limit is refused with 110003, the limit itself is not',
    play: async ({ rest }) => {
      const { buyLmt } = (await rest.getOrderPriceLimit({ category, symbol })).result;
      expect(buyLmt).toBe('63000.0');
      expect(await codeOf(rest, { ...limit, price: '63000.1' })).toBe(110003);
      await place(rest, { ...limit, price: buyLmt });
    },
  },
  {
    number: 124,
    client: 'bybit-api',
    capability: 'price rules',
    title: 'a sell price below the published limit is refused with 110003',
    play: async ({ rest }) => {
      const { sellLmt } = (await rest.getOrderPriceLimit({ category, symbol })).result;
      expect(sellLmt).toBe('57000.0');
      expect(await codeOf(rest, { ...limit, side: 'Sell', price: '56999.9' })).toBe(110003);
    },
  },
  {
    number: 125,
    client: 'bybit-api',
    capability: 'price rules',
    title: 'the band follows the mark price',
    play: async ({ rest, move }) => {
      move(60_000, { mark: 66_000 });
      expect((await rest.getOrderPriceLimit({ category, symbol })).result).toMatchObject({
        buyLmt: '69300.0',
        sellLmt: '60000.0',
      });
    },
  },
  {
    number: 126,
    client: 'wire',
    capability: 'price rules',
    title: 'a price off the tick, a price of zero and a missing price are refused with 10001',
    play: async ({ send }) => {
      for (const price of ['59000.05', '0', '']) {
        expect(await send('POST', '/v5/order/create', { ...limit, price })).toMatchObject({ retCode: 10001 });
      }
    },
  },
  {
    number: 127,
    client: 'bybit-api',
    capability: 'quantity rules',
    title: 'quantities off the step and below the minimum are refused with 10001',
    stage: { instruments: [narrow] },
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...limit, qty: '0.0055' })).toBe(10001);
      expect(await codeOf(rest, { ...limit, qty: '0.004' })).toBe(10001);
      await place(rest, { ...limit, qty: '0.005' });
    },
  },
  {
    number: 128,
    client: 'bybit-api',
    capability: 'quantity rules',
    title: 'the listed maxima hold: for market, limit and post-only orders each their own',
    stage: { instruments: [narrow] },
    play: async ({ rest }) => {
      const { list } = (await rest.getInstrumentsInfo({ category: 'linear', symbol })).result;
      expect(list[0]?.lotSizeFilter).toMatchObject({
        maxMktOrderQty: '0.2',
        maxOrderQty: '1',
        postOnlyMaxOrderQty: '1',
      });
      expect(await codeOf(rest, { ...market, qty: '0.201' })).toBe(10001);
      expect(await codeOf(rest, { ...limit, qty: '1.001' })).toBe(10001);
      expect(await codeOf(rest, { ...limit, qty: '1.001', timeInForce: 'PostOnly' })).toBe(10001);
      await place(rest, { ...market, qty: '0.2' });
      await place(rest, { ...limit, qty: '1' });
    },
  },
  {
    number: 129,
    client: 'ccxt',
    capability: 'quantity rules',
    title: 'the limits of a market are the ones that hold',
    stage: { instruments: [narrow] },
    play: async ({ ccxt }) => {
      const client = await ccxt();
      expect(client.market(BTC).limits.amount).toMatchObject({ min: 0.005, max: 1 });
      await expect(client.createOrder(BTC, 'limit', 'buy', 1.1, 59_000)).rejects.toThrow('10001');
    },
  },
  {
    number: 130,
    client: 'bybit-api',
    capability: 'quantity rules',
    title: 'an order worth less than the minimum is refused with 110094',
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...limit, qty: '0.001', price: '4999' })).toBe(110094);
      await place(rest, { ...limit, qty: '0.001', price: '5000' });
    },
  },
  {
    number: 131,
    client: 'bybit-api',
    capability: 'quantity rules',
    title: 'an order beyond the available balance is refused with 110007',
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...limit, qty: '5' })).toBe(110007);
    },
  },
  {
    number: 132,
    client: 'ccxt',
    capability: 'quantity rules',
    title: 'an order beyond the available balance throws InsufficientFunds',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await expect(client.createOrder(BTC, 'limit', 'buy', 5, 59_000)).rejects.toMatchObject({
        name: 'InsufficientFunds',
      });
    },
  },
  {
    number: 133,
    client: 'bybit-api',
    capability: 'order counts',
    title: 'the 501st active order of a contract is refused with 110020',
    play: async ({ rest }) => {
      const orders = Array.from({ length: 20 }, () => ({ ...limit, qty: '0.001' }));
      for (let batch = 0; batch < 25; batch += 1) await rest.batchSubmitOrders(category, orders);
      expect(await rest.submitOrder({ ...limit, qty: '0.001' })).toMatchObject({
        retCode: 110020,
        retMsg: 'Not allowed to have more than 500 active orders.',
      });
    },
  },
  {
    number: 134,
    client: 'bybit-api',
    capability: 'order counts',
    title: 'the 11th conditional order of a contract is refused with 110009',
    play: async ({ rest }) => {
      const trigger = { ...market, triggerPrice: '61000', triggerDirection: 1 } as const;
      for (let count = 0; count < 10; count += 1) await place(rest, trigger);
      expect(await codeOf(rest, trigger)).toBe(110009);
      expect(await openOrders(rest)).toHaveLength(10);
    },
  },
  {
    number: 135,
    client: 'wire',
    capability: 'malformed requests',
    title: 'numbers instead of text, unknown sides, kinds, lives and categories are refused with 10001',
    play: async ({ send }) => {
      const spoilt = [
        { qty: 0.01 },
        { side: 'buy' },
        { orderType: 'Stop' },
        { timeInForce: 'DAY' },
        { category: 'inverse' },
        { symbol: 'NOPEUSDT' },
        { qty: '-1' },
        { qty: '1e400' },
        { positionIdx: 3 },
        { reduceOnly: 'yes' },
        { triggerPrice: '61000', triggerDirection: 3 },
      ];
      for (const change of spoilt) {
        const answer = await send('POST', '/v5/order/create', { ...limit, ...change });
        expect(answer, JSON.stringify(change)).toMatchObject({ status: 200, retCode: 10001, result: {} });
      }
    },
  },
];
