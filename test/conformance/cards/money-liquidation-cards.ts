import { RestClientV5 } from 'bybit-api';
import { expect } from 'vitest';
import { API_KEY, API_SECRET } from '../venue-fixture.ts';
import type { Card } from './card.ts';
import { cause, heldPosition, TIERED, trade, wallet } from './money-words.ts';
import { category, nextUpdate, type Stage, subscribed, symbol } from './stage.ts';

const OTHER = { apiKey: 'otherkey', apiSecret: 'othersecret', uid: '1002', walletUsdt: 100_000 };
const TWO_ACCOUNTS = [{ apiKey: API_KEY, apiSecret: API_SECRET, uid: '1001', walletUsdt: 10_000 }, OTHER];

const fills = async (stage: Stage) =>
  (await stage.send('GET', '/v5/execution/list', { category, symbol })).result.list ?? [];
const ended = async (stage: Stage) =>
  (await stage.send('GET', '/v5/order/history', { category, symbol })).result.list ?? [];

/** What happens when the money is gone. */
export const moneyLiquidationCards: readonly Card[] = [
  {
    number: 240,
    client: 'wire',
    capability: 'liquidation',
    title: 'a position in the lowest tier is taken over at its bankruptcy price',
    play: async (stage) => {
      await trade(stage, 1.5);
      stage.move(53_000, { top: 100 });
      const [fill] = await fills(stage);
      expect(fill).toMatchObject({
        execType: 'BustTrade',
        createType: 'CreateByTakeOver_PassThrough',
        side: 'Sell',
      });
      expect(Number((await wallet(stage))['totalEquity'])).toBeLessThan(1);
      expect(await heldPosition(stage)).toMatchObject({ size: '0.000', side: '' });
    },
  },
  {
    number: 241,
    client: 'wire',
    capability: 'liquidation',
    title: 'a large position is first brought down a tier by the book',
    stage: { instruments: TIERED },
    play: async (stage) => {
      await trade(stage, 1);
      // 10,000 less 8,200.1 and the fee: under 5 % of 51,800 less 800.
      stage.move(51_800, { top: 100 });
      const [fill] = await fills(stage);
      expect(fill).toMatchObject({ execType: 'Trade', createType: 'CreateByLiq', side: 'Sell' });
      expect(Number((await heldPosition(stage))['positionValue'])).toBeLessThan(25_000);
      expect(await heldPosition(stage)).toMatchObject({ riskId: 1 });
    },
  },
  {
    number: 242,
    client: 'wire',
    capability: 'liquidation',
    title: 'resting orders are cancelled before, conditional ones with the position',
    play: async (stage) => {
      const rest = { category, symbol, side: 'Buy', qty: '0.01' } as const;
      await trade(stage, 1.5);
      await stage.rest.submitOrder({ ...rest, orderType: 'Limit', price: '40000', orderLinkId: 'resting' });
      await stage.rest.submitOrder({
        ...rest,
        orderType: 'Market',
        triggerPrice: '70000',
        triggerDirection: 1,
        orderLinkId: 'waiting',
      });
      stage.move(53_000, { top: 100 });
      const orders = new Map((await ended(stage)).map((row) => [row['orderLinkId'], row]));
      expect(orders.get('waiting')).toMatchObject({
        orderStatus: 'Deactivated',
        cancelType: 'CancelAllBeforeLiq',
      });
    },
  },
  {
    number: 243,
    client: 'wire',
    capability: 'liquidation',
    title: 'an order in the book is cancelled to free its margin',
    stage: { instruments: TIERED },
    play: async (stage) => {
      await trade(stage, 1);
      const order = {
        category,
        symbol,
        side: 'Sell',
        orderType: 'Limit',
        qty: '0.1',
        price: '62000',
      } as const;
      await stage.rest.submitOrder({ ...order, orderLinkId: 'resting' });
      stage.move(51_800, { top: 100 });
      const row = (await ended(stage)).find((each) => each['orderLinkId'] === 'resting');
      expect(row).toMatchObject({ orderStatus: 'Cancelled', cancelType: 'CancelByPrepareLiq' });
    },
  },
  {
    number: 244,
    client: 'wire',
    capability: 'liquidation',
    title: 'the mark price liquidates, the last price does not',
    play: async (stage) => {
      await trade(stage, 1.5);
      stage.move(53_000, { mark: 60_000 });
      expect(await heldPosition(stage)).toMatchObject({ size: '1.500' });
      stage.move(60_000, { mark: 53_000 });
      expect(await heldPosition(stage)).toMatchObject({ size: '0.000' });
    },
  },
  {
    number: 245,
    client: 'bybit-api streams',
    capability: 'liquidation',
    title: 'a liquidation is pushed as order, execution, position and wallet',
    play: async (stage) => {
      await trade(stage, 1.5);
      const stream = stage.stream('/v5/private');
      await subscribed(stream, ['execution', 'position', 'wallet']);
      const told = nextUpdate(stream, ({ topic }) => topic === 'execution');
      const left = nextUpdate(stream, ({ topic }) => topic === 'wallet');
      stage.move(53_000, { top: 100 });
      expect((await told).data[0]).toMatchObject({ execType: 'BustTrade', symbol });
      expect(Number((await left).data[0]?.['totalEquity'])).toBeLessThan(1);
    },
  },
  {
    number: 246,
    client: 'wire',
    capability: 'liquidation',
    title: 'an isolated position goes alone',
    play: async (stage) => {
      await stage.rest.setMarginMode('ISOLATED_MARGIN');
      await trade(stage, 0.1);
      stage.move(54_000, { top: 100 });
      expect(await heldPosition(stage)).toMatchObject({ size: '0.000' });
      expect(Number((await wallet(stage))['totalEquity'])).toBeGreaterThan(9390);
    },
  },
  {
    number: 247,
    client: 'wire',
    capability: 'liquidation',
    title: 'the liquidation price is where the position ends',
    play: async (stage) => {
      await trade(stage, 1.5);
      const price = Number((await heldPosition(stage))['liqPrice']);
      stage.move(Math.ceil(price) + 1, { top: 100 });
      expect(await heldPosition(stage)).toMatchObject({ size: '1.500' });
      stage.move(Math.floor(price) - 1, { top: 100 });
      expect(await heldPosition(stage)).toMatchObject({ size: '0.000' });
    },
  },
  {
    number: 248,
    client: 'wire',
    capability: 'liquidation',
    title: 'a liquidation is logged as such',
    play: async (stage) => {
      await trade(stage, 1.5);
      stage.move(53_000, { top: 100 });
      const log = await stage.send('GET', '/v5/account/transaction-log', { type: 'LIQUIDATION' });
      expect(log.result.list).toHaveLength(1);
    },
  },
  {
    number: 249,
    client: 'bybit-api',
    capability: 'deleveraging',
    title: 'a winner is closed against a bankrupt position that the fund cannot pay for',
    stage: { accounts: TWO_ACCOUNTS },
    play: async (stage) => {
      cause(stage, { name: 'insurance-short', left: 0 });
      const other = new RestClientV5({
        key: OTHER.apiKey,
        secret: OTHER.apiSecret,
        baseUrl: stage.running.http,
      });
      await other.submitOrder({ category, symbol, side: 'Sell', orderType: 'Market', qty: '2' });
      await trade(stage, 1.5);
      stage.move(45_000, { top: 100 });
      const [fill] = (await other.getExecutionList({ category, symbol })).result.list;
      expect(fill).toMatchObject({ execType: 'AdlTrade', side: 'Buy', execQty: '1.500', execFee: '0' });
      expect((await other.getPositionInfo({ category, symbol })).result.list[0]).toMatchObject({
        size: '0.500',
      });
    },
  },
  {
    number: 250,
    client: 'wire',
    capability: 'deleveraging',
    title: 'positions are closed by the exchange when it says so',
    play: async (stage) => {
      await trade(stage, 1);
      cause(stage, { name: 'deleveraging', symbol, share: 0.4 });
      const [fill] = await fills(stage);
      expect(fill).toMatchObject({
        execType: 'AdlTrade',
        createType: 'CreateByAdl_PassThrough',
        execQty: '0.400',
      });
      const log = await stage.send('GET', '/v5/account/transaction-log', { type: 'ADL' });
      expect(log.result.list).toHaveLength(1);
    },
  },
  {
    number: 251,
    client: 'wire',
    capability: 'deleveraging',
    title: 'the place in the queue is shown with the position',
    stage: { accounts: TWO_ACCOUNTS },
    play: async (stage) => {
      expect(await heldPosition(stage)).toMatchObject({ adlRankIndicator: 0 });
      await trade(stage, 0.1);
      expect(await heldPosition(stage)).toMatchObject({ adlRankIndicator: 1 });
    },
  },
  {
    number: 252,
    client: 'bybit-api',
    capability: 'insurance fund',
    title: 'the fund is shown, and gains what a take-over leaves',
    play: async (stage) => {
      const before = await stage.rest.getInsurance({ coin: 'USDT' });
      expect(before.result.list).toMatchObject([{ coin: 'USDT', balance: '1000000' }]);
      await trade(stage, 1.5);
      stage.move(53_550, { top: 100 });
      const after = await stage.rest.getInsurance({ coin: 'USDT' });
      expect(Number(after.result.list[0]?.balance)).toBeGreaterThan(1_000_000);
    },
  },
];
