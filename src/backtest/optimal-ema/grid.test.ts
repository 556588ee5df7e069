import { describe, expect, it } from 'vitest';
import { emaGrid, neighbours } from './grid.ts';

const texts = (pairs: readonly { shortLength: number; longLength: number }[]) =>
  pairs.map(({ shortLength, longLength }) => `${shortLength}/${longLength}`);

describe('the grid', () => {
  it('in full has the 20,856 pairs of 5-100 and 50-300 that are 30 apart', () => {
    const { pairs, lengthMax } = emaGrid('full', 0);
    expect([pairs.length, lengthMax]).toEqual([20_856, 300]);
    expect(pairs[0]).toEqual({ shortLength: 5, longLength: 50 });
    expect(pairs.at(-1)).toEqual({ shortLength: 100, longLength: 300 });
  });

  it.each([
    // 50/200 is tried everywhere, and its surroundings reach 10 further.
    [0.051, '5/20', '50/150', 210],
    [0.031, '5/30', '100/195', 210],
    [0.01, '10/50', '150/300', 310],
  ])('at a volatility of %s goes from %s to %s', (volatility, first, last, lengthMax) => {
    const grid = emaGrid('volatility', volatility);
    const pairs = texts(grid.pairs);
    expect(pairs).toContain(first);
    expect(pairs).toContain(last);
    expect(grid.lengthMax).toBe(lengthMax);
  });

  it('always tries the pairs people trade by, each once, the short one below the long one', () => {
    for (const volatility of [0, 0.04, 0.06]) {
      const { pairs } = emaGrid('volatility', volatility);
      const wellKnown = ['5/15', '9/21', '12/26', '21/55', '34/89', '20/50', '30/70', '50/200'];
      expect(texts(pairs)).toEqual(expect.arrayContaining([...wellKnown, '15/45', '25/75']));
      expect(new Set(texts(pairs)).size).toBe(pairs.length);
      expect(pairs.every(({ shortLength, longLength }) => shortLength < longLength)).toBe(true);
    }
  });

  it('looks around a pair in steps of 2 and 5, never below 5 nor across', () => {
    expect(texts(neighbours({ shortLength: 8, longLength: 20 }))).toEqual([
      ...['5/10', '5/15', '5/20', '5/25', '5/30', '7/10', '7/15', '7/20', '7/25', '7/30'],
      ...['9/10', '9/15', '9/20', '9/25', '9/30', '11/15', '11/20', '11/25', '11/30'],
      ...['13/15', '13/20', '13/25', '13/30'],
    ]);
  });
});
