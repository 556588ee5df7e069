import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'volatility';
const OFF = pass(FILTER, 'filter.volatility.off', NOTHING);

/**
 * Vetoes an instrument that moves too little to reach its exits, or too much for its stop. Value: Wilder's mean true
 * range over 14 closed candles in % of the newest close, as the signal reads it. Either bound may be left open.
 */
export function volatility({ settings, market }: EntryContext): Verdict {
  const { volatilityPctMin: low, volatilityPctMax: high } = settings;
  if (low === null && high === null) return OFF;
  const value = market.scan.volatility.value?.atrPct ?? null;
  if (value === null) return veto(FILTER, 'filter.volatility.unknown', { unit: 'pct' });
  const above = measure(value, low, value - (low ?? Number.NEGATIVE_INFINITY));
  if (!(above.margin >= 0)) return veto(FILTER, 'filter.volatility.low', above);
  const below = measure(value, high, (high ?? Number.POSITIVE_INFINITY) - value);
  if (!(below.margin >= 0)) return veto(FILTER, 'filter.volatility.high', below);
  return pass(FILTER, 'filter.volatility.pass', above.margin < below.margin ? above : below);
}

function measure(value: number, threshold: number | null, margin: number) {
  return { value, threshold, margin, unit: 'pct' };
}
