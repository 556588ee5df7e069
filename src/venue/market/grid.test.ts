import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../core/base/decimal.ts';
import { gridCount, gridOf, gridValue } from './grid.ts';

describe('grid', () => {
  it.each([
    ['0.0000001', 99_573, 0.0099573],
    ['0.05', 1234, 61.7],
    ['0.5', 3, 1.5],
    ['10', 7, 70],
  ])('of step %s puts count %i at %d', (step, count, value) => {
    const grid = gridOf(decimal(step));
    expect(gridValue(grid, count)).toBe(value);
    expect(gridCount(grid, value)).toBe(count);
  });

  it('gives the number nearest to the decimal text for every count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 1e9 }), (decimals, count) => {
        const step = decimal(10).pow(-decimals);
        expect(gridValue(gridOf(step), count)).toBe(Number(step.times(count).toFixed()));
      }),
    );
  });
});
