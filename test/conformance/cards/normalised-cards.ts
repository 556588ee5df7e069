import {
  normalizeBookTickers,
  normalizeDerivativeTickers,
  normalizeLiquidations,
  normalizeTrades,
} from 'tardis-dev';
import { expect } from 'vitest';
import { instrumentId } from '../../fixture/scripted-market.ts';
import type { Card } from './card.ts';
import { withReader } from './normalised-reader.ts';
import { market, place } from './order-words.ts';
import { category, symbol } from './stage.ts';

const client = 'tardis-dev';
const btcId = instrumentId(symbol);
const ofTrades = { normalisers: [normalizeTrades] };
const ofTickers = { normalisers: [normalizeDerivativeTickers] };
const ofLiquidations = { normalisers: [normalizeLiquidations] };

/** What another program's normalisers make of trades, tickers and liquidations. */
export const normalisedCards: readonly Card[] = [
  {
    number: 701,
    client,
    capability: 'public streams',
    title: "an account's trade is normalised with price, amount, taker's side and time",
    play: async ({ rest, running }) => {
      await withReader(running, ofTrades, async (reader) => {
        const beforeMs = Date.now();
        await place(rest, { ...market, side: 'Sell', qty: '0.123' });
        const trade = await reader.until(({ amount }) => amount === 0.123);
        expect(trade).toMatchObject({ symbol, exchange: 'bybit', price: 60_000, side: 'sell' });
        expect(trade.timestamp.getTime()).toBeGreaterThanOrEqual(beforeMs);
        expect(trade.timestamp.getTime()).toBeLessThanOrEqual(trade.localTimestamp.getTime());
      });
    },
  },
  {
    number: 702,
    client,
    capability: 'public streams',
    title: 'every move of the price is a trade there, each with an id of its own',
    play: async ({ move, running }) => {
      await withReader(running, ofTrades, async (reader) => {
        for (const price of [60_100, 60_050, 60_200]) move(price);
        await reader.until(({ price }) => price === 60_200);
        expect(reader.heard.map(({ price, side }) => [price, side])).toEqual([
          [60_100, 'buy'],
          [60_050, 'sell'],
          [60_200, 'buy'],
        ]);
        expect(new Set(reader.heard.map(({ id }) => id)).size).toBe(3);
        for (const { amount } of reader.heard) expect(amount).toBeGreaterThan(0);
      });
    },
  },
  {
    number: 703,
    client,
    capability: 'public streams',
    title: 'who follows the trades of one contract hears none of another',
    play: async ({ move, rest, running }) => {
      await withReader(running, { ...ofTrades, symbols: ['ETHUSDT'] }, async (reader) => {
        move(60_100);
        await place(rest, { ...market, symbol: 'ETHUSDT', qty: '0.1' });
        await reader.until(() => true);
        expect(reader.heard).toMatchObject([{ symbol: 'ETHUSDT', amount: 0.1, side: 'buy' }]);
      });
    },
  },
  {
    number: 704,
    client,
    capability: 'public streams',
    title: 'the book of one level is a quote that follows the market',
    play: async ({ move, running }) => {
      await withReader(running, { normalisers: [normalizeBookTickers] }, async (reader) => {
        expect(await reader.until(() => true)).toMatchObject({ bidPrice: 60_000, askPrice: 60_000.1 });
        move(59_900, { top: 4 });
        expect(await reader.until(({ bidPrice }) => bidPrice === 59_900)).toMatchObject({
          symbol,
          askPrice: 59_900.1,
          bidAmount: 4,
          askAmount: 4,
        });
      });
    },
  },
  {
    number: 705,
    client,
    capability: 'public streams',
    title: 'a ticker begins whole: last, mark and index price, open interest, funding rate and its time',
    play: async ({ rest, running, move }) => {
      await place(rest, { ...market, qty: '0.5' });
      move(60_100, { mark: 60_050 });
      const nextFundingMs = Date.now() + 3_600_000;
      running.market.setFunding(btcId, -0.00025, nextFundingMs);
      await withReader(running, ofTickers, async (reader) => {
        expect(await reader.until(() => true)).toMatchObject({
          symbol,
          lastPrice: 60_100,
          markPrice: 60_050,
          indexPrice: 60_100,
          openInterest: 0.5,
          fundingRate: -0.00025,
          fundingTimestamp: new Date(nextFundingMs),
        });
      });
    },
  },
  {
    number: 706,
    client,
    capability: 'public streams',
    title: 'what a change of the ticker leaves out stays as it was',
    play: async ({ running, move }) => {
      await withReader(running, ofTickers, async (reader) => {
        const first = await reader.until(() => true);
        move(60_000, { mark: 60_040 });
        const { fundingRate, fundingTimestamp, indexPrice, lastPrice } = first;
        expect(fundingRate).toBe(0.0001);
        expect(await reader.until(({ markPrice }) => markPrice === 60_040)).toMatchObject({
          fundingRate,
          fundingTimestamp,
          indexPrice,
          lastPrice,
        });
      });
    },
  },
  {
    number: 707,
    client,
    capability: 'public streams',
    title: 'open interest follows the positions though the price stands still',
    play: async ({ rest, running }) => {
      await withReader(running, ofTickers, async (reader) => {
        expect(await reader.until(() => true)).toMatchObject({ openInterest: 0 });
        await place(rest, { ...market, qty: '0.5' });
        await reader.until(({ openInterest }) => openInterest === 0.5);
        await place(rest, { ...market, side: 'Sell', qty: '0.2', reduceOnly: true });
        await reader.until(({ openInterest }) => openInterest === 0.3);
      });
    },
  },
  {
    number: 708,
    client,
    capability: 'public streams',
    title: 'a ticker by stream is the ticker by REST',
    play: async ({ rest, running, move }) => {
      await withReader(running, ofTickers, async (reader) => {
        for (const price of [60_300, 59_700, 60_150]) move(price, { mark: price - 20 });
        const told = await reader.until(({ markPrice }) => markPrice === 60_130);
        const [asked] = (await rest.getTickers({ category, symbol })).result.list;
        expect(asked).toMatchObject({ lastPrice: '60150.0', markPrice: '60130.0' });
        expect(told).toMatchObject({
          lastPrice: Number(asked?.lastPrice),
          indexPrice: Number(asked?.indexPrice),
          openInterest: Number(asked?.openInterest),
          fundingRate: Number(asked?.fundingRate),
          fundingTimestamp: new Date(Number(asked?.nextFundingTime)),
        });
      });
    },
  },
  {
    number: 711,
    client,
    capability: 'public streams',
    title: 'a new funding rate and its time are told',
    play: async ({ running, move }) => {
      await withReader(running, ofTickers, async (reader) => {
        await reader.until(() => true);
        const fundingTimestamp = new Date(Date.now() + 7_200_000);
        running.market.setFunding(btcId, -0.0003, fundingTimestamp.getTime());
        move(60_010);
        expect(await reader.until(({ fundingRate }) => fundingRate === -0.0003)).toMatchObject({
          fundingTimestamp,
        });
      });
    },
  },
  {
    number: 712,
    client,
    capability: 'public streams',
    title: 'a quote shrinks by what an order takes, and moves on when it takes all',
    play: async ({ rest, running, move }) => {
      move(60_000, { top: 0.5 });
      await withReader(running, { normalisers: [normalizeBookTickers] }, async (reader) => {
        expect(await reader.until(() => true)).toMatchObject({ askPrice: 60_000.1, askAmount: 0.5 });
        await place(rest, { ...market, qty: '0.2' });
        expect(await reader.until(({ askAmount }) => askAmount === 0.3)).toMatchObject({
          askPrice: 60_000.1,
          bidAmount: 0.5,
        });
        await place(rest, { ...market, qty: '0.3' });
        const next = await reader.until(({ askPrice }) => askPrice !== 60_000.1);
        expect(next).toMatchObject({ askPrice: 60_006.1, askAmount: 1, bidPrice: 60_000 });
      });
    },
  },
  ...liquidations(),
];

/** A long position that is liquidated is sold, a short one is bought. */
function liquidations(): readonly Card[] {
  return (['long', 'short'] as const).map((direction, index) => ({
    number: 709 + index,
    client,
    capability: 'liquidation',
    title: `a ${direction} position that is liquidated is told with its side, amount and bankruptcy price`,
    play: async ({ rest, running, move }) => {
      const side = direction === 'long' ? 'Buy' : 'Sell';
      await rest.setLeverage({ category, symbol, buyLeverage: '100', sellLeverage: '100' });
      await place(rest, { ...market, side, qty: '1' });
      await withReader(running, ofLiquidations, async (reader) => {
        move(direction === 'long' ? 49_000 : 71_000);
        const told = await reader.until(() => true);
        expect(told).toMatchObject({ symbol, amount: 1, side: direction === 'long' ? 'sell' : 'buy' });
        const fills = await rest.getExecutionList({ category, symbol, execType: 'BustTrade' });
        expect(told.price).toBe(Number(fills.result.list[0]?.execPrice));
      });
    },
  }));
}
