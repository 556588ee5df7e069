import type { TickCandle } from './tick-candle.ts';

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

/** The candle of a span of minutes, each of its parts shown on the way, ascending; null for an empty span. */
export function foldSpan(
  tree: CandleTree,
  span: MinuteSpan,
  see: (part: TickCandle) => void = () => undefined,
): TickCandle | null {
  // One candle for all parts: this is done for every instrument at every minute.
  let joined: { -readonly [Field in keyof TickCandle]: number } | null = null;
  visitSpan(tree, span, (part) => {
    see(part);
    if (joined === null) {
      const { open, high, low, close, volume } = part;
      joined = { open, high, low, close, volume };
      return;
    }
    joined.high = Math.max(joined.high, part.high);
    joined.low = Math.min(joined.low, part.low);
    joined.close = part.close;
    joined.volume += part.volume;
  });
  return joined;
}

/** Shows the fewest candles that make up the span, ascending. */
function visitSpan(tree: CandleTree, { from, to }: MinuteSpan, visit: (candle: TickCandle) => void): void {
  const { coarseMinutes } = tree;
  let minute = from;
  while (minute < to) {
    const index = Math.floor(minute / coarseMinutes);
    const start = index * coarseMinutes;
    const until = Math.min(to, start + coarseMinutes);
    if (minute === start && until === start + coarseMinutes) visit(tree.coarse(index));
    else visitMinutes(tree.minutes(index), { from: minute - start, to: until - start }, visit);
    minute = until;
  }
}

function visitMinutes(
  minutes: readonly TickCandle[],
  { from, to }: MinuteSpan,
  visit: (candle: TickCandle) => void,
): void {
  for (let at = from; at < to; at += 1) {
    const candle = minutes[at];
    if (candle !== undefined) visit(candle);
  }
}
