import { type Decimal, decimalText } from '../base/decimal.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';
import type { RiskSettings } from './settings.ts';

/**
 * What an entry of `notional` takes from the available balance: its margin, and the taker fees of opening and of
 * closing, which an exchange sets aside with it.
 */
export function marginNeeded(
  notional: Decimal,
  { leverage, takerFeePct }: Pick<RiskSettings, 'leverage' | 'takerFeePct'>,
): Decimal {
  const fees = notional.times(takerFeePct).times(2).dividedBy(100);
  return notional.dividedBy(leverage).plus(fees);
}

/** Refuses an entry that the available balance does not carry; a balance that is no number carries nothing. */
export function marginRefusal(
  available: Decimal,
  notional: Decimal,
  settings: Pick<RiskSettings, 'leverage' | 'takerFeePct'>,
): Refusal | null {
  const needed = marginNeeded(notional, settings);
  if (needed.lessThanOrEqualTo(available)) return null;
  const value = decimalText(needed);
  const threshold = decimalText(available);
  const detail = `The entry needs ${value} USDT of margin and fees, ${threshold} is available.`;
  return refuse('risk.limit.margin', detail, { value, threshold });
}
