import { ceilToMultiple, type Decimal, floorToMultiple } from '../base/decimal.ts';
import type { Instrument } from './instrument.ts';
import type { Direction } from './order.ts';

/** Quantity rounded down to the instrument's step: never more than asked for. */
export function floorToStep(quantity: Decimal, instrument: Instrument): Decimal {
  return floorToMultiple(quantity, instrument.quantityStep);
}

/** Price rounded to the tick below or equal. */
export function floorToTick(price: Decimal, instrument: Instrument): Decimal {
  return floorToMultiple(price, instrument.tickSize);
}

/** Price rounded to the tick above or equal. */
export function ceilToTick(price: Decimal, instrument: Instrument): Decimal {
  return ceilToMultiple(price, instrument.tickSize);
}

/** A stop rounded toward protection: closer to the entry, so the loss is never larger than meant. */
export function stopToTick(price: Decimal, direction: Direction, instrument: Instrument): Decimal {
  return direction === 'long' ? ceilToTick(price, instrument) : floorToTick(price, instrument);
}
