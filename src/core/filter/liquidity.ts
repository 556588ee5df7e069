import type { CandleSeries } from '../domain/candle-series.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'liquidity';
const OFF = pass(FILTER, 'filter.liquidity.off', NOTHING);
const DAY_MS = 86_400_000;

/**
 * Vetoes an instrument on which too little is traded. Value: turnover of 24 hours in USDT, as the exchange states
 * it; where no quote has told it, as in candles of the past, what the candles of the last day add up to.
 */
export function liquidity({ settings, market }: EntryContext): Verdict {
  const threshold = settings.liquidityTurnoverMinUsdt;
  if (threshold === null) return OFF;
  const value = market.turnover24h ?? candleTurnover(market.scan.candles);
  if (value === null) return veto(FILTER, 'filter.liquidity.unknown', { threshold, unit: 'USDT' });
  const measured = { value, threshold, margin: value - threshold, unit: 'USDT' };
  return value >= threshold
    ? pass(FILTER, 'filter.liquidity.pass', measured)
    : veto(FILTER, 'filter.liquidity.thin', measured);
}

/** Volume times close over the last 24 hours; a shorter past is taken for the whole day. Null without a candle. */
function candleTurnover(series: CandleSeries): number | null {
  const dayCandles = DAY_MS / timeframeMs(series.timeframe);
  const count = Math.min(series.length, dayCandles);
  if (count === 0) return null;
  let turnover = 0;
  for (let row = series.length - count; row < series.length; row += 1) {
    turnover += series.volumeAt(row) * series.closeAt(row);
  }
  return turnover * (dayCandles / count);
}
