import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import type { EntryMarket } from './entry-readings.ts';
import { NOTHING, pass, skip, veto } from './verdict-maker.ts';

const FILTER = 'spread';
const OFF = pass(FILTER, 'filter.spread.off', NOTHING);

/** A quote older than this tells nothing of now, ms; followed instruments are told several times a second. */
const QUOTE_AGE_MS_MAX = 60_000;

/**
 * Vetoes an instrument whose bid and ask are too far apart, in % of their middle. Where the market tells quotes,
 * an instrument without a fresh one is vetoed too; a market that tells none at all is skipped, visibly.
 */
export function spread({ settings, market, quotesGiven, timeMs }: EntryContext): Verdict {
  const threshold = settings.spreadPctMax;
  if (threshold === null) return OFF;
  if (!quotesGiven) return skip(FILTER, 'filter.spread.not-quoted', { threshold, unit: 'pct' });
  const value = spreadPct(market);
  const fresh = timeMs - market.priceMs <= QUOTE_AGE_MS_MAX;
  if (value === null || !fresh) return veto(FILTER, 'filter.spread.unknown', { threshold, unit: 'pct' });
  const measured = { value, threshold, margin: threshold - value, unit: 'pct' };
  return value <= threshold
    ? pass(FILTER, 'filter.spread.pass', measured)
    : veto(FILTER, 'filter.spread.wide', measured);
}

/** Null when a side is empty or the two are crossed: then there is no market to measure. */
function spreadPct({ bidPrice, askPrice }: EntryMarket): number | null {
  if (bidPrice === null || askPrice === null || !(bidPrice > 0 && askPrice >= bidPrice)) return null;
  return ((askPrice - bidPrice) / ((askPrice + bidPrice) / 2)) * 100;
}
