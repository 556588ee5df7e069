import { z } from 'zod';
import type { TradingFloor } from '../../trading-floor.ts';
import { categoryInput, findInstrument, textInput, wholeNumber } from './input.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY, priceText, quantityText, SIDES } from './words.ts';

/** How far back trades are listed. */
const REACH_MS = 20 * 60_000;

const tradesInput = z.object({
  category: categoryInput,
  symbol: textInput,
  limit: wholeNumber({ min: 1, max: 1000, usual: 500 }),
});

/** What was traded last, newest first: the trades the `publicTrade` topic tells. */
export const recentTradeRoute: PublicRoute = {
  method: 'GET',
  path: '/v5/market/recent-trade',
  access: 'public',
  answer: parsed(tradesInput, (input, { floor }) => recentTrades(floor, input)),
};

function recentTrades(floor: TradingFloor, input: z.output<typeof tradesInput>): Reply {
  const { category, symbol, limit } = input;
  const instrument = findInstrument(floor, symbol);
  if (category !== CATEGORY || instrument === null) return parameterError('Not supported symbols');
  const trades = floor.publicTrades.since(instrument, { sequence: 0, fromMs: floor.nowMs() - REACH_MS });
  return result({
    category,
    list: trades
      .slice(-limit)
      .toReversed()
      .map((trade) => ({
        execId: trade.id,
        symbol,
        price: priceText(trade.price, instrument),
        size: quantityText(trade.quantity, instrument),
        side: SIDES[trade.side],
        time: String(trade.timeMs),
        isBlockTrade: false,
        isRPITrade: false,
        seq: String(trade.sequence),
      })),
  });
}
