import { decimal, decimalText, isDecimal } from '../core/base/decimal.ts';

/** Marks of what JSON itself has no form for; no event has keys of such names. */
const DECIMAL = '$decimal';
const MAP = '$map';
const NUMBER = '$number';

/** Plain values, exact decimals and maps as text, from which `readExactJson` makes the same again. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, made: unknown) {
    // What is given is the outcome of `toJSON`, by which a decimal is a text already.
    const own = this[key];
    if (isDecimal(own)) return { [DECIMAL]: decimalText(own) };
    if (own instanceof Map) return { [MAP]: [...own] };
    if (typeof own === 'number' && (!Number.isFinite(own) || Object.is(own, -0)))
      return { [NUMBER]: Object.is(own, -0) ? '-0' : String(own) };
    return made;
  });
}

/** What `exactJson` made a text of; throws on what is no JSON. */
export function readExactJson(text: string): unknown {
  return JSON.parse(text, (_key, made: unknown) => {
    if (typeof made !== 'object' || made === null) return made;
    if (DECIMAL in made) return decimal(String(made[DECIMAL]));
    if (NUMBER in made) return Number(made[NUMBER]);
    return MAP in made && Array.isArray(made[MAP]) ? new Map(made[MAP]) : made;
  });
}
