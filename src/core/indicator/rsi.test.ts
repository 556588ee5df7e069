import fc from 'fast-check';
import { RSI as RoundedRsi } from 'technicalindicators';
import { RSI as PeerRsi } from 'trading-signals';
import { describe, expect, test } from 'vitest';
import { indicatorContract, randomCloses } from './indicator-contract.ts';
import { FLAT_RSI, Rsi, rsiColumn } from './rsi.ts';

/** Closes of a worked example; the RSI values were computed apart from this code, rounded to 2 decimals. */
const CLOSES = [
  44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28, 46.28,
  46.0, 46.03, 46.41, 46.22, 45.64,
];
const PUBLISHED = [70.46, 66.25, 66.48, 69.35, 66.29, 57.92];

function column(closes: readonly number[], length = 14): Float64Array {
  const output = new Float64Array(closes.length);
  rsiColumn({ input: Float64Array.from(closes), length, output });
  return output;
}

function rsiAfter(closes: readonly number[], length = 14): number | null {
  const rsi = new Rsi(length);
  for (const close of closes) rsi.update(close);
  return rsi.value;
}

const prices = fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 20, maxLength: 80 });

describe('Rsi', () => {
  for (const length of [2, 14, 21]) {
    const subject = {
      make: () => new Rsi(length),
      inputs: (closes: readonly number[]) => closes,
      broken: Number.NaN,
      batch: (closes: readonly number[]) =>
        [...column(closes, length)].map((value) => (Number.isNaN(value) ? null : value)),
    };
    test.each(indicatorContract(subject))(`length ${length}: $title`, ({ check }) => check());
  }

  test('gives the published values of the worked example', () => {
    const defined = [...column(CLOSES).subarray(14)].map((value) => Number(value.toFixed(2)));
    expect(defined).toEqual(PUBLISHED);
  });

  test('has no value before 15 closes', () => {
    expect(rsiAfter(CLOSES.slice(0, 14))).toBeNull();
    expect(rsiAfter(CLOSES.slice(0, 15))).toBeCloseTo(70.46, 2);
  });

  test('reads exactly 50 in a market that never moved', () => {
    expect(rsiAfter(Array.from({ length: 20 }, () => 7.3))).toBe(FLAT_RSI);
    expect(FLAT_RSI).toBe(50);
  });

  test('reads exactly 100 in a strictly rising market and 0 in a falling one', () => {
    const rising = Array.from({ length: 300 }, (_, index) => 0.1 + index / 7);
    expect(rsiAfter(rising)).toBe(100);
    expect(rsiAfter(rising.toReversed())).toBe(0);
  });

  test('stays where it was when a market stands still after a move', () => {
    const moved = rsiAfter(CLOSES) ?? Number.NaN;
    const halted = [...CLOSES, ...Array.from({ length: 500 }, () => 45.64)];
    expect(rsiAfter(halted)).toBeCloseTo(moved, 9);
  });

  test('stays within 0..100 for any prices, however long they stand still', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 2, max: 18 }), (closes, length) => {
        const last = closes.at(-1) ?? 1;
        const output = column([...closes, ...Array.from({ length: 30 }, () => last)], length);
        for (const value of output.subarray(length)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  test('mirrors: the RSI of falling by the same steps is 100 minus it', () => {
    fc.assert(
      fc.property(prices, (closes) => {
        const mirrored = closes.map((close) => 2e9 - close);
        const exact = mirrored.map((close) => 2e9 - close);
        expect((rsiAfter(exact) ?? 0) + (rsiAfter(mirrored) ?? 0)).toBeCloseTo(100, 9);
      }),
    );
  });

  test('agrees with an independent library within 1e-9 points at every defined row', () => {
    for (const seed of [11, 12, 13]) {
      const closes = randomCloses(seed, 1460);
      const peer = new PeerRsi(14);
      const ours = column(closes);
      for (const [row, close] of closes.entries()) {
        const theirs = peer.update(close, false);
        if (theirs === null) expect(ours[row]).toBeNaN();
        else expect(Math.abs((ours[row] ?? Number.NaN) - theirs)).toBeLessThanOrEqual(1e-9);
      }
    }
  });

  test('agrees with a library that rounds to 2 decimals', () => {
    const closes = randomCloses(14, 1460);
    const theirs = RoundedRsi.calculate({ period: 14, values: closes });
    const ours = [...column(closes).subarray(14)];
    expect(theirs).toHaveLength(ours.length);
    for (const [row, value] of theirs.entries())
      expect(Math.abs((ours[row] ?? 0) - value)).toBeLessThan(0.0051);
  });

  test('stops on a column with a hole anywhere', () => {
    for (const hole of [0, 5, 14, 40, 59]) {
      const closes = randomCloses(3, 60);
      closes[hole] = Number.NaN;
      expect(() => column(closes), `hole at ${hole}`).toThrow('finite');
    }
  });

  test('refuses the snapshot of another length', () => {
    expect(() => new Rsi(14).restore(new Rsi(21).snapshot())).toThrow('RSI(14)');
  });

  test('refuses a length without a history', () => {
    for (const length of [0, 1, 1.5, Number.NaN]) expect(() => new Rsi(length)).toThrow('at least two');
  });
});
