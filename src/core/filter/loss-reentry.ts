import { timeframeMs } from '../domain/timeframe.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import type { LossStreak } from './entry-readings.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'loss-reentry';
const OFF = pass(FILTER, 'filter.loss-reentry.off', NOTHING);
const PASS = pass(FILTER, 'filter.loss-reentry.pass', NOTHING);

/**
 * Vetoes an instrument whose last `lossReentryCount` positions all lost, until `lossReentryCandles` whole candles
 * have opened and closed since the newest ended; one that opens with that very millisecond counts. Value:
 * candles passed.
 */
export function lossReentry(context: EntryContext): Verdict {
  const { settings, lossStreak } = context;
  if (!settings.lossReentryEnabled) return OFF;
  if (lossStreak === null || lossStreak.count < settings.lossReentryCount) {
    return PASS;
  }
  const value = candlesSince(context, lossStreak);
  const threshold = settings.lossReentryCandles;
  const measured = { value, threshold, margin: value - threshold, unit: 'candles' };
  return value >= threshold
    ? pass(FILTER, 'filter.loss-reentry.pass', measured)
    : veto(FILTER, 'filter.loss-reentry.waiting', measured);
}

/** Closed candles that opened at `closedMs` or later; none without a newest candle. */
function candlesSince({ candles, timeframe }: EntryContext, { closedMs }: LossStreak): number {
  if (candles.newestOpenTimeMs === null) return 0;
  const stepMs = timeframeMs(timeframe);
  const firstOpenTimeMs = Math.ceil(closedMs / stepMs) * stepMs;
  return Math.max(0, (candles.newestOpenTimeMs - firstOpenTimeMs) / stepMs + 1);
}
