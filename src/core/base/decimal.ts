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
  return value.dividedBy(step).floor().times(step);
}

/** Smallest multiple of `step` that is not below `value` (toward plus infinity). */
export function ceilToMultiple(value: Decimal, step: Decimal): Decimal {
  return value.dividedBy(step).ceil().times(step);
}
