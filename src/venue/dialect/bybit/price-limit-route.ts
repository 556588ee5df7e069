import { z } from 'zod';
import { priceLimits } from '../../../core/matching/order-rules.ts';
import { categoryInput, findInstrument, textInput } from './input.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicCall, type PublicRoute, parsed } from './route.ts';
import { priceText } from './words.ts';

const priceLimitInput = z.object({ category: categoryInput.optional(), symbol: textInput });

/** The price band orders of a contract must lie in. */
export const priceLimitRoute: PublicRoute = {
  method: 'GET',
  path: '/v5/market/price-limit',
  access: 'public',
  answer: parsed(priceLimitInput, ({ symbol }, call: PublicCall) => priceLimit(symbol, call)),
};

function priceLimit(symbol: string, call: PublicCall): Reply {
  const instrument = findInstrument(call.floor, symbol);
  const book = instrument === null ? null : call.floor.book(instrument.id);
  if (instrument === null || book === null) return parameterError(`symbol invalid ${symbol}`);
  const { buyMax, sellMin } = priceLimits(book);
  return result({
    symbol,
    buyLmt: priceText(buyMax, instrument),
    sellLmt: priceText(sellMin, instrument),
    ts: String(call.floor.nowMs()),
  });
}
