import { joinCandles, type TickCandle } from './tick-candle.ts';

export const SECONDS_PER_MINUTE = 60;
export const MINUTE_MS = 60_000;

/**
 * All prices of one instrument by random access: coarse candles, the minutes inside each, the seconds inside
 * each minute. Minutes join into their coarse candle exactly; seconds touch their minute's extremes. Times
 * are counted from the epoch, in minutes or in coarse candles.
 */
export interface CandleTree {
  readonly coarseMinutes: number;
  coarse(index: number): TickCandle;
  /** The `coarseMinutes` minutes of one coarse candle, ascending. */
  minutes(coarseIndex: number): readonly TickCandle[];
  /** 60 prices in ticks, one a second: the first is the minute's open, the last its close. */
  seconds(minute: number): readonly number[];
}

/** Minutes `from` (included) to `to` (left out). */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

/** The candle of one minute. */
export function minuteOf(tree: CandleTree, minute: number): TickCandle | null {
  const index = Math.floor(minute / tree.coarseMinutes);
  return tree.minutes(index)[minute - index * tree.coarseMinutes] ?? null;
}

/** The candle of a span of minutes; null for an empty span. */
export function foldSpan(tree: CandleTree, span: MinuteSpan): TickCandle | null {
  let joined: TickCandle | null = null;
  visitSpan(tree, span, (candle) => {
    joined = joinCandles(joined, candle);
  });
  return joined;
}

/** Shows the fewest candles that make up the span, ascending. */
export function visitSpan(
  tree: CandleTree,
  { from, to }: MinuteSpan,
  visit: (candle: TickCandle) => void,
): void {
  const { coarseMinutes } = tree;
  let minute = from;
  while (minute < to) {
    const index = Math.floor(minute / coarseMinutes);
    const start = index * coarseMinutes;
    const until = Math.min(to, start + coarseMinutes);
    if (minute === start && until === start + coarseMinutes) visit(tree.coarse(index));
    else for (const candle of tree.minutes(index).slice(minute - start, until - start)) visit(candle);
    minute = until;
  }
}
