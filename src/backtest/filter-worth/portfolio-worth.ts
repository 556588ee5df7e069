import { assert } from '../../core/base/assert.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { type DatedValue, meanInterval } from './dated-mean.ts';
import type { PortfolioWorth } from './result.ts';
import type { WorthSettings } from './settings.ts';

const DAY_MS = 86_400_000;
/** Equity of a curve is a binary number: differences below this are none, USDT. */
const EXACT_USDT = 1e-9;

/** Compares two walks of the same span day by day. `blockDays` is the length of the blocks of time. */
export function portfolioWorth(
  asIs: BacktestResult,
  without: BacktestResult,
  { worth, blockDays }: { readonly worth: WorthSettings; readonly blockDays: number },
): PortfolioWorth {
  const saved = savedByDay(asIs, without);
  const { confidencePct, seed } = worth;
  const daily = meanInterval(saved, { blockMs: blockDays * DAY_MS, confidencePct, seed });
  const days = saved.length;
  return {
    tradesWithout: without.summary.trades.count,
    pnlWithoutUsdt: madeBy(without),
    savedUsdt: madeBy(asIs) - madeBy(without),
    interval: daily === null ? null : { low: daily.low * days, high: daily.high * days },
  };
}

/** What a walk made, what is still open included, USDT. */
export function madeBy({ summary }: BacktestResult): number {
  return Number(summary.equityEnd) - Number(summary.equityStart);
}

function savedByDay(asIs: BacktestResult, without: BacktestResult): readonly DatedValue[] {
  let before = 0;
  return asIs.equity.map(({ timeMs, equity }, day) => {
    const other = without.equity[day];
    assert(other?.timeMs === timeMs, 'Both walks close the same candles.');
    const ahead = Math.round((equity - other.equity) / EXACT_USDT) * EXACT_USDT;
    const value = ahead - before;
    before = ahead;
    return { timeMs, value };
  });
}
