import { type Decimal, minDecimal } from '../base/decimal.ts';
import { type AccountState, type Desk, endOrder, keepOrder, openOrdersOf } from './account-state.ts';
import type { Book } from './book.ts';
import { closingOrder } from './closing-order.ts';
import { execute } from './execute.ts';
import { coverLoss, openPositions } from './liquidate.ts';
import { bindsMargin } from './margin.ts';
import type { MatchingPosition } from './matching-position.ts';

/** Ends everything in an instrument that is no longer listed: positions are settled at a price, usually its last mark price. */
export function settleDelisted(
  state: AccountState,
  desk: Desk,
  book: Book,
  price: Decimal = book.markPrice,
): void {
  for (const order of openOrdersOf(state, book.instrument.id)) endOrder(state, desk, order, 'delisted');
  for (const position of openPositions(state)) {
    if (position.instrumentId !== book.instrument.id) continue;
    const order = closingOrder(state, desk, { position, book, origin: 'delivery', status: 'open' });
    keepOrder(state, order);
    execute(state, desk, order, { price, quantity: position.quantity, maker: false, kind: 'delivery' });
  }
  if (openPositions(state).length === 0) coverLoss(state, desk);
}

/**
 * Closes part of a position against one that went bankrupt, at that one's price and without a fee: what
 * exchanges do when their fund cannot pay. Gives the quantity that was closed.
 */
export function deleverage(
  state: AccountState,
  desk: Desk,
  position: MatchingPosition,
  deal: { readonly book: Book; readonly quantity: Decimal; readonly price: Decimal },
): Decimal {
  const { book, price } = deal;
  for (const order of openOrdersOf(state, position.instrumentId)) {
    if (bindsMargin(order)) endOrder(state, desk, order, 'deleveraging');
  }
  const quantity = minDecimal(deal.quantity, position.quantity);
  if (quantity.isZero()) return quantity;
  const whole = closingOrder(state, desk, { position, book, origin: 'deleveraging', status: 'open' });
  const order = { ...whole, quantity, price };
  keepOrder(state, order);
  execute(state, desk, order, { price, quantity, maker: false, kind: 'deleveraging' });
  return quantity;
}
