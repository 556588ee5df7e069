import { type InstrumentId, parseInstrumentId } from './instrument.ts';

/** A base currency as an exchange spells it, taken apart: `1000PEPE` is 1000 units of `PEPE`. */
export interface BaseName {
  readonly base: string;
  /** Base units one traded unit holds; a power of ten, 1 when the name states none. */
  readonly multiplier: number;
}

/** `1000PEPE`, `10000SATS`, `1000X`: a power of ten from a thousand up, then a name that starts with a letter. */
const LEADING = /^(10{3,8})([A-Z][A-Z0-9]*)$/;
/** Binance's `1MBABYDOGE`: three letters at least, so that a short name such as `1MIL` stays whole. */
const LEADING_MILLION = /^1M([A-Z]{3}[A-Z0-9]*)$/;
/** Bybit's `SHIB1000`. A name that ends in other digits (`SPX6900`, `API3`) is a name. */
const TRAILING = /^([A-Z][A-Z0-9]*?[A-Z])(10{3,8})$/;

/**
 * Splits an exchange's base currency (`1000PEPE`, `SHIB1000`, `1MBABYDOGE`) into coin and multiplier. A
 * leading digit alone is no multiplier (`1INCH`, `10SET`). Text of another form comes back whole with 1.
 */
export function parseBase(exchangeBase: string): BaseName {
  const leading = LEADING.exec(exchangeBase);
  if (leading !== null) return baseName(leading[2], leading[1]);
  const million = LEADING_MILLION.exec(exchangeBase);
  if (million !== null) return baseName(million[1], '1000000');
  const trailing = TRAILING.exec(exchangeBase);
  if (trailing !== null) return baseName(trailing[1], trailing[2]);
  return { base: exchangeBase, multiplier: 1 };
}

/** Our id of a perpetual: multiplier, base, quote. Null when the parts make no valid id. */
export function canonicalId({ base, multiplier }: BaseName, quote: string): InstrumentId | null {
  return parseInstrumentId(`${multiplier > 1 ? multiplier : ''}${base}${quote}`);
}

function baseName(base: string | undefined, multiplier: string | undefined): BaseName {
  return { base: base ?? '', multiplier: Number(multiplier) };
}
