import { describe, expect, it } from 'vitest';
import { rng } from '../base/rng.ts';
import { learnExitScam } from './learn-exit-scam.ts';

/** Candles that open at the close before and move by these rates. */
function market(rates: readonly number[]) {
  const open = new Float64Array(rates.length);
  const close = new Float64Array(rates.length);
  let price = 100;
  for (const [row, rate] of rates.entries()) {
    open[row] = price;
    price *= 1 + rate;
    close[row] = price;
  }
  return { open, close };
}

const alternating = (length: number, rate: number) =>
  Array.from({ length }, (_, row) => (row % 2 === 0 ? rate : 1 / (1 + rate) - 1));

describe('thresholds learned from the past', () => {
  it('needs 50 candles before the newest 30', () => {
    expect(learnExitScam(market(alternating(79, 0.01)), 'normal')).toBeNull();
    expect(learnExitScam(market(alternating(80, 0.01)), 'normal')).not.toBeNull();
  });

  it('takes what nearly every candle stays below', () => {
    // 100 bodies of 1 % up and 0.990 % down teach: the 99th, 95th and 90th percentile are all 1.0.
    expect(learnExitScam(market(alternating(130, 0.01)), 'normal')).toMatchObject({ singlePct: 1 });
  });

  it('interpolates between ranks and rounds to a tenth', () => {
    // 101 rises of 0.00 % to 10.00 % in steps of 0.1 %: percentile 99 is rank 99, 9.9 %; 95: 9.5 %; 90: 9 %.
    const rises = [...Array.from({ length: 101 }, (_, row) => row / 1000), ...alternating(30, 0.01)];
    expect(learnExitScam(market(rises), 'conservative')).toMatchObject({ singlePct: 9.9 });
    expect(learnExitScam(market(rises), 'normal')).toMatchObject({ singlePct: 9.5 });
    expect(learnExitScam(market(rises), 'aggressive')).toMatchObject({ singlePct: 9 });
  });

  it('is not taught by the newest candles it will judge', () => {
    const calm = alternating(100, 0.01);
    const pumped = [...calm, ...alternating(30, 0.3)];
    expect(learnExitScam(market(pumped), 'normal')).toEqual(
      learnExitScam(market([...calm, ...alternating(30, 0)]), 'normal'),
    );
  });

  it('finds the length of the pumps instead of the longest window', () => {
    // Price rises 5 % four times in a row, falls back four times, and stands still twice.
    const fall = 1 / 1.05 - 1;
    const cycle = [0.05, 0.05, 0.05, 0.05, fall, fall, fall, fall, 0, 0];
    const rates = Array.from({ length: 430 }, (_, row) => cycle[row % 10] ?? 0);
    const learned = learnExitScam(market(rates), 'normal');
    expect(learned).toMatchObject({ multiCandles: 4, candles: 12, multiPct: 21.6 });
  });

  it('picks short windows for a walk without memory as often as long ones', () => {
    const picked = new Set<number>();
    for (let seed = 1; seed <= 30; seed += 1) {
      const dice = rng(seed);
      const rates = Array.from({ length: 500 }, () => dice.normal() * 0.01);
      picked.add(learnExitScam(market(rates), 'normal')?.multiCandles ?? 0);
    }
    expect(picked.size).toBeGreaterThan(4);
    expect(Math.min(...picked)).toBeLessThan(5);
  });

  it('keeps its thresholds within their bounds', () => {
    expect(learnExitScam(market(alternating(200, 0)), 'normal')).toMatchObject({
      singlePct: 0.1,
      multiPct: 0.1,
    });
    expect(learnExitScam(market(alternating(200, 3)), 'normal')).toMatchObject({
      singlePct: 60,
      multiPct: 150,
    });
  });
});
