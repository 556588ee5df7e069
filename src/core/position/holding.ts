import { type Decimal, ZERO } from '../base/decimal.ts';
import { type Direction, directionSign } from '../domain/order.ts';

/**
 * The exact account of one round trip: sums of fills, nothing divided, nothing rounded. Quantities in base
 * units, money in quote currency.
 */
export interface Holding {
  readonly direction: Direction;
  readonly entryQuantity: Decimal;
  /** Sum of price times quantity of the entries. */
  readonly entryNotional: Decimal;
  readonly exitQuantity: Decimal;
  readonly exitNotional: Decimal;
  /** Sum of fees paid; negative when rebates outweigh them. */
  readonly fees: Decimal;
}

/** A holding before its first fill. */
export function emptyHolding(direction: Direction): Holding {
  return {
    direction,
    entryQuantity: ZERO,
    entryNotional: ZERO,
    exitQuantity: ZERO,
    exitNotional: ZERO,
    fees: ZERO,
  };
}

/** What follows from an account by exact arithmetic: asked for with every price, while it changes with a fill. */
interface Derived {
  readonly held: Decimal;
  readonly isHeld: boolean;
  readonly entryPrice: Decimal | null;
}

const DERIVED = new WeakMap<Holding, Derived>();

/** What is held now. */
export function heldQuantity(holding: Holding): Decimal {
  return derived(holding).held;
}

/** True while a quantity is held. */
export function isHeld(holding: Holding): boolean {
  return derived(holding).isHeld;
}

/** Average price of the entries; null before the first fill. */
export function entryPriceOf(holding: Holding): Decimal | null {
  return derived(holding).entryPrice;
}

function derived(holding: Holding): Derived {
  const known = DERIVED.get(holding);
  if (known !== undefined) return known;
  const { entryQuantity, entryNotional, exitQuantity } = holding;
  const held = entryQuantity.minus(exitQuantity);
  const entryPrice = entryQuantity.isZero() ? null : entryNotional.dividedBy(entryQuantity);
  const made = { held, isHeld: held.greaterThan(ZERO), entryPrice };
  DERIVED.set(holding, made);
  return made;
}

/** Average price of the exits; null before the first. */
export function exitPriceOf(holding: Holding): Decimal | null {
  return holding.exitQuantity.isZero() ? null : holding.exitNotional.dividedBy(holding.exitQuantity);
}

/** Profit of what has been closed, before fees; exact once the holding is flat. Zero before the first exit. */
export function realisedGross(holding: Holding): Decimal {
  const entryPrice = entryPriceOf(holding);
  if (entryPrice === null) return ZERO;
  const flat = heldQuantity(holding).isZero();
  const cost = flat ? holding.entryNotional : entryPrice.times(holding.exitQuantity);
  return holding.exitNotional.minus(cost).times(directionSign(holding.direction));
}
