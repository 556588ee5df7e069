import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import type { Transfer } from '../domain/position.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

const DAY_MS = 86_400_000;

/** The equity a day began with. */
export interface DayStart {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** Equity of the day's first reading, quote currency. */
  readonly equity: Decimal;
  /** When that reading was made, exchange time, ms. */
  readonly asOfMs: number;
}

/** The day's beginning after a reading of the account: the first reading of a day is its beginning. */
export function dayStartAfter(known: DayStart | null, equity: Decimal, asOfMs: number): DayStart {
  const day = Math.floor(asOfMs / DAY_MS);
  return known !== null && known.day >= day ? known : { day, equity, asOfMs };
}

/** What was moved in since the day began, less what was moved out; null while that is not known. */
export function transferredSince(dayStart: DayStart, transfers: readonly Transfer[] | null): Decimal | null {
  if (transfers === null) return null;
  const since = transfers.filter(({ timeMs }) => timeMs > dayStart.asOfMs);
  return since.reduce((sum, { amount }) => sum.plus(amount), ZERO);
}

/**
 * Refuses entries for the rest of the day once trading has lost `pctMax` percent of the equity the day began with.
 * Equity holds what is realised and what is open, fees and funding, whoever traded; what was moved in or out since is
 * no result of trading and is taken out of it. A day whose beginning or whose transfers are not known refuses too.
 */
export function dailyLossRefusal(account: {
  readonly equity: Decimal;
  readonly dayStart: DayStart | null;
  /** Moved in since the day began, less what was moved out; null: not known. */
  readonly transferred: Decimal | null;
  readonly pctMax: number;
}): Refusal | null {
  const { equity, dayStart, transferred, pctMax } = account;
  if (dayStart === null || transferred === null) {
    const what =
      dayStart === null ? 'The equity at midnight UTC' : 'What was moved in or out of the account today';
    return refuse('risk.limit.daily-loss-unknown', `${what} is not known, so the loss of the day is not.`);
  }
  const lost = dayStart.equity.plus(transferred).minus(equity);
  const allowed = dayStart.equity.times(decimal(pctMax)).dividedBy(100);
  if (lost.lessThan(allowed)) return null;
  const value = decimalText(lost);
  const threshold = decimalText(allowed);
  const detail = `The account has lost ${value} USDT since midnight UTC, ${pctMax} % of ${decimalText(dayStart.equity)} is ${threshold}.`;
  return refuse('risk.limit.daily-loss', detail, { value, threshold });
}
