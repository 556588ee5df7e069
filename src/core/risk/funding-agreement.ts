/** Digits of a percentage in a sentence, and as fine as the limits are compared. */
const DIGITS = 6;
/** Payments a day at the longest usual interval, 8 hours: there one payment is the largest part of a day's. */
const PAYMENTS_PER_DAY_MIN = 3;

/**
 * Why funding may not end a position at a rate its entry may still have: it would be closed at once, and entered again
 * on the next signal, for two fees each time. Null when the two limits agree, or funding ends no position.
 */
export function fundingFault(limits: {
  /** Of one payment, %; null: funding ends no position. */
  readonly fundingExitPctMax: number | null;
  /** Of a day, %; null: entries look at no funding. */
  readonly fundingPctMaxPerDay: number | null;
}): string | null {
  const { fundingExitPctMax: exit, fundingPctMaxPerDay: day } = limits;
  if (exit === null) return null;
  if (day === null)
    return `Funding above ${exit} % would end a position and nothing keeps it from being entered: set filter.fundingPctMaxPerDay to ${exit * PAYMENTS_PER_DAY_MIN} at most.`;
  const payment = Number((day / PAYMENTS_PER_DAY_MIN).toFixed(DIGITS));
  if (exit >= payment) return null;
  return (
    `Entries may pay ${day} % a day (filter.fundingPctMaxPerDay), ${payment} % at each of ${PAYMENTS_PER_DAY_MIN} payments: ` +
    `an exit at ${exit} % would close them at once. It takes ${payment} or more.`
  );
}
