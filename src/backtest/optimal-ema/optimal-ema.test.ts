import { describe, expect, it } from 'vitest';
import { candlesOf, randomCloses, ruleOf, wavyCloses } from '../../../test/fixture/searched-candles.ts';
import { searchOptimalEma } from './optimal-ema.ts';

/** A nervous RSI: many signals of few candles. */
const NERVOUS = { rsiLength: 5 };

describe('the search for a pair of averages', () => {
  it('finds one that beats every signal where averages tell something', () => {
    const { verdict, pair, evidence } = searchOptimalEma(
      candlesOf(wavyCloses(3_000, 1)),
      ruleOf({}, NERVOUS),
    );
    expect(verdict).toBe('better');
    expect(pair).not.toBeNull();
    expect(evidence.gainInterval?.low).toBeGreaterThan(0);
    expect(evidence.outOfSample.meanReturnPct).toBeGreaterThan(evidence.baseline.meanReturnPct ?? 0);
    expect(evidence.gainPct).toBeCloseTo(
      (evidence.outOfSample.meanReturnPct ?? 0) - (evidence.baseline.meanReturnPct ?? 0),
      12,
    );
  });

  it('finds none on random walks but for the few that chance allows', () => {
    const verdicts = Array.from(
      { length: 40 },
      (_, seed) => searchOptimalEma(candlesOf(randomCloses(2_500, seed)), ruleOf()).verdict,
    );
    // One in forty is what an interval of 95 % is wrong by on its upper side.
    expect(verdicts.filter((verdict) => verdict === 'better').length).toBeLessThanOrEqual(3);
    expect(verdicts.filter((verdict) => verdict === 'no-better').length).toBeGreaterThan(20);
  });

  it('chooses better in hindsight than it does on what it had not seen: why only the latter counts', () => {
    let [seen, unseen] = [0, 0];
    for (let seed = 0; seed < 10; seed += 1) {
      const { evidence } = searchOptimalEma(candlesOf(randomCloses(2_500, seed)), ruleOf());
      seen += evidence.inSample.meanReturnPct ?? 0;
      unseen += evidence.outOfSample.meanReturnPct ?? 0;
    }
    expect(seen).toBeGreaterThan(unseen);
  });

  it.each(['volatility', 'full'] as const)(
    'never changes a choice by what comes after it (%s grid)',
    (grid) => {
      const rule = ruleOf({ grid }, NERVOUS);
      const closes = randomCloses(1_800, 11);
      const { evidence } = searchOptimalEma(candlesOf(closes), rule);
      expect(evidence.folds.every(({ pair }) => pair !== null)).toBe(true);
      for (const [place, fold] of evidence.folds.entries()) {
        const firstRow = fold.fromMs / 21_600_000;
        const changed = closes.map((close, row) =>
          row <= firstRow ? close : close * (1 + 0.3 * Math.sin(row)),
        );
        const after = searchOptimalEma(candlesOf(changed), rule).evidence.folds[place];
        expect({ pair: after?.pair, inSample: after?.inSample }).toEqual({
          pair: fold.pair,
          inSample: fold.inSample,
        });
        expect(after?.outOfSample).not.toEqual(fold.outOfSample);
      }
    },
  );

  it('cuts the later half of the candles it can judge into folds without a hole', () => {
    const { folds, lastMs, candles } = searchOptimalEma(candlesOf(randomCloses(1_800, 2)), ruleOf()).evidence;
    expect(folds).toHaveLength(4);
    for (const [place, fold] of folds.entries()) {
      const next = folds[place + 1];
      if (next !== undefined) expect(next.fromMs - fold.toMs).toBe(21_600_000);
    }
    // 11 candles at the end are what a signal is judged by; the averages settle before the first.
    expect(folds.at(-1)?.toMs).toBe(lastMs - 11 * 21_600_000);
    expect(folds[0]?.fromMs).toBeGreaterThan((candles / 2) * 21_600_000);
  });

  it('gives the same result for the same candles', () => {
    const candles = candlesOf(wavyCloses(2_000, 3));
    expect(JSON.stringify(searchOptimalEma(candles, ruleOf()))).toBe(
      JSON.stringify(searchOptimalEma(candles, ruleOf())),
    );
  });

  it.each([0, 1, 15, 209, 360, 380])('says of %s candles that they are not enough', (count) => {
    const { verdict, pair, evidence } = searchOptimalEma(candlesOf(randomCloses(count, 1)), ruleOf());
    expect([verdict, pair, evidence.gainInterval]).toEqual(['not-enough', null, null]);
  });

  it('says of too few signals that they are not enough, and of the same with a smaller least number more', () => {
    const candles = candlesOf(wavyCloses(3_000, 1));
    const { verdict, evidence } = searchOptimalEma(candles, ruleOf({ signalsMin: 20 }, NERVOUS));
    expect(verdict).not.toBe('not-enough');
    const signalsMin = evidence.outOfSample.signals * 4;
    expect(evidence.baseline.signals).toBeGreaterThan(signalsMin);
    expect(searchOptimalEma(candles, ruleOf({ signalsMin }, NERVOUS)).verdict).toBe('not-enough');
  });
});
