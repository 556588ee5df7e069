import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWalk, requestOf } from '../../../test/fixture/any-walk.ts';
import { runBacktest } from '../backtest.ts';
import type { BacktestResult } from '../backtest-result.ts';

/** All but how it was walked. */
function outcomeOf({ screening: _, ...outcome }: BacktestResult): Partial<BacktestResult> {
  return outcome;
}

/** What is left when looks that come to nothing are not counted. */
function tradesOf(result: BacktestResult): Partial<BacktestResult> {
  const { outcomes: _outcomes, refusals: _refusals, vetoes: _vetoes, ...trades } = outcomeOf(result);
  return trades;
}

describe('a screened walk', () => {
  it('gives every byte of the plain one, whatever the market and the settings', () => {
    const seen = { trades: 0, skipped: 0, candles: 0 };
    fc.assert(
      fc.property(anyWalk, (any) => {
        const request = requestOf(any);
        const plain = runBacktest({ ...request, screening: false });
        const screened = runBacktest(request);
        expect(JSON.stringify(outcomeOf(screened))).toBe(JSON.stringify(outcomeOf(plain)));
        const short = runBacktest({ ...request, looks: false });
        expect(JSON.stringify(tradesOf(short))).toBe(JSON.stringify(tradesOf(plain)));
        seen.trades += plain.trades.length;
        seen.skipped += screened.screening.candlesSkipped;
        seen.candles += plain.market.candles;
      }),
      { numRuns: Number(process.env['INFOBOT_TEST_RUNS'] ?? 30) },
    );
    expect(seen.trades, 'The markets were traded.').toBeGreaterThan(100);
    expect(seen.skipped / seen.candles, 'Candles were skipped.').toBeGreaterThan(0.2);
  });
});
