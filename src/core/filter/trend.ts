import type { Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

const FILTER = 'trend';

/** Vetoes an entry against the trend, where the settings ask for it. A trend not known yet vetoes then, too. */
export function trend({ signal, settings }: EntryContext): Verdict {
  const direction = entryDirection(signal);
  const against = direction === 'long' ? 'down' : 'up';
  const avoided = direction === 'long' ? settings.avoidDownTrend : settings.avoidUpTrend;
  const measured = { value: signal.trend, threshold: avoided ? `not ${against}` : 'any' };
  if (direction === null || !avoided) return pass(FILTER, 'filter.trend.pass', measured);
  if (signal.trend === null) return veto(FILTER, 'filter.trend.unknown', measured);
  if (signal.trend !== against) return pass(FILTER, 'filter.trend.pass', measured);
  return veto(FILTER, against === 'down' ? 'filter.trend.down' : 'filter.trend.up', measured);
}
