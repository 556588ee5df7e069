import type { CandleSeries } from '../domain/candle-series.ts';
import { directionSign } from '../domain/order.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'correlation';
const OFF = pass(FILTER, 'filter.correlation.off', NOTHING);
const PASS = pass(FILTER, 'filter.correlation.pass', NOTHING);

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
  if (threshold === null) return OFF;
  if (direction === null) return PASS;
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
  const movesA = movesUpTo(a, commonMs, candles);
  const movesB = movesUpTo(b, commonMs, candles);
  return movesA === null || movesB === null ? Number.NaN : pearson(movesA, movesB);
}

/** The log returns of one window, as far from their mean as each is. */
interface Moves {
  /** Open time of the last candle, ms UTC. */
  readonly lastMs: number;
  readonly returns: Float64Array;
  readonly away: Float64Array;
  /** Sum of their squares. */
  readonly spread: number;
}

/** The window last asked for of each series: one pass compares the same few with many. */
const KNOWN = new WeakMap<CandleSeries, Moves>();

/** Of the `candles` candles that end with the one opened at `lastMs`; null where they are not held. */
function movesUpTo(series: CandleSeries, lastMs: number, candles: number): Moves | null {
  const { lastOpenTimeMs, length, timeframe } = series;
  const stepMs = timeframeMs(timeframe);
  const behind = ((lastOpenTimeMs ?? lastMs) - lastMs) / stepMs;
  const first = length - behind - candles;
  if (first < 1) return null;
  const known = KNOWN.get(series);
  const usable = known?.returns.length === candles ? known : null;
  if (usable?.lastMs === lastMs) return usable;
  const moves = movesOf(returnsFrom(series.close, first, { lastMs, candles, stepMs, known: usable }), lastMs);
  KNOWN.set(series, moves);
  return moves;
}

/** Log returns; those the window before has in common with this one are not computed again. */
function returnsFrom(
  close: Float64Array,
  first: number,
  window: {
    readonly lastMs: number;
    readonly candles: number;
    readonly stepMs: number;
    readonly known: Moves | null;
  },
): Float64Array {
  const { lastMs, candles, stepMs, known } = window;
  const later = known === null ? candles : (lastMs - known.lastMs) / stepMs;
  const kept = known !== null && later > 0 && later < candles ? candles - later : 0;
  const returns = new Float64Array(candles);
  if (known !== null && kept > 0) returns.set(known.returns.subarray(later));
  for (let row = kept; row < candles; row += 1) {
    returns[row] = Math.log((close[first + row] ?? Number.NaN) / (close[first + row - 1] ?? Number.NaN));
  }
  return returns;
}

function movesOf(returns: Float64Array, lastMs: number): Moves {
  const middle = mean(returns);
  const away = new Float64Array(returns.length);
  let spread = 0;
  for (let row = 0; row < returns.length; row += 1) {
    const distance = (returns[row] ?? Number.NaN) - middle;
    away[row] = distance;
    spread += distance * distance;
  }
  return { lastMs, returns, away, spread };
}

function pearson(a: Moves, b: Moves): number {
  let together = 0;
  for (let row = 0; row < a.away.length; row += 1) {
    together += (a.away[row] ?? Number.NaN) * (b.away[row] ?? Number.NaN);
  }
  const found = together / Math.sqrt(a.spread * b.spread);
  return Math.min(1, Math.max(-1, found));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
