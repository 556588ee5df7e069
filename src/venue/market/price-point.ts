import type { TickCandle } from './tick-candle.ts';

/** Seconds the index price averages over: what keeps the mark price calmer than the last price. */
const INDEX_SECONDS = 5;
/** Share of the last price in the mark price; the rest is the index. */
const MARK_LAST_SHARE = 0.3;
/** Share of the way from last price to index that the mark price goes. */
export const MARK_BASIS_SHARE = 0.3;

/** Prices of one second, in ticks. */
export interface PricePoint {
  readonly last: number;
  readonly mark: number;
  readonly index: number;
}

/** The prices at `second` (0-59) of a minute's path; `basis` is how far the index stands from the last price, as a rate. */
export function pricePoint(path: readonly number[], second: number, basis: number): PricePoint {
  const last = path[second] ?? 0;
  const from = Math.max(0, second - INDEX_SECONDS + 1);
  let sum = 0;
  for (let i = from; i <= second; i += 1) sum += path[i] ?? 0;
  const mean = sum / (second - from + 1);
  const mark = (mean + (last - mean) * MARK_LAST_SHARE) * (1 + basis * MARK_BASIS_SHARE);
  const index = mean * (1 + basis);
  return { last, mark: Math.max(1, Math.round(mark)), index: Math.max(1, Math.round(index)) };
}

/** The minute as it looks at `second`: what its path has shown so far, and that share of its volume. */
export function partialMinute(minute: TickCandle, path: readonly number[], second: number): TickCandle {
  let { open: high, open: low } = minute;
  for (let i = 0; i <= second; i += 1) {
    const price = path[i] ?? minute.open;
    if (price > high) high = price;
    if (price < low) low = price;
  }
  const volume = Math.floor((minute.volume * (second + 1)) / path.length);
  return { open: minute.open, high, low, close: path[second] ?? minute.open, volume };
}

/**
 * Lets an illiquid instrument rest: some seconds repeat the price before them. First, last, highest and
 * lowest points stay, so the path still tells its minute. Works in place.
 */
export function withRests(path: number[], activity: number, next: () => number): readonly number[] {
  let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const price of path) {
    if (price > high) high = price;
    if (price < low) low = price;
  }
  for (let i = 1; i < path.length - 1; i += 1) {
    const price = path[i] ?? 0;
    const rests = next() >= activity;
    if (rests && price !== high && price !== low) path[i] = path[i - 1] ?? price;
  }
  return path;
}
