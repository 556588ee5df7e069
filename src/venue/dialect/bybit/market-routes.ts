import { z } from 'zod';
import type { Instrument } from '../../../core/domain/instrument.ts';
import type { BookLevel } from '../../../core/matching/book.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { deliveryRoute } from './delivery-route.ts';
import { fundingRoute } from './funding-route.ts';
import { categoryInput, findInstrument, textInput, wholeNumber } from './input.ts';
import { klineRoutes } from './kline-routes.ts';
import { instrumentRow, REST_TICKER_FIELDS } from './market-row.ts';
import { openInterestRoute } from './open-interest-route.ts';
import { page } from './page.ts';
import { recentTradeRoute } from './recent-trade-route.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { tickerOf } from './ticker.ts';
import { baseCoin, CATEGORY, INSTRUMENT_STATUSES, priceText, quantityText } from './words.ts';

const instrumentsInput = z.object({
  category: categoryInput,
  symbol: textInput,
  status: textInput,
  baseCoin: textInput,
  limit: wholeNumber({ min: 1, max: 1000, usual: 500 }),
  cursor: textInput,
});

const tickersInput = z.object({ category: categoryInput, symbol: textInput, baseCoin: textInput });

const bookInput = z.object({
  category: categoryInput,
  symbol: z.string(),
  limit: wholeNumber({ min: 1, max: 1000, usual: 25 }),
});

const fullBookInput = bookInput.omit({ limit: true });

/** The endpoints of market data: no key needed. */
export const marketRoutes: readonly PublicRoute[] = [
  { method: 'GET', path: '/v5/market/time', access: 'public', answer: ({ floor }) => serverTime(floor) },
  {
    method: 'GET',
    path: '/v5/market/instruments-info',
    access: 'public',
    answer: parsed(instrumentsInput, (input, { floor }) => instruments(floor, input)),
  },
  {
    method: 'GET',
    path: '/v5/market/tickers',
    access: 'public',
    answer: parsed(tickersInput, (input, { floor }) => tickers(floor, input)),
  },
  {
    method: 'GET',
    path: '/v5/market/orderbook',
    access: 'public',
    answer: parsed(bookInput, (input, { floor }) => orderBook(floor, input)),
  },
  {
    method: 'GET',
    path: '/v5/market/full_orderbook',
    access: 'public',
    answer: parsed(fullBookInput, (input, { floor }) =>
      orderBook(floor, { ...input, limit: Number.POSITIVE_INFINITY }),
    ),
  },
  ...klineRoutes,
  fundingRoute,
  deliveryRoute,
  recentTradeRoute,
  openInterestRoute,
];

function serverTime(floor: TradingFloor): Reply {
  const nowMs = Math.floor(floor.nowMs());
  return result({ timeSecond: String(Math.floor(nowMs / 1000)), timeNano: `${nowMs}000000` });
}

/** Without a status only instruments that trade are listed, unless one is asked for by name. */
function instruments(floor: TradingFloor, input: z.output<typeof instrumentsInput>): Reply {
  const listed = input.category === CATEGORY ? [...floor.instruments().values()] : [];
  const status = input.status === '' ? 'Trading' : input.status;
  const wanted = listed.filter((each) => {
    if (input.symbol !== '') return each.exchangeSymbol === input.symbol;
    const isCoin = input.baseCoin === '' || baseCoin(each) === input.baseCoin;
    return isCoin && INSTRUMENT_STATUSES[each.status] === status;
  });
  const { rows, nextPageCursor } = page(wanted, input, (each) => each.exchangeSymbol);
  return result({ category: input.category, list: rows.map(instrumentRow), nextPageCursor });
}

function tickers(floor: TradingFloor, input: z.output<typeof tickersInput>): Reply {
  const listed = input.category === CATEGORY ? [...floor.instruments().values()] : [];
  const wanted = input.symbol === '' ? listed : listed.filter((each) => each.exchangeSymbol === input.symbol);
  if (input.category === CATEGORY && input.symbol !== '' && wanted.length === 0) return unknownSymbol();
  const list = wanted.map((each) => tickerOf(floor, each)).filter((row) => row !== null);
  return result({
    category: input.category,
    list: list.map((row) => ({ ...REST_TICKER_FIELDS, ...row })),
  });
}

function orderBook(floor: TradingFloor, input: z.output<typeof bookInput>): Reply {
  const instrument = findInstrument(floor, input.symbol);
  const book = instrument === null ? null : floor.book(instrument.id);
  if (input.category !== CATEGORY || instrument === null || book === null) return unknownSymbol();
  const side = (taker: 'buy' | 'sell'): readonly (readonly string[])[] =>
    book.levelsFor(taker, input.limit).map((level) => levelRow(level, instrument));
  return result({
    s: instrument.exchangeSymbol,
    a: side('buy'),
    b: side('sell'),
    ts: floor.nowMs(),
    u: floor.resting.sequenceOf(book),
    seq: floor.resting.sequenceOf(book),
    cts: book.timeMs,
  });
}

function levelRow(level: BookLevel, instrument: Instrument): readonly string[] {
  return [priceText(level.price, instrument), quantityText(level.quantity, instrument)];
}

function unknownSymbol(): Reply {
  return parameterError('Not supported symbols');
}
