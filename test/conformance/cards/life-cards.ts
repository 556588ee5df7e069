import { expect } from 'vitest';
import { instrument, instrumentId } from '../../fixture/scripted-market.ts';
import type { Card } from './card.ts';
import { cause, heldPosition, trade } from './money-words.ts';
import { BTC, category, type Stage, symbol } from './stage.ts';

const order = { category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01' } as const;
const listed = async (stage: Stage, query: object) =>
  (await stage.send('GET', '/v5/market/instruments-info', { category, ...query })).result.list ?? [];

/** The life of instruments: launch, changes, delisting. */
export const lifeCards: readonly Card[] = [
  {
    number: 340,
    client: 'wire',
    capability: 'instrument life',
    title: 'an instrument before its launch is listed when asked for, and not traded',
    play: async (stage) => {
      cause(stage, { name: 'instrument-status', symbol, status: 'pre-launch' });
      stage.running.venue.advance();
      expect(await listed(stage, {})).toMatchObject([{ symbol: 'ETHUSDT' }]);
      expect(await listed(stage, { status: 'PreLaunch' })).toMatchObject([
        {
          symbol,
          status: 'PreLaunch',
          isPreListing: true,
          preListingInfo: { curAuctionPhase: 'NotStarted' },
        },
      ]);
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 110074 });
    },
  },
  {
    number: 341,
    client: 'wire',
    capability: 'instrument life',
    title: 'an announced delisting shows its time, and near it positions may only be reduced',
    play: async (stage) => {
      await trade(stage, 0.1);
      cause(stage, { name: 'delisting', symbol, in: '10m' });
      stage.running.venue.advance();
      const [row] = await listed(stage, { symbol });
      expect(Number(row?.['deliveryTime']) - Date.now()).toBeGreaterThan(500_000);
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 110042 });
      await trade(stage, -0.05, true);
      expect(await heldPosition(stage)).toMatchObject({ size: '0.050' });
    },
  },
  {
    number: 342,
    client: 'wire',
    capability: 'instrument life',
    title: 'a delisting far ahead changes nothing yet',
    play: async (stage) => {
      cause(stage, { name: 'delisting', symbol, in: '5h' });
      stage.running.venue.advance();
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 0 });
    },
  },
  {
    number: 343,
    client: 'wire',
    capability: 'instrument life',
    title: 'at delivery positions are settled, orders end, and nothing more is taken',
    play: async (stage) => {
      await trade(stage, 0.1);
      const rest = { ...order, orderType: 'Limit', price: '59000', orderLinkId: 'rest' } as const;
      await stage.rest.submitOrder(rest);
      cause(stage, { name: 'instrument-status', symbol, status: 'delivering' });
      stage.running.venue.advance();
      expect(await heldPosition(stage)).toMatchObject({ size: '0.000' });
      const fills = await stage.send('GET', '/v5/execution/list', { category, symbol });
      expect(fills.result.list?.[0]).toMatchObject({ execType: 'Delivery', execFee: '0' });
      const ended = await stage.send('GET', '/v5/order/realtime', { category, symbol, orderLinkId: 'rest' });
      expect(ended.result.list?.[0]).toMatchObject({
        orderStatus: 'Cancelled',
        cancelType: 'CancelBySettle',
      });
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 110063 });
      const log = await stage.send('GET', '/v5/account/transaction-log', { type: 'DELIVERY' });
      expect(log.result.list).toHaveLength(1);
    },
  },
  {
    number: 344,
    client: 'wire',
    capability: 'instrument life',
    title: 'a closed instrument is listed as such and not traded',
    play: async (stage) => {
      cause(stage, { name: 'instrument-status', symbol, status: 'closed' });
      stage.running.venue.advance();
      expect(await listed(stage, { status: 'Closed' })).toMatchObject([{ symbol, status: 'Closed' }]);
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 110074 });
    },
  },
  {
    number: 345,
    client: 'wire',
    capability: 'instrument life',
    title: 'a vanished instrument is unknown, what was traded in it stays in the books',
    play: async (stage) => {
      await trade(stage, 0.1);
      cause(stage, { name: 'instrument-gone', symbol });
      stage.running.venue.advance();
      expect(await listed(stage, {})).toMatchObject([{ symbol: 'ETHUSDT' }]);
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 10001 });
      const fills = await stage.send('GET', '/v5/execution/list', { category, settleCoin: 'USDT' });
      expect(fills.result.list).toHaveLength(2);
      expect(fills.result.list?.[0]).toMatchObject({ symbol, execType: 'Delivery' });
    },
  },
  {
    number: 346,
    client: 'bybit-api',
    capability: 'instrument life',
    title: 'step, tick and limits change while it runs; the old ones are refused',
    play: async (stage) => {
      expect(await stage.rest.submitOrder({ ...order, qty: '0.015' })).toMatchObject({ retCode: 0 });
      cause(stage, { name: 'rules-changed', symbol, step: 10, tick: 5, leverage: 20 });
      stage.running.venue.advance();
      expect(await listed(stage, { symbol })).toMatchObject([
        {
          lotSizeFilter: { qtyStep: '0.01' },
          priceFilter: { tickSize: '0.5' },
          leverageFilter: { maxLeverage: '20.00' },
        },
      ]);
      expect(await stage.rest.submitOrder({ ...order, qty: '0.015' })).toMatchObject({ retCode: 10001 });
      expect(await stage.rest.submitOrder({ ...order, qty: '0.02' })).toMatchObject({ retCode: 0 });
    },
  },
  {
    number: 347,
    client: 'wire',
    capability: 'instrument life',
    title: 'a renamed instrument takes its position along under the new spelling',
    play: async (stage) => {
      await trade(stage, 0.1);
      cause(stage, { name: 'instrument-renamed', symbol, to: 'XBTUSDT' });
      stage.running.venue.advance();
      const read = await stage.send('GET', '/v5/position/list', { category, settleCoin: 'USDT' });
      expect(read.result.list).toMatchObject([{ symbol: 'XBTUSDT', size: '0.100' }]);
      expect(await stage.rest.submitOrder(order)).toMatchObject({ retCode: 10001 });
      expect(await stage.rest.submitOrder({ ...order, symbol: 'XBTUSDT' })).toMatchObject({ retCode: 0 });
    },
  },
  {
    number: 348,
    client: 'ccxt',
    capability: 'instrument life',
    title: 'spellings with a multiplier before and behind the coin are markets of their own names',
    stage: { instruments: [instrument('SHIB1000USDT'), instrument('1000PEPEUSDT')] },
    play: async (stage) => {
      const client = await stage.ccxt();
      expect(Object.keys(client.markets ?? {}).sort()).toEqual(['1000PEPE/USDT:USDT', 'SHIB1000/USDT:USDT']);
      expect(client.markets?.[BTC]).toBeUndefined();
    },
  },
  {
    number: 349,
    client: 'bybit-api',
    capability: 'funding',
    title: 'each instrument shows its own funding interval and the time of the next',
    stage: {
      instruments: [
        { ...instrument(symbol), fundingIntervalMs: 3_600_000 },
        { ...instrument('ETHUSDT'), fundingIntervalMs: 4 * 3_600_000 },
      ],
    },
    play: async (stage) => {
      expect(await listed(stage, {})).toMatchObject([
        { symbol, fundingInterval: 60 },
        { symbol: 'ETHUSDT', fundingInterval: 240 },
      ]);
      const [ticker] = (await stage.rest.getTickers({ category, symbol })).result.list;
      expect(ticker).toMatchObject({ fundingIntervalHour: '1' });
      expect(Number(ticker?.nextFundingTime)).toBeGreaterThan(Date.now());
      expect(stage.running.market.quote(instrumentId(symbol))?.fundingRate).toBe(Number(ticker?.fundingRate));
    },
  },
  {
    number: 532,
    client: 'bybit-api',
    capability: 'instrument life',
    title: 'after its delivery time a contract settles as Delivering, then is Closed, each with its refusal',
    play: async (stage) => {
      const { rest } = stage;
      const status = async () => (await rest.getInstrumentsInfo({ category, symbol })).result.list[0]?.status;
      cause(stage, { name: 'delisting', symbol, in: '1s', settles: '2s' });
      await expect.poll(status, { timeout: 5000 }).toBe('Delivering');
      expect(await rest.submitOrder(order)).toMatchObject({ retCode: 110063 });
      await expect.poll(status, { timeout: 5000 }).toBe('Closed');
      expect(await rest.submitOrder(order)).toMatchObject({ retCode: 110074 });
      const { result } = await rest.getDeliveryPrice({ category, symbol });
      expect(result.list).toMatchObject([{ symbol }]);
    },
  },
];
