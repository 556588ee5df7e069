import { directionSign } from '../domain/order.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type EntryContext, entryDirection } from './entry-context.ts';
import { NOTHING, pass, skip, veto } from './verdict-maker.ts';

const FILTER = 'funding-cost';
const OFF = pass(FILTER, 'filter.funding-cost.off', NOTHING);
const PASS = pass(FILTER, 'filter.funding-cost.pass', NOTHING);
const DAY_MS = 86_400_000;

/**
 * Vetoes a direction that would pay too much funding. Value: % of the notional it pays in 24 hours at the newest
 * rate, below zero when it is paid. A long pays a rate above zero. A rate older than one funding interval
 * is not known; a market that tells no rates at all is skipped, visibly.
 */
export function fundingCost(context: EntryContext): Verdict {
  const { settings, signal, instrument, market, fundingGiven, timeMs } = context;
  const direction = entryDirection(signal);
  const threshold = settings.fundingPctMaxPerDay;
  if (threshold === null) return OFF;
  if (direction === null) return PASS;
  const unit = 'pct';
  if (!fundingGiven) return skip(FILTER, 'filter.funding-cost.not-told', { threshold, unit });
  const { fundingIntervalMs } = instrument;
  const fresh = timeMs - market.priceMs <= fundingIntervalMs;
  if (market.fundingRate === null || !fresh || !(fundingIntervalMs > 0)) {
    return veto(FILTER, 'filter.funding-cost.unknown', { threshold, unit });
  }
  const paidPct = market.fundingRate * directionSign(direction) * (DAY_MS / fundingIntervalMs) * 100;
  const value = paidPct === 0 ? 0 : paidPct;
  const measured = { value, threshold, margin: threshold - value, unit };
  return value <= threshold
    ? pass(FILTER, 'filter.funding-cost.pass', measured)
    : veto(FILTER, 'filter.funding-cost.high', measured);
}
