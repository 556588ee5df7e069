import { describe, expect, it } from 'vitest';
import { rng, seedOf } from '../base/rng.ts';
import { gainInterval, type ReturnBlock } from './block-bootstrap.ts';

const block: ReturnBlock = { chosenSum: 6, chosenCount: 2, allSum: 8, allCount: 4 };

describe('the interval of a gain', () => {
  it('has no width where every block says the same', () => {
    const interval = gainInterval({
      blocks: Array.from({ length: 10 }, () => block),
      confidencePct: 95,
      seed: 1,
    });
    // 6 / 2 - 8 / 4 in every resample.
    expect(interval).toEqual({ low: 1, high: 1 });
  });

  it('is not given for fewer than ten blocks', () => {
    const blocks = Array.from({ length: 9 }, () => block);
    expect(gainInterval({ blocks, confidencePct: 95, seed: 1 })).toBeNull();
  });

  it('is not given where what was chosen stands in one block of ten', () => {
    const none = { ...block, chosenSum: 0, chosenCount: 0 };
    const blocks = [block, ...Array.from({ length: 9 }, () => none)];
    expect(gainInterval({ blocks, confidencePct: 95, seed: 1 })).toBeNull();
  });

  it('is the same for the same seed and wider for more confidence', () => {
    const blocks = noise(40, 0);
    const at = (confidencePct: number) => gainInterval({ blocks, confidencePct, seed: 7 });
    expect(at(95)).toEqual(at(95));
    const [narrow, wide] = [at(80), at(99)];
    expect((wide?.low ?? 0) < (narrow?.low ?? 0) && (wide?.high ?? 0) > (narrow?.high ?? 0)).toBe(true);
  });

  it('covers 0 for about 95 of 100 choices at random, and lies above 0 where the choice is good', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const interval = gainInterval({ blocks: noise(40, seed), confidencePct: 95, seed });
      if (interval !== null && interval.low <= 0 && interval.high >= 0) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(176);
    expect(covered).toBeLessThanOrEqual(199);
    const good = noise(40, 3).map((one) => ({ ...one, chosenSum: one.chosenSum + one.chosenCount * 3 }));
    expect(gainInterval({ blocks: good, confidencePct: 95, seed: 3 })?.low).toBeGreaterThan(0);
  });
});

/** Blocks of eight returns of mean 0, half of them chosen by a coin. */
function noise(count: number, seed: number): readonly ReturnBlock[] {
  const dice = rng(seedOf('noise', seed));
  return Array.from({ length: count }, () => {
    const returns = Array.from({ length: 8 }, () => dice.normal());
    const chosen = returns.filter(() => dice.next() < 0.5);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return {
      chosenSum: sum(chosen),
      chosenCount: chosen.length,
      allSum: sum(returns),
      allCount: returns.length,
    };
  });
}
