import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tradeStatistic } from './trade-statistic.ts';

describe('tradeStatistic', () => {
  it('adds up winners, losers and a result of nothing', () => {
    // 30 + 10 won, 5 + 15 lost: 40 / 20 = 2; (40 - 20) / 5 = 4; 2 of 5 won.
    expect(tradeStatistic([30, -5, -15, 0, 10])).toEqual({
      count: 5,
      wins: 2,
      losses: 2,
      winRatePct: 40,
      pnl: 20,
      grossProfit: 40,
      grossLoss: 20,
      profitFactor: 2,
      expectancy: 4,
      meanWin: 20,
      meanLoss: 10,
      lossesInARowMax: 2,
    });
  });

  it('has no ratio without a round trip, and no profit factor without a loss', () => {
    const none = tradeStatistic([]);
    expect([none.winRatePct, none.profitFactor, none.expectancy, none.meanWin, none.meanLoss]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(tradeStatistic([7])).toMatchObject({ profitFactor: null, meanLoss: null, winRatePct: 100 });
  });

  it('never gives a number that is none', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 })), (pnls) => {
        const values = Object.values(tradeStatistic(pnls));
        expect(values.every((value) => value === null || Number.isFinite(value))).toBe(true);
      }),
    );
  });
});
