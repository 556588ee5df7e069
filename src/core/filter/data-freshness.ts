import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

/** Below this RSI still depends on where the series began: Wilder's 14 leaves the seed 0.2 % of its weight after 100. */
export const HISTORY_CANDLES_MIN = 100;

/** How late a candle may arrive after its close, and how far two clocks may disagree, ms. */
const CANDLE_DELAY_MS_MAX = 5_000;

const FILTER = 'data';

/** Vetoes a decision on candles that are lost, too few, broken by a gap, too old, or not closed yet. */
export function dataFreshness(context: EntryContext): Verdict {
  const { candles } = context;
  if (candles.feedLost !== null) return veto(FILTER, 'filter.data.feed-lost', { value: candles.feedLost });
  if (candles.newestOpenTimeMs === null || !(candles.held >= HISTORY_CANDLES_MIN))
    return tooFew(candles.held);
  if (candles.gap) return veto(FILTER, 'filter.data.gap', { value: candles.newestOpenTimeMs, unit: 'ms' });
  return age(context, candles.newestOpenTimeMs);
}

function tooFew(held: number): Verdict {
  const margin = held - HISTORY_CANDLES_MIN;
  return veto(FILTER, 'filter.data.too-few', {
    value: held,
    threshold: HISTORY_CANDLES_MIN,
    margin,
    unit: 'candles',
  });
}

function age({ timeMs, timeframe }: EntryContext, newestOpenTimeMs: number): Verdict {
  const intervalMs = timeframeMs(timeframe);
  const value = timeMs - newestOpenTimeMs - intervalMs;
  const threshold = intervalMs + CANDLE_DELAY_MS_MAX;
  if (value < -CANDLE_DELAY_MS_MAX) {
    const margin = value + CANDLE_DELAY_MS_MAX;
    return veto(FILTER, 'filter.data.unclosed', {
      value,
      threshold: -CANDLE_DELAY_MS_MAX,
      margin,
      unit: 'ms',
    });
  }
  const measured = { value, threshold, margin: threshold - value, unit: 'ms' };
  return value > threshold
    ? veto(FILTER, 'filter.data.stale', measured)
    : pass(FILTER, 'filter.data.pass', measured);
}
