import { type Decimal, decimalText } from '../base/decimal.ts';
import { type ApprovedOrder, type Direction, exitSide } from '../domain/order.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

/** What an exit is held against. */
export interface ExitFacts {
  /**
   * What the exchange states of the instrument, with everything that may have come since, on each side; null: it states
   * nothing there, which proves nothing.
   */
  readonly held: { readonly direction: Direction; readonly quantityMax: Decimal } | null;
}

/**
 * Why an order that is to reduce must not leave; null: it may. No number of orders, no value and no loss is asked for:
 * these rules alone hold for an exit, and what is not known lets it through.
 */
export function exitRefusal(
  order: Extract<ApprovedOrder, { kind: 'exit' }>,
  { held }: ExitFacts,
): Refusal | null {
  const { quantity, side, direction } = order;
  if (order.reduceOnly !== true)
    return refuse('gate.exit.not-reduce-only', 'The exit does not say that it only reduces.');
  if (!quantity.isFinite() || !quantity.greaterThan(0)) {
    const value = decimalText(quantity);
    return refuse('gate.order.unsound', `The quantity of the exit is ${value}.`, { value });
  }
  if (side !== exitSide(direction))
    return refuse('gate.exit.side', `A ${side} does not reduce a ${direction}.`, { value: side });
  if (held === null) return null;
  if (held.direction !== direction) {
    const detail = `The exit is of a ${direction}, the exchange holds a ${held.direction} there.`;
    return refuse('gate.exit.side', detail, { value: direction, threshold: held.direction });
  }
  if (quantity.lessThanOrEqualTo(held.quantityMax)) return null;
  const [value, threshold] = [decimalText(quantity), decimalText(held.quantityMax)];
  const detail = `The exit is of ${value}, the exchange holds ${threshold} there, all on its way counted.`;
  return refuse('gate.exit.larger', detail, { value, threshold });
}
