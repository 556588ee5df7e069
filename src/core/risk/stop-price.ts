import { type Decimal, decimal, maxDecimal } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Direction, directionSign } from '../domain/order.ts';
import { ceilToTick, floorToTick, stopToTick } from '../domain/quantise.ts';

/** A level `pct` percent away from a price, for a position in `direction`. */
export interface LevelRequest {
  readonly price: Decimal;
  readonly direction: Direction;
  /** Plain price move, %; > 0. */
  readonly pct: number;
  readonly instrument: Instrument;
}

/** What a stop keeps away from the liquidation price: a share of the way from the entry, and of the price. */
const BUFFER_OF_WAY = decimal('0.1');
const BUFFER_OF_PRICE = decimal('0.002');

/** The stop last made from each price, and for what: asked for with every reading, while the answer stays. */
const STOPS = new WeakMap<Decimal, Omit<LevelRequest, 'price'> & { readonly stopPrice: Decimal }>();

/** Price that loses `pct` percent, rounded toward protection, so that the loss is never larger than meant. */
export function stopPriceFrom({ price, direction, pct, instrument }: LevelRequest): Decimal {
  const known = STOPS.get(price);
  const same = known?.direction === direction && known.pct === pct && known.instrument === instrument;
  if (same) return known.stopPrice;
  const stopPrice = stopToTick(moved(price, -directionSign(direction) * pct), direction, instrument);
  STOPS.set(price, { direction, pct, instrument, stopPrice });
  return stopPrice;
}

/**
 * Price that gains `pct` percent, rounded toward the entry, so that it is reached no later than meant. Null
 * where there is no such price: a short cannot gain 100 percent.
 */
export function takeProfitPriceFrom({ price, direction, pct, instrument }: LevelRequest): Decimal | null {
  const exact = moved(price, directionSign(direction) * pct);
  const rounded = direction === 'long' ? floorToTick(exact, instrument) : ceilToTick(exact, instrument);
  return exact.greaterThan(0) ? rounded : null;
}

/**
 * The loosest stop that stands inside a liquidation price by a buffer, rounded toward protection: a tenth of the way
 * from the entry, two thousandths of the price at least. An entry keeps twice that distance from the liquidation its
 * leverage alone tells of (`limits.ts`), so that a plain entry is never moved by this.
 */
export function stopBeforeLiquidation({
  entryPrice,
  liquidationPrice,
  direction,
  instrument,
}: {
  readonly entryPrice: Decimal;
  readonly liquidationPrice: Decimal;
  readonly direction: Direction;
  readonly instrument: Instrument;
}): Decimal {
  const wayShare = entryPrice.minus(liquidationPrice).abs().times(BUFFER_OF_WAY);
  const buffer = maxDecimal(wayShare, liquidationPrice.times(BUFFER_OF_PRICE));
  return stopToTick(liquidationPrice.plus(buffer.times(directionSign(direction))), direction, instrument);
}

/** True when a stop at `a` closes a losing position earlier than one at `b`. */
export function isTighter(a: Decimal, b: Decimal, direction: Direction): boolean {
  if (a === b) return false;
  return direction === 'long' ? a.greaterThan(b) : a.lessThan(b);
}

function moved(price: Decimal, pct: number): Decimal {
  return price.times(decimal(100).plus(pct)).dividedBy(100);
}
