import type { RestClientV5, SetTradingStopParamsV5 } from 'bybit-api';
import { expect } from 'vitest';
import type { Card } from './card.ts';
import { closedOrder, codeOf, limit, market, openOrders, place, sizeOf } from './order-words.ts';
import { BTC, category, symbol } from './stage.ts';

const whole = { category, symbol, tpslMode: 'Full', positionIdx: 0 } as const;
const part = { category, symbol, tpslMode: 'Partial', positionIdx: 0 } as const;

/** Stops of positions: as a pair for all of it, for parts, and trailing. */
export const orderStopCards: readonly Card[] = [
  {
    number: 160,
    client: 'bybit-api',
    capability: 'stops with the order',
    title: 'an order brings a stop and a take-profit for the whole position',
    play: async ({ rest }) => {
      await place(rest, { ...market, takeProfit: '62000', stopLoss: '59000', slTriggerBy: 'MarkPrice' });
      const orders = await openOrders(rest);
      expect(orders).toHaveLength(2);
      expect(orders.find((each) => each.stopOrderType === 'StopLoss')).toMatchObject({
        orderStatus: 'Untriggered',
        side: 'Sell',
        qty: '0.010',
        triggerPrice: '59000.0',
        triggerBy: 'MarkPrice',
        triggerDirection: 2,
        tpslMode: 'Full',
        reduceOnly: true,
        closeOnTrigger: true,
      });
      expect(orders.find((each) => each.stopOrderType === 'TakeProfit')).toMatchObject({
        triggerPrice: '62000.0',
        triggerDirection: 1,
      });
      const { list } = (await rest.getPositionInfo({ category, symbol })).result;
      expect(list).toMatchObject([{ takeProfit: '62000.0', stopLoss: '59000.0' }]);
    },
  },
  {
    number: 161,
    client: 'ccxt',
    capability: 'stops with the order',
    title: 'attached stops stand on the position',
    play: async ({ ccxt }) => {
      const client = await ccxt();
      const stops = { stopLoss: { triggerPrice: 55_000 }, takeProfit: { triggerPrice: 70_000 } };
      await client.createOrder(BTC, 'market', 'buy', 0.01, undefined, stops);
      const [position] = await client.fetchPositions([BTC]);
      expect(position).toMatchObject({ side: 'long', stopLossPrice: 55_000, takeProfitPrice: 70_000 });
    },
  },
  {
    number: 162,
    client: 'bybit-api',
    capability: 'stops with the order',
    title: 'a stop on the wrong side is refused with the order it comes with',
    play: async ({ rest }) => {
      expect(await codeOf(rest, { ...limit, stopLoss: '59500' })).toBe(10001);
      expect(await codeOf(rest, { ...limit, takeProfit: '58000' })).toBe(10001);
      expect(await codeOf(rest, { ...limit, side: 'Sell', price: '61000', stopLoss: '60000' })).toBe(10001);
      expect(await openOrders(rest)).toEqual([]);
    },
  },
  {
    number: 163,
    client: 'bybit-api',
    capability: 'stops with the order',
    title: 'a stop by mark price fires on it, names itself, and takes the take-profit with it',
    play: async ({ rest, move }) => {
      await place(rest, { ...market, takeProfit: '62000', stopLoss: '59000', slTriggerBy: 'MarkPrice' });
      const [first, second] = await openOrders(rest);
      const profit = first?.stopOrderType === 'TakeProfit' ? first : second;
      move(58_000, { mark: 59_100 });
      expect(await sizeOf(rest)).toBe('0.010');
      move(58_500, { mark: 59_000 });
      expect(await sizeOf(rest)).toBe('0.000');
      const executions = await rest.getExecutionList({ category, symbol });
      expect(executions.result.list[0]).toMatchObject({
        createType: 'CreateByStopLoss',
        stopOrderType: 'StopLoss',
        execPrice: '58500.0',
        closedSize: '0.010',
      });
      expect(await closedOrder(rest, String(profit?.orderId))).toMatchObject({
        orderStatus: 'Deactivated',
        cancelType: 'CancelByTpSlTsClear',
      });
    },
  },
  {
    number: 164,
    client: 'ccxt',
    capability: 'stops of the position',
    title: 'a stop-loss price sent for the position rests as its stop order',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'market', 'buy', 0.01);
      await client.createOrder(BTC, 'market', 'sell', 0.01, undefined, { stopLossPrice: 58_000 });
      expect(await openOrders(rest)).toMatchObject([
        { orderStatus: 'Untriggered', triggerPrice: '58000.0', triggerDirection: 2, reduceOnly: true },
      ]);
    },
  },
  {
    number: 165,
    client: 'bybit-api',
    capability: 'stops of the position',
    title: 'a stop is moved in place, repeated with 34040, and taken off by 0',
    play: async ({ rest }) => {
      await place(rest, { ...market, stopLoss: '58000' });
      const before = await openOrders(rest);
      expect(await rest.setTradingStop({ ...whole, stopLoss: '59000' })).toMatchObject({
        retCode: 0,
        result: {},
      });
      expect(await openOrders(rest)).toMatchObject([
        { orderId: before[0]?.orderId, triggerPrice: '59000.0' },
      ]);
      expect(await rest.setTradingStop({ ...whole, stopLoss: '59000' })).toMatchObject({ retCode: 34040 });
      expect(await rest.setTradingStop({ ...whole, stopLoss: '0' })).toMatchObject({ retCode: 0 });
      expect(await openOrders(rest)).toEqual([]);
    },
  },
  {
    number: 166,
    client: 'bybit-api',
    capability: 'stops of the position',
    title: 'without a position, or on the wrong side of it, a stop is refused with 10001',
    play: async ({ rest }) => {
      expect(await rest.setTradingStop({ ...whole, stopLoss: '59000' })).toMatchObject({ retCode: 10001 });
      await place(rest, market);
      expect(await rest.setTradingStop({ ...whole, stopLoss: '60500' })).toMatchObject({ retCode: 10001 });
      expect(await rest.setTradingStop({ ...whole, takeProfit: '59500' })).toMatchObject({ retCode: 10001 });
    },
  },
  {
    number: 167,
    client: 'bybit-api',
    capability: 'stops of the position',
    title: 'stops carry the quantity of the position and end with it',
    play: async ({ rest }) => {
      await place(rest, { ...market, stopLoss: '58000' });
      await place(rest, { ...market, qty: '0.03' });
      expect(await openOrders(rest)).toMatchObject([{ stopOrderType: 'StopLoss', qty: '0.040' }]);
      await place(rest, { ...market, side: 'Sell', qty: '0.04', reduceOnly: true });
      expect(await openOrders(rest)).toEqual([]);
    },
  },
  {
    number: 168,
    client: 'bybit-api',
    capability: 'stops of parts',
    title: 'stops for a part are added beside each other',
    play: async ({ rest }) => {
      await place(rest, { ...market, qty: '0.03' });
      await addPart(rest, { tpSize: '0.01', slSize: '0.01', takeProfit: '61000', stopLoss: '59000' });
      await addPart(rest, { tpSize: '0.02', takeProfit: '62000' });
      const orders = await openOrders(rest);
      expect(orders.map((each) => [each.stopOrderType, each.qty, each.tpslMode]).sort()).toEqual([
        ['PartialStopLoss', '0.010', 'Partial'],
        ['PartialTakeProfit', '0.010', 'Partial'],
        ['PartialTakeProfit', '0.020', 'Partial'],
      ]);
    },
  },
  {
    number: 169,
    client: 'bybit-api',
    capability: 'stops of parts',
    title: 'the first of a pair that fires takes the other with it and closes its part alone',
    play: async ({ rest, move }) => {
      await place(rest, { ...market, qty: '0.03' });
      await addPart(rest, { tpSize: '0.01', slSize: '0.01', takeProfit: '61000', stopLoss: '59000' });
      move(61_000);
      expect(await sizeOf(rest)).toBe('0.020');
      expect(await openOrders(rest)).toEqual([]);
      const executions = await rest.getExecutionList({ category, symbol });
      expect(executions.result.list[0]).toMatchObject({
        createType: 'CreateByPartialTakeProfit',
        stopOrderType: 'PartialTakeProfit',
        execQty: '0.010',
      });
    },
  },
  {
    number: 170,
    client: 'bybit-api',
    capability: 'stops of parts',
    title: 'a limit take-profit of a part rests at its price once it has fired',
    play: async ({ rest, move }) => {
      await place(rest, { ...market, qty: '0.03' });
      const profit = { takeProfit: '61000', tpOrderType: 'Limit', tpLimitPrice: '61500' } as const;
      await addPart(rest, { tpSize: '0.01', ...profit });
      move(61_000);
      expect(await openOrders(rest)).toMatchObject([
        { orderStatus: 'New', orderType: 'Limit', price: '61500.0', reduceOnly: true },
      ]);
      move(61_600);
      expect(await sizeOf(rest)).toBe('0.020');
    },
  },
  {
    number: 171,
    client: 'bybit-api',
    capability: 'stops of parts',
    title: 'limit stops for the whole, larger ones than the position and the 21st are refused',
    play: async ({ rest }) => {
      await place(rest, { ...market, qty: '0.03' });
      const limited = { stopLoss: '59000', slOrderType: 'Limit', slLimitPrice: '58900' } as const;
      expect(await rest.setTradingStop({ ...whole, ...limited })).toMatchObject({ retCode: 10001 });
      const large = { ...part, slSize: '0.031', stopLoss: '59000' } as const;
      expect(await rest.setTradingStop(large)).toMatchObject({ retCode: 110058 });
      for (let count = 0; count < 20; count += 1) await addPart(rest, { slSize: '0.001', stopLoss: '59000' });
      const more = { ...part, slSize: '0.001', stopLoss: '59000' } as const;
      expect(await rest.setTradingStop(more)).toMatchObject({ retCode: 110061 });
    },
  },
  {
    number: 172,
    client: 'wire',
    capability: 'stops of parts',
    title:
      'an order with stops for parts gives each the quantity it filled, and names itself as their parent',
    play: async ({ rest, send, move }) => {
      const stops = { takeProfit: '62000', stopLoss: '58000', tpslMode: 'Partial' };
      move(60_000, { top: 0.01 });
      const order = { ...limit, price: '60000.1', qty: '0.03', orderLinkId: 'card-172', ...stops };
      expect(await send('POST', '/v5/order/create', order)).toMatchObject({ retCode: 0 });
      expect(await partQuantities(rest)).toEqual(['0.010', '0.010']);
      move(60_000, { top: 100 });
      expect(await partQuantities(rest)).toEqual(['0.030', '0.030']);
      const { result } = await send('GET', '/v5/order/realtime', { category, symbol });
      expect(result.list?.map((row) => row['parentOrderLinkId'])).toEqual(['card-172', 'card-172']);
    },
  },
  {
    number: 173,
    client: 'ccxt',
    capability: 'stops of parts',
    title: 'a stop with a limit price rests for a part',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      const stopLoss = { triggerPrice: 58_000, price: 57_900, type: 'limit' };
      await client.createOrder(BTC, 'limit', 'buy', 0.01, 60_100, { stopLoss });
      expect(await openOrders(rest)).toMatchObject([
        { stopOrderType: 'PartialStopLoss', orderType: 'Limit', price: '57900.0', triggerPrice: '58000.0' },
      ]);
    },
  },
  {
    number: 174,
    client: 'bybit-api',
    capability: 'trailing stops',
    title: 'a trailing stop follows the best price at its distance and never goes back',
    play: async ({ rest, move }) => {
      await place(rest, market);
      expect(await rest.setTradingStop({ ...whole, trailingStop: '500' })).toMatchObject({ retCode: 0 });
      expect(await openOrders(rest)).toMatchObject([
        { stopOrderType: 'TrailingStop', triggerPrice: '59500.0', orderStatus: 'Untriggered' },
      ]);
      move(61_000);
      move(60_700);
      expect(await openOrders(rest)).toMatchObject([{ triggerPrice: '60500.0' }]);
      const { list } = (await rest.getPositionInfo({ category, symbol })).result;
      expect(list[0]?.trailingStop).toBe('500.0');
      move(60_500);
      expect(await sizeOf(rest)).toBe('0.000');
      const executions = await rest.getExecutionList({ category, symbol });
      expect(executions.result.list[0]).toMatchObject({ createType: 'CreateByTrailingStop' });
    },
  },
  {
    number: 175,
    client: 'bybit-api',
    capability: 'trailing stops',
    title: 'one with an active price waits for it',
    play: async ({ rest, move }) => {
      await place(rest, market);
      const trail = { ...whole, trailingStop: '500', activePrice: '61000' } as const;
      expect(await rest.setTradingStop(trail)).toMatchObject({ retCode: 0 });
      expect(await rest.setTradingStop(trail)).toMatchObject({ retCode: 34040 });
      move(59_000);
      expect(await sizeOf(rest)).toBe('0.010');
      move(61_200);
      expect(await openOrders(rest)).toMatchObject([{ triggerPrice: '60700.0' }]);
      move(60_600);
      expect(await sizeOf(rest)).toBe('0.000');
    },
  },
  {
    number: 176,
    client: 'bybit-api',
    capability: 'trailing stops',
    title: 'an active price the position has to lose for is refused with 10001',
    play: async ({ rest }) => {
      await place(rest, market);
      const trail = { ...whole, trailingStop: '500', activePrice: '59000' } as const;
      expect(await rest.setTradingStop(trail)).toMatchObject({ retCode: 10001 });
    },
  },
  {
    number: 177,
    client: 'ccxt',
    capability: 'trailing stops',
    title: 'a trailing order sets the distance of the position',
    play: async ({ ccxt, rest }) => {
      const client = await ccxt();
      await client.createOrder(BTC, 'market', 'buy', 0.01);
      await client.createOrder(BTC, 'market', 'sell', 0.01, undefined, {
        trailingAmount: 400,
        reduceOnly: true,
      });
      const { list } = (await rest.getPositionInfo({ category, symbol })).result;
      expect(list[0]?.trailingStop).toBe('400.0');
    },
  },
];

async function addPart(
  rest: RestClientV5,
  stops: Omit<SetTradingStopParamsV5, 'category' | 'symbol' | 'tpslMode' | 'positionIdx'>,
): Promise<void> {
  expect(await rest.setTradingStop({ ...part, ...stops })).toMatchObject({ retCode: 0 });
}

async function partQuantities(rest: RestClientV5): Promise<readonly string[]> {
  return (await openOrders(rest))
    .filter((each) => each.stopOrderType.startsWith('Partial'))
    .map((each) => each.qty);
}
