import { Decimal as DecimalJs } from 'decimal.js';

/**
 * Exact decimal numbers for money at the exchange border. The only file that names the decimal library.
 * 40 significant digits: enough for 1e9 coins at 1e-10 prices with fees, without rounding in between.
 */
const Exact = DecimalJs.clone({
  precision: 40,
  toExpNeg: -40,
  toExpPos: 40,
  rounding: DecimalJs.ROUND_HALF_EVEN,
});

/** An exact decimal value. Immutable. */
export type Decimal = DecimalJs;

/** What `decimal` accepts: plain decimal text, a finite number, or a Decimal. */
export type DecimalInput = string | number | Decimal;

/** Makes an exact decimal. Stops on text that is no number: parse untrusted text with `parseDecimal`. */
export function decimal(value: DecimalInput): Decimal {
  return new Exact(value);
}

/** Exactly 0. */
export const ZERO: Decimal = new Exact(0);
/** Exactly 1. */
export const ONE: Decimal = new Exact(1);

/** Parses untrusted text. Null for anything but a plain finite decimal number such as `-12.50`. */
export function parseDecimal(text: string): Decimal | null {
  if (!/^-?\d{1,30}(\.\d{1,30})?$/.test(text)) return null;
  return new Exact(text);
}

/** True for an exact decimal, false for everything else. */
export function isDecimal(value: unknown): value is Decimal {
  return DecimalJs.isDecimal(value);
}

const NUMBERS = new WeakMap<Decimal, number>();

/** The nearest number, kept for values that are asked at every price: making it goes by way of a text. */
export function numberOf(value: Decimal): number {
  const known = NUMBERS.get(value);
  if (known !== undefined) return known;
  const made = value.toNumber();
  NUMBERS.set(value, made);
  return made;
}

/** Plain decimal text, never an exponent; trailing zeros cut. */
export function decimalText(value: Decimal): string {
  return value.toFixed();
}

/** The smaller of two exact values. */
export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return a.lessThan(b) ? a : b;
}

/** The larger of two exact values. */
export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return a.greaterThan(b) ? a : b;
}

/** Largest multiple of `step` that is not above `value` (toward minus infinity). */
export function floorToMultiple(value: Decimal, step: Decimal): Decimal {
  const places = placesOf(step);
  if (places !== null) return value.toDecimalPlaces(places, DecimalJs.ROUND_FLOOR);
  return value.dividedBy(step).floor().times(step);
}

/** Smallest multiple of `step` that is not below `value` (toward plus infinity). */
export function ceilToMultiple(value: Decimal, step: Decimal): Decimal {
  const places = placesOf(step);
  if (places !== null) return value.toDecimalPlaces(places, DecimalJs.ROUND_CEIL);
  return value.dividedBy(step).ceil().times(step);
}

/** Nearest multiple of `step`, the even one where two are as near. */
export function nearestMultiple(value: Decimal, step: Decimal): Decimal {
  const places = placesOf(step);
  if (places !== null) return value.toDecimalPlaces(places, DecimalJs.ROUND_HALF_EVEN);
  return value.dividedBy(step).round().times(step);
}

/** Decimal places of steps that are 1, 0.1, 0.01 and so on, null for other steps. */
const PLACES = new WeakMap<Decimal, number | null>();

/** Most steps are such: cutting digits off costs a fifth of a division, and gives the same. */
function placesOf(step: Decimal): number | null {
  const known = PLACES.get(step);
  if (known !== undefined) return known;
  const text = step.toFixed();
  const places = /^(1|0\.0*1)$/.test(text) ? Math.max(0, text.length - 2) : null;
  PLACES.set(step, places);
  return places;
}
