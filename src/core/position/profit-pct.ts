import { type Direction, directionSign } from '../domain/order.ts';

/** Plain price move in favour of a position, % of its entry price, leverage ignored; negative in a loss. */
export function profitPct(move: {
  readonly direction: Direction;
  readonly entryPrice: number;
  readonly price: number;
}): number {
  return ((move.price - move.entryPrice) / move.entryPrice) * 100 * directionSign(move.direction);
}
