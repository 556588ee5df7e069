import { describe, expect, it } from 'vitest';
import { Drawdown } from './drawdown.ts';

function fallOf(equities: readonly number[]) {
  const drawdown = new Drawdown();
  for (const [index, equity] of equities.entries()) drawdown.next(index * 1000, equity);
  return drawdown.deepest;
}

describe('Drawdown', () => {
  it('keeps the deepest fall below an earlier high, in percent of that high', () => {
    // 100 -> 80 is 20 %; 200 -> 150 is 25 % and deeper, 200 -> 170 comes later and is not.
    expect(fallOf([100, 80, 200, 150, 170])).toEqual({ pct: 25, amount: 50, peakMs: 2000, troughMs: 3000 });
  });

  it('measures the larger share, not the larger amount', () => {
    expect(fallOf([100, 50, 1000, 900])).toMatchObject({ pct: 50, amount: 50 });
  });

  it.each([[[]], [[100]], [[100, 100, 120]]])('has none for %j', (equities) => {
    expect(fallOf(equities)).toBeNull();
  });

  it('stops on equity that is no number', () => {
    expect(() => fallOf([100, Number.NaN])).toThrow('Equity is a number.');
  });
});
