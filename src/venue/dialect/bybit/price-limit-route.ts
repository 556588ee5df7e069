import { z } from 'zod';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { priceLimits } from '../../../core/matching/order-rules.ts';
import type { TradingFloor } from '../../trading-floor.ts';
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
  const row = instrument === null ? null : priceLimitRow(call.floor, instrument);
  if (row === null) return parameterError(`symbol invalid ${symbol}`);
  return result({ ...row, ts: String(call.floor.nowMs()) });
}

/** The band of a contract now; null when it is not quoted. */
export function priceLimitRow(
  floor: TradingFloor,
  instrument: Instrument,
): Record<'symbol' | 'buyLmt' | 'sellLmt', string> | null {
  const book = floor.book(instrument.id);
  if (book === null) return null;
  const { buyMax, sellMin } = priceLimits(book);
  return {
    symbol: instrument.exchangeSymbol,
    buyLmt: priceText(buyMax, instrument),
    sellLmt: priceText(sellMin, instrument),
  };
}
