import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalId, parseBase } from './exchange-name.ts';

describe('parseBase', () => {
  it.each([
    ['BTC', 'BTC', 1],
    ['SHIB1000', 'SHIB', 1000],
    ['1000SHIB', 'SHIB', 1000],
    ['1000PEPE', 'PEPE', 1000],
    ['10000SATS', 'SATS', 10_000],
    ['1000SATS', 'SATS', 1000],
    ['1000000BABYDOGE', 'BABYDOGE', 1_000_000],
    ['10000000AIDOGE', 'AIDOGE', 10_000_000],
    ['1MBABYDOGE', 'BABYDOGE', 1_000_000],
    ['1000000MOG', 'MOG', 1_000_000],
    ['1000NEIROCTO', 'NEIROCTO', 1000],
    ['1000X', 'X', 1000],
    ['1000CAT', 'CAT', 1000],
    ['1000CATS', 'CATS', 1000],
  ])('splits %s into %s times %i', (spelling, base, multiplier) => {
    expect(parseBase(spelling)).toEqual({ base, multiplier });
  });

  it.each(['1INCH', '10SET', '100X', '1CAT', '1MIL', 'API3', 'C98', 'SPX6900', 'DOG', 'DOGS', 'T', '1000'])(
    'leaves %s whole',
    (spelling) => {
      expect(parseBase(spelling)).toEqual({ base: spelling, multiplier: 1 });
    },
  );

  it('gives one answer for every spelling of the same thing', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'ABCXYZ'), minLength: 2, maxLength: 8 });
    const zeros = fc.integer({ min: 3, max: 8 });
    fc.assert(
      fc.property(letters, zeros, (base, count) => {
        const multiplier = `1${'0'.repeat(count)}`;
        expect(parseBase(`${multiplier}${base}`)).toEqual(parseBase(`${base}${multiplier}`));
        expect(parseBase(`${base}${multiplier}`)).toEqual({ base, multiplier: 10 ** count });
      }),
    );
  });
});

describe('canonicalId', () => {
  it('writes the multiplier in front', () => {
    expect(canonicalId(parseBase('SHIB1000'), 'USDT')).toBe('1000SHIBUSDT');
    expect(canonicalId(parseBase('1MBABYDOGE'), 'USDT')).toBe('1000000BABYDOGEUSDT');
  });

  it('leaves a multiplier of one out', () => {
    expect(canonicalId(parseBase('1INCH'), 'USDT')).toBe('1INCHUSDT');
  });

  it('is null for parts that make no id', () => {
    expect(canonicalId(parseBase('btc'), 'USDT')).toBeNull();
  });
});
