import { z } from 'zod';
import { decimalText } from '../../../core/base/decimal.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { categoryInput, textInput, wholeNumber } from './input.ts';
import { page } from './page.ts';
import { type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY } from './words.ts';

const deliveryInput = z.object({
  category: categoryInput,
  symbol: textInput,
  limit: wholeNumber({ min: 1, max: 200, usual: 50 }),
  cursor: textInput,
});

/** Prices at which delisted contracts were settled, newest first: those since this venue was started. */
export const deliveryRoute: PublicRoute = {
  method: 'GET',
  path: '/v5/market/delivery-price',
  access: 'public',
  answer: parsed(deliveryInput, (input, { floor }) => deliveries(floor, input)),
};

function deliveries(floor: TradingFloor, input: z.output<typeof deliveryInput>): Reply {
  const { category, symbol } = input;
  const all = category === CATEGORY ? floor.pastDeliveries() : [];
  const wanted = symbol === '' ? all : all.filter((each) => each.symbol === symbol);
  const { rows, nextPageCursor } = page(wanted, input, (each) => `${each.symbol},${each.timeMs}`);
  return result({
    category,
    list: rows.map((each) => ({
      symbol: each.symbol,
      deliveryPrice: decimalText(each.price),
      deliveryTime: String(each.timeMs),
    })),
    nextPageCursor,
  });
}
