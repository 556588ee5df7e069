import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigitScan } from './digit-scan.ts';

function scanned(text: string, start = 0): DigitScan {
  const scan = new DigitScan((at) => text.charCodeAt(at));
  scan.scan(start);
  return scan;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));

describe('a number read digit by digit', () => {
  it('is what its text says, to the last bit, or says that only its text tells', () => {
    fc.assert(
      fc.property(digits(24), fc.option(digits(24)), (whole, decimals) => {
        const text = decimals === null ? whole : `${whole}.${decimals}`;
        const value = scanned(text).exactValue();
        const isShort = text.replace('.', '').length <= 15;
        if (isShort || !Number.isNaN(value)) expect(value).toBe(Number(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['12.50,9', 0, { end: 5, wholeDigits: 2, decimals: 2 }],
    ['x7"', 1, { end: 2, wholeDigits: 1, decimals: -1 }],
    ['7', 0, { end: 1, wholeDigits: 1, decimals: -1 }],
    ['1.2.3', 0, { end: 3, wholeDigits: 1, decimals: 1 }],
    ['5.', 0, { end: 2, wholeDigits: 1, decimals: 0 }],
    ['.5', 0, { end: 2, wholeDigits: 0, decimals: 1 }],
    ['-1', 0, { end: 0, wholeDigits: 0, decimals: -1 }],
  ])('of %s from %i has the length it has', (text, start, lengths) => {
    expect(scanned(text, start)).toMatchObject(lengths);
  });
});
