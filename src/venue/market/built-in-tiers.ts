import { type Decimal, decimal, ONE } from '../../core/base/decimal.ts';
import { type RiskTier, riskTiers, type TierRow } from '../../core/matching/risk-tier.ts';

/** The first tier's bound grows with the square of the leverage: 1,000,000 at 100x, 62,500 at 25x. */
const FIRST_BOUND_FACTOR = 100;
/** By how many times the first bound each tier ends, and into how many parts it divides the leverage. */
const STEPS: readonly (readonly [times: number, divisor: number])[] = [
  [1, 1],
  [2, 1.5],
  [4, 2],
  [8, 3],
  [16, 4],
  [32, 6],
  [64, 10],
];
/** Bound of the last tier, without leverage. */
const LAST_TIMES = 128;
const LEVERAGE_PLACES = 2;
const RATE_PLACES = 6;

/**
 * Tiers of a contract nobody published any for, in the shape exchanges give them: the bounds double, leverage
 * falls, and the maintenance margin is half of the initial margin of the tier's largest leverage.
 */
export function builtInTiers(leverageMax: number): readonly RiskTier[] {
  const first = decimal(
    Math.max(1, Math.round((leverageMax * leverageMax * FIRST_BOUND_FACTOR) / 1000)) * 1000,
  );
  const rate = (divisor: number): Decimal =>
    decimal(divisor).dividedBy(decimal(leverageMax).times(2)).toDecimalPlaces(RATE_PLACES);
  const rows: TierRow[] = [];
  for (const [times, divisor] of STEPS) {
    const leverage = decimal(leverageMax).dividedBy(divisor).toDecimalPlaces(LEVERAGE_PLACES);
    if (leverage.lessThanOrEqualTo(ONE)) break;
    rows.push({ valueMax: first.times(times), leverageMax: leverage, maintenanceRate: rate(divisor) });
  }
  rows.push({ valueMax: first.times(LAST_TIMES), leverageMax: ONE, maintenanceRate: rate(leverageMax) });
  return riskTiers(rows);
}
