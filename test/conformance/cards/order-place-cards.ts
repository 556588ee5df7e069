import { expect } from 'vitest';
import type { Card } from './card.ts';
import { closedOrder, codeOf, limit, market, openOrders, place, sizeOf } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

/** Orders that meet the book at once: kinds, lives, reductions. */
export const orderPlaceCards: readonly Card[] = [
  {
    number: 101,
    client: 'bybit-api',
    capability: 'limit and market orders',
    title: 'a limit order rests and is listed as New under both of its names',
    play: async ({ rest }) => {
      const placed = await rest.submitOrder({ ...limit, timeInForce: 'GTC', orderLinkId: 'card-101' });
      expect(placed).toMatchObject({ retCode: 0, result: { orderLinkId: 'card-101' } });
      expect(await openOrders(rest)).toMatchObject([
        { orderId: placed.result.orderId, orderLinkId: 'card-101', orderStatus: 'New', price: '59000.0' },
      ]);
    },
  },
  {
    number: 102,
    client: 'ccxt',
    capability: 'limit and market orders',
    title: 'a limit order is read back with its price, amount and client id',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const params = { clientOrderId: 'card-102' };
      const placed = await client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000, params);
      expect(await client.fetchOpenOrders(BTC)).toMatchObject([
        { id: String(placed.id), clientOrderId: 'card-102', price: 59_000, amount: 0.01, status: 'open' },
      ]);
    },
  },
  {
    number: 103,
    client: 'bybit-api',
    capability: 'limit and market orders',
    title: 'a market order is filled at the ask and says what it cost',
    play: async ({ rest }) => {
      const orderId = await place(rest, market);
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Filled',
        timeInForce: 'IOC',
        avgPrice: '60000.1',
        cumExecQty: '0.010',
        cumExecValue: '600.001',
        leavesQty: '0.000',
      });
    },
  },
  {
    number: 104,
    client: 'ccxt',
    capability: 'limit and market orders',
    title: 'a market order is a closed order with its average price',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const placed = await client.createOrder(BTC, 'market', 'sell', 0.02);
      const [closed] = await client.fetchClosedOrders(BTC);
      expect(closed).toMatchObject({
        id: String(placed.id),
        status: 'closed',
        average: 60_000,
        filled: 0.02,
        side: 'sell',
      });
    },
  },
  {
    number: 105,
    client: 'bybit-api',
    capability: 'time in force',
    title: 'an IOC order takes what is there and is cancelled with EC_NoImmediateQtyToFill',
    play: async ({ rest, move }) => {
      move(60_000, { top: 0.01 });
      const orderId = await place(rest, { ...limit, price: '60000.1', qty: '0.05', timeInForce: 'IOC' });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Cancelled',
        rejectReason: 'EC_NoImmediateQtyToFill',
        cumExecQty: '0.010',
      });
    },
  },
  {
    number: 106,
    client: 'bybit-api',
    capability: 'time in force',
    title: 'a FOK order that does not fit is cancelled without a fill',
    play: async ({ rest, move }) => {
      move(60_000, { top: 0.01 });
      const orderId = await place(rest, { ...limit, price: '60000.1', qty: '0.05', timeInForce: 'FOK' });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Cancelled',
        rejectReason: 'EC_NoImmediateQtyToFill',
        cumExecQty: '0.000',
      });
    },
  },
  {
    number: 107,
    client: 'ccxt',
    capability: 'time in force',
    title: 'a FOK order that fits is filled whole',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'limit', 'buy', 0.05, 60_000.1, { timeInForce: 'FOK' });
      expect((await client.fetchClosedOrders(BTC))[0]).toMatchObject({ status: 'closed', filled: 0.05 });
    },
  },
  {
    number: 108,
    client: 'bybit-api',
    capability: 'post-only',
    title: 'a post-only order that would take is accepted, then cancelled with EC_PostOnlyWillTakeLiquidity',
    play: async ({ rest }) => {
      const orderId = await place(rest, { ...limit, price: '60000.1', timeInForce: 'PostOnly' });
      expect(await closedOrder(rest, orderId)).toMatchObject({
        orderStatus: 'Cancelled',
        rejectReason: 'EC_PostOnlyWillTakeLiquidity',
        cumExecQty: '0.000',
      });
    },
  },
  {
    number: 109,
    client: 'ccxt',
    capability: 'post-only',
    title: 'a post-only order that rests is open and fills as maker at its own price',
    play: async ({ ccxt, move }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'limit', 'buy', 0.01, 59_000, { postOnly: true });
      expect(await client.fetchOpenOrders(BTC)).toMatchObject([{ timeInForce: 'PO', postOnly: true }]);
      move(58_900);
      expect(await client.fetchMyTrades(BTC)).toMatchObject([{ takerOrMaker: 'maker', price: 59_000 }]);
    },
  },
  {
    number: 110,
    client: 'bybit-api',
    capability: 'reduce-only and close',
    title: 'a reduce-only order larger than the position closes it and does not turn it',
    play: async ({ rest }) => {
      await place(rest, market);
      await place(rest, { ...market, side: 'Sell', qty: '0.5', reduceOnly: true });
      expect(await sizeOf(rest)).toBe('0.000');
    },
  },
  {
    number: 111,
    client: 'bybit-api',
    capability: 'reduce-only and close',
    title: 'quantity 0 with reduce-only and close-on-trigger closes all of the position',
    play: async ({ rest }) => {
      await place(rest, { ...market, qty: '0.037' });
      const orderId = await place(rest, {
        ...market,
        side: 'Sell',
        qty: '0',
        reduceOnly: true,
        closeOnTrigger: true,
      });
      expect(await closedOrder(rest, orderId)).toMatchObject({ qty: '0.037', orderStatus: 'Filled' });
      expect(await sizeOf(rest)).toBe('0.000');
    },
  },
  {
    number: 112,
    client: 'bybit-api',
    capability: 'reduce-only and close',
    title: 'a reduce-only order without a position is refused with 110017',
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...market, side: 'Sell', reduceOnly: true })).toBe(110017);
    },
  },
  {
    number: 113,
    client: 'ccxt',
    capability: 'reduce-only and close',
    title: 'a reduce-only market order leaves no position',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'market', 'sell', 0.01);
      await client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { reduceOnly: true });
      expect(await client.fetchPositions()).toEqual([]);
    },
  },
  {
    number: 114,
    client: 'bybit-api',
    capability: 'hedge mode',
    title: 'in hedge mode an order needs the index of its side',
    play: async ({ rest }) => {
      await rest.switchPositionMode({ category, symbol, mode: 3 });
      expect(await rest.submitOrder(market)).toMatchObject({
        retCode: 10001,
        retMsg: 'position idx not match position mode',
      });
      await place(rest, { ...market, positionIdx: 1 });
      await place(rest, { ...market, side: 'Sell', qty: '0.02', positionIdx: 2 });
      const { list } = (await rest.getPositionInfo({ category, symbol })).result;
      expect(list).toMatchObject([
        { positionIdx: 1, side: 'Buy', size: '0.010' },
        { positionIdx: 2, side: 'Sell', size: '0.020' },
      ]);
    },
  },
  {
    number: 115,
    client: 'ccxt',
    capability: 'hedge mode',
    title: 'long and short positions of one contract stand side by side',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      await client.setPositionMode(true, BTC);
      await client.createOrder(BTC, 'market', 'buy', 0.01, undefined, { hedged: true });
      await client.createOrder(BTC, 'market', 'sell', 0.03, undefined, { hedged: true });
      const positions = await client.fetchPositions([BTC]);
      expect(positions.map(({ side, contracts }) => [side, contracts])).toEqual([
        ['long', 0.01],
        ['short', 0.03],
      ]);
    },
  },
  {
    number: 116,
    client: 'bybit-api',
    capability: 'prices by the book',
    title: 'an order priced by a level of the book takes that level',
    play: async ({ rest }) => {
      await place(rest, { ...limit, price: '', bboSideType: 'Queue', bboLevel: '2' });
      // Levels are 1 bp of the price apart: the second bid of 60,000 is 59,994.
      expect(await openOrders(rest)).toMatchObject([{ price: '59994.0', orderStatus: 'New' }]);
    },
  },
  {
    number: 117,
    client: 'bybit-api',
    capability: 'prices by the book',
    title: 'a market order with a slippage tolerance goes no further than that',
    play: async ({ rest, move }) => {
      move(60_000, { top: 0.01 });
      const tolerance = { slippageToleranceType: 'TickSize', slippageTolerance: '10' } as const;
      const orderId = await place(rest, { ...market, qty: '0.05', ...tolerance });
      expect(await closedOrder(rest, orderId)).toMatchObject({ cumExecQty: '0.010', avgPrice: '60000.1' });
      expect(await codeOf(rest, { ...market, ...tolerance, slippageTolerance: '10001' })).toBe(110108);
      const percent = { slippageToleranceType: 'Percent', slippageTolerance: '11' } as const;
      expect(await codeOf(rest, { ...market, ...percent })).toBe(110109);
    },
  },
];
