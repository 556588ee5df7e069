import { InvalidArgumentError } from 'commander';

/** A whole number from 1 to a bound; anything else is wrong usage. */
export function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > max) {
      throw new InvalidArgumentError(`It takes a whole number from 1 to ${max}.`);
    }
    return value;
  };
}

/** A whole number from 1 to a bound, or anything that is no number: the name of a file. */
export function countOrFile(max: number): (text: string) => number | string {
  const count = wholeNumber(max);
  return (text) => (/^-?[\d.]+$/.test(text) ? count(text) : text);
}

/** A plain number between two bounds; anything else is wrong usage. */
export function numberWithin(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+(\.\d+)?$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It takes a number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** One of a few words; anything else is wrong usage. */
export function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    if (!words.includes(text)) throw new InvalidArgumentError(`It takes one of: ${words.join(', ')}.`);
    return text;
  };
}

/** Name of a coin, as people or the exchange write it; anything else is wrong usage. */
export function coinName(text: string): string {
  if (!/^[A-Za-z0-9]{1,40}$/.test(text)) {
    throw new InvalidArgumentError('It takes a coin such as BTC or BTCUSDT.');
  }
  return text;
}

/** A text of 1 to `lengthMax` characters; anything else is wrong usage. */
export function textUpTo(lengthMax: number): (text: string) => string {
  return (text) => {
    if (text.trim() === '' || text.length > lengthMax) {
      throw new InvalidArgumentError(`It takes a text of 1 to ${lengthMax} characters.`);
    }
    return text;
  };
}

/** Of a switch that may be repeated: all that was said, in order. */
export function listed(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
