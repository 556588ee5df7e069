import { assert } from '../base/assert.ts';
import type { Decimal } from '../base/decimal.ts';
import { entrySide, type Side } from '../domain/order.ts';
import { type Holding, heldQuantity } from './holding.ts';

/** The part of a fill that accounting needs. */
export interface FillAmount {
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** > 0 is paid. */
  readonly fee: Decimal;
}

/**
 * The holding after a fill. A fill on the entry side adds, one on the other side closes. Closing more than is
 * held is a broken caller and stops: the caller cuts such a fill to what is ours.
 */
export function applyFill(holding: Holding, fill: FillAmount): Holding {
  assert(fill.quantity.greaterThan(0) && fill.price.greaterThan(0), 'A fill has a quantity and a price.');
  const fees = holding.fees.plus(fill.fee);
  const notional = fill.price.times(fill.quantity);
  if (fill.side === entrySide(holding.direction)) {
    const entryQuantity = holding.entryQuantity.plus(fill.quantity);
    return { ...holding, fees, entryQuantity, entryNotional: holding.entryNotional.plus(notional) };
  }
  const closes = fill.quantity.lessThanOrEqualTo(heldQuantity(holding));
  assert(closes, 'A fill never closes more than is held.');
  const exitQuantity = holding.exitQuantity.plus(fill.quantity);
  return { ...holding, fees, exitQuantity, exitNotional: holding.exitNotional.plus(notional) };
}
