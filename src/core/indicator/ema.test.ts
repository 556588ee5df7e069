import fc from 'fast-check';
import { EMA as PeerEma } from 'technicalindicators';
import { describe, expect, test } from 'vitest';
import { Ema, emaColumn } from './ema.ts';
import { indicatorContract, randomCloses } from './indicator-contract.ts';

function column(values: readonly number[], length: number): Float64Array {
  const output = new Float64Array(values.length);
  emaColumn({ input: Float64Array.from(values), length, output });
  return output;
}

describe('Ema', () => {
  for (const length of [1, 2, 12, 200]) {
    const subject = {
      make: () => new Ema(length),
      inputs: (closes: readonly number[]) => closes,
      broken: Number.NaN,
      batch: (closes: readonly number[]) =>
        [...column(closes, length)].map((value) => (Number.isNaN(value) ? null : value)),
    };
    test.each(indicatorContract(subject))(`length ${length}: $title`, ({ check }) => check());
  }

  test('gives the published value of the worked example', () => {
    const closes = [
      44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28, 46.28,
      46.0, 46.03, 46.41, 46.22, 45.64,
    ];
    expect(column(closes, 5).at(-1)).toBeCloseTo(45.996054, 6);
  });

  test('starts with the plain mean', () => {
    expect([...column([1, 2, 6, 3], 3)]).toEqual([Number.NaN, Number.NaN, 3, 3]);
  });

  test('stays between the lowest and the highest value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (values, length) => {
          const slack = 1e-12 * Math.max(...values);
          for (const level of column(values, length).subarray(length - 1)) {
            expect(level).toBeGreaterThanOrEqual(Math.min(...values) - slack);
            expect(level).toBeLessThanOrEqual(Math.max(...values) + slack);
          }
        },
      ),
    );
  });

  test('agrees with an independent library at every defined row', () => {
    const closes = randomCloses(21, 1460);
    for (const length of [12, 26, 200]) {
      const theirs = PeerEma.calculate({ period: length, values: closes });
      const ours = [...column(closes, length).subarray(length - 1)];
      expect(theirs).toHaveLength(ours.length);
      for (const [row, value] of theirs.entries()) expect((ours[row] ?? 0) / value).toBeCloseTo(1, 12);
    }
  });

  test('stops on a column with a hole anywhere', () => {
    for (const hole of [0, 4, 11, 12, 39]) {
      const values = randomCloses(4, 40);
      values[hole] = Number.NaN;
      expect(() => column(values, 12), `hole at ${hole}`).toThrow('finite');
    }
  });

  test('refuses the snapshot of another length', () => {
    expect(() => new Ema(12).restore(new Ema(26).snapshot())).toThrow('EMA(12)');
  });
});
