import type { CandleSeries } from '../domain/candle-series.ts';
import { directionSign } from '../domain/order.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'correlation';

/**
 * Vetoes an entry that repeats a bet already made: more than `correlationPositionsMax` open positions whose
 * instrument moves with this one in the sense of their directions, that is, correlation times both signs
 * beyond `correlationMax`. A long beside a short on a coin that moves alike is a hedge and counts not. What
 * cannot be compared counts as the same bet. Value: positions that are the same bet.
 */
export function correlation(context: EntryContext): Verdict {
  const { settings, signal, market, heldMarkets } = context;
  const threshold = settings.correlationPositionsMax;
  const direction = entryDirection(signal);
  if (threshold === null) return pass(FILTER, 'filter.correlation.off', NOTHING);
  if (direction === null) return pass(FILTER, 'filter.correlation.pass', NOTHING);
  let value = 0;
  for (const held of heldMarkets()) {
    const sign = directionSign(direction) * directionSign(held.direction);
    const alike = sign * returnCorrelation(market.scan.candles, held.candles, settings.correlationCandles);
    if (!(alike <= settings.correlationMax)) value += 1;
  }
  const measured = { value, threshold, margin: threshold - value, unit: 'positions' };
  return value <= threshold
    ? pass(FILTER, 'filter.correlation.pass', measured)
    : veto(FILTER, 'filter.correlation.same-bet', measured);
}

/**
 * Pearson's correlation of the log returns of two series over the newest `candles` candles both hold, -1..1. NaN
 * where they cannot be compared: other timeframes, too few candles in common, or one that has not moved.
 */
export function returnCorrelation(a: CandleSeries, b: CandleSeries, candles: number): number {
  const [lastA, lastB] = [a.lastOpenTimeMs, b.lastOpenTimeMs];
  if (lastA === null || lastB === null || a.timeframe !== b.timeframe) return Number.NaN;
  const commonMs = Math.min(lastA, lastB);
  const returnsA = returnsUpTo(a, commonMs, candles);
  const returnsB = returnsUpTo(b, commonMs, candles);
  return returnsA === null || returnsB === null ? Number.NaN : pearson(returnsA, returnsB);
}

/** Log returns of the `candles` candles that end with the one opened at `lastMs`; null where they are not held. */
function returnsUpTo(series: CandleSeries, lastMs: number, candles: number): Float64Array | null {
  const { close, lastOpenTimeMs } = series;
  const behind = ((lastOpenTimeMs ?? lastMs) - lastMs) / timeframeMs(series.timeframe);
  const first = close.length - behind - candles;
  if (first < 1) return null;
  const returns = new Float64Array(candles);
  for (let row = 0; row < candles; row += 1) {
    returns[row] = Math.log((close[first + row] ?? Number.NaN) / (close[first + row - 1] ?? Number.NaN));
  }
  return returns;
}

function pearson(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let together = 0;
  let spreadA = 0;
  let spreadB = 0;
  for (let row = 0; row < a.length; row += 1) {
    const awayA = (a[row] ?? Number.NaN) - meanA;
    const awayB = (b[row] ?? Number.NaN) - meanB;
    together += awayA * awayB;
    spreadA += awayA * awayA;
    spreadB += awayB * awayB;
  }
  const found = together / Math.sqrt(spreadA * spreadB);
  return Math.min(1, Math.max(-1, found));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
