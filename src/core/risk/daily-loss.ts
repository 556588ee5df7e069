import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

const DAY_MS = 86_400_000;

/** The equity a day began with. */
export interface DayStart {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** Equity of the day's first reading, quote currency. */
  readonly equity: Decimal;
}

/** The day's beginning after a reading of the account: the first reading of a day is its beginning. */
export function dayStartAfter(known: DayStart | null, equity: Decimal, asOfMs: number): DayStart {
  const day = Math.floor(asOfMs / DAY_MS);
  return known !== null && known.day >= day ? known : { day, equity };
}

/**
 * Refuses entries for the rest of the day once equity has fallen by `pctMax` percent since midnight UTC. Equity
 * holds what is realised and what is open, fees and funding, whoever traded; money taken out counts as a loss,
 * and money put in hides as much of one: a balance does not say where it came from.
 * A day whose beginning is not known refuses too.
 */
export function dailyLossRefusal(account: {
  readonly equity: Decimal;
  readonly dayStart: DayStart | null;
  readonly pctMax: number;
}): Refusal | null {
  const { equity, dayStart, pctMax } = account;
  if (dayStart === null) {
    const detail = 'The equity at midnight UTC is not known, so the loss of the day is not.';
    return refuse('risk.limit.daily-loss-unknown', detail);
  }
  const lost = dayStart.equity.minus(equity);
  const allowed = dayStart.equity.times(decimal(pctMax)).dividedBy(100);
  if (lost.lessThan(allowed)) return null;
  const value = decimalText(lost);
  const threshold = decimalText(allowed);
  const detail = `The account has lost ${value} USDT since midnight UTC, ${pctMax} % of ${decimalText(dayStart.equity)} is ${threshold}.`;
  return refuse('risk.limit.daily-loss', detail, { value, threshold });
}
