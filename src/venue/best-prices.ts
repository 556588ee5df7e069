import type { Side } from '../core/domain/order.ts';
import type { Book } from '../core/matching/book.ts';
import { type Grid, gridCountBelow, gridValue } from './market/grid.ts';
import type { Quote } from './market/market-source.ts';

/** The best level of each side of a book. Prices in quote currency, quantities in base units. */
export interface BestPrices {
  readonly bidPrice: number;
  readonly bidQuantity: number;
  readonly askPrice: number;
  readonly askQuantity: number;
}

/**
 * The best levels of `book`, which is null where it holds what the quote says: then it is not made, since every
 * ticker asks for them at every quote. `steps` is the grid of the instrument's quantities.
 */
export function bestPrices(quote: Quote, steps: Grid, book: Book | null): BestPrices {
  const { bidPrice, askPrice, topQuantity } = quote;
  if (book === null) {
    const quantity = gridValue(steps, Math.max(1, gridCountBelow(steps, topQuantity)));
    return { bidPrice, bidQuantity: quantity, askPrice, askQuantity: quantity };
  }
  const bid = bestLevel(book, 'sell');
  const ask = bestLevel(book, 'buy');
  return {
    bidPrice: bid.price,
    bidQuantity: bid.quantity,
    askPrice: ask.price,
    askQuantity: ask.quantity,
  };
}

/** Of a side that is taken whole nothing is left at the price the quote has for it. */
function bestLevel(book: Book, taker: Side): { readonly price: number; readonly quantity: number } {
  const [level] = book.levelsFor(taker, 1);
  if (level === undefined) return { price: book.bestFor(taker).toNumber(), quantity: 0 };
  return { price: level.price.toNumber(), quantity: level.quantity.toNumber() };
}
