import type { Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'rsi-recheck';
const OFF = pass(FILTER, 'filter.rsi-recheck.off', NOTHING);
const PASS = pass(FILTER, 'filter.rsi-recheck.pass', NOTHING);

/**
 * Vetoes when the RSI that the open candle would close with at the newest price is no longer in the entry zone,
 * give or take the slack. The same RSI of the same timeframe as the signal's: there is no other source.
 */
export function rsiRecheck({ settings, signal, signalSettings, market }: EntryContext): Verdict {
  const direction = entryDirection(signal);
  if (!settings.rsiRecheckEnabled) return OFF;
  if (direction === null) return PASS;
  const long = direction === 'long';
  const slack = settings.rsiRecheckSlack;
  const threshold = long ? signalSettings.rsiLongMax + slack : signalSettings.rsiShortMin - slack;
  const value = market.price === null ? null : market.scan.rsi.peek(market.price);
  if (value === null) return veto(FILTER, 'filter.rsi-recheck.unknown', { threshold, unit: 'RSI' });
  const measured = { value, threshold, margin: long ? threshold - value : value - threshold, unit: 'RSI' };
  return measured.margin >= 0
    ? pass(FILTER, 'filter.rsi-recheck.pass', measured)
    : veto(FILTER, 'filter.rsi-recheck.gone', measured);
}
