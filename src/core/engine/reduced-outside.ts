import { type Decimal, decimalText } from '../base/decimal.ts';
import type { Fill, FillCause } from '../domain/order.ts';
import { heldQuantity } from '../position/holding.ts';
import { isOwnOrderId } from './client-order-id.ts';
import type { Decision } from './decision.ts';
import type { OpenPosition } from './open-position.ts';
import { noteOutsideFill } from './outside.ts';
import { type EngineState, notify } from './state.ts';

/** Causes that are no rule of ours at work: a person, or the exchange in its own need. */
const OUTSIDE: ReadonlySet<FillCause> = new Set(['user', 'deleveraging', 'liquidation', 'delivery', 'other']);

/**
 * Tells of a part of our position that a fill of no order of ours took off; of one that ended it the close is told.
 * Either is kept for the next comparison with the exchange.
 */
export function tellReducedOutside(
  state: EngineState,
  { instrumentId, holding }: OpenPosition,
  { fill, quantity, out }: { readonly fill: Fill; readonly quantity: Decimal; readonly out: Decision[] },
): void {
  const left = heldQuantity(holding);
  const accountId = state.lease?.accountId ?? null;
  const named = fill.clientOrderId !== null && accountId !== null;
  const ours = named && isOwnOrderId(fill.clientOrderId, accountId);
  if (ours || !OUTSIDE.has(fill.cause)) return;
  noteOutsideFill(state, fill, { direction: holding.direction, held: left.plus(quantity) });
  if (left.isZero()) return;
  const detail = {
    quantity: decimalText(quantity),
    left: decimalText(left),
    price: decimalText(fill.price),
    cause: fill.cause,
  };
  const message = `${detail.quantity} of the ${holding.direction} on ${instrumentId} were taken off by an order that is not ours; ${detail.left} are left and guarded as before.`;
  out.push(notify('warning', 'engine.position.reduced-outside', { instrumentId, message, detail }));
}
