import { type Decimal, decimal, ONE, ZERO } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';

/** A range of position value with its own margin: the larger the position, the dearer. */
export interface RiskTier {
  /** Counts from 1, the lowest risk. */
  readonly tier: number;
  /** Largest position value of the tier, in quote currency; null for without end. */
  readonly valueMax: Decimal | null;
  /** Maintenance margin as a rate of the position's value, before the deduction. */
  readonly maintenanceRate: Decimal;
  /** Taken off, so that the margin does not jump where a tier ends. */
  readonly deduction: Decimal;
  readonly leverageMax: Decimal;
}

/** A tier as exchanges publish it: numbers and deductions follow from the order. */
export type TierRow = Omit<RiskTier, 'tier' | 'deduction'>;

/** An instrument of a table that states its tiers. */
export interface TieredInstrument extends Instrument {
  /** Ascending; at least one. */
  readonly riskTiers?: readonly RiskTier[];
}

const PLAIN = new WeakMap<Instrument, readonly RiskTier[]>();

/** The instrument's tiers; one that holds half of the initial margin for all sizes when it states none. */
export function riskTiersOf(instrument: TieredInstrument): readonly RiskTier[] {
  const known = instrument.riskTiers ?? PLAIN.get(instrument);
  if (known !== undefined) return known;
  const leverageMax = decimal(instrument.leverageMax);
  const maintenanceRate = ONE.dividedBy(leverageMax.times(2));
  const tiers = riskTiers([{ valueMax: null, maintenanceRate, leverageMax }]);
  PLAIN.set(instrument, tiers);
  return tiers;
}

/**
 * Numbers the tiers and adds the deductions: each is the one before plus the tier's floor times the step of
 * the rate, so that both sides of a bound ask for the same margin.
 */
export function riskTiers(rows: readonly TierRow[]): readonly RiskTier[] {
  const tiers: RiskTier[] = [];
  for (const row of rows) {
    const before = tiers.at(-1);
    const floor = before?.valueMax ?? ZERO;
    const step = row.maintenanceRate.minus(before?.maintenanceRate ?? ZERO);
    const deduction = before === undefined ? ZERO : before.deduction.plus(floor.times(step));
    tiers.push({ ...row, tier: tiers.length + 1, deduction });
  }
  return tiers;
}

/** The tier of a position's value; the last one for a value beyond all. */
export function tierOf(tiers: readonly RiskTier[], value: Decimal): RiskTier {
  let last: RiskTier | undefined;
  for (const tier of tiers) {
    if (tier.valueMax === null || value.lessThanOrEqualTo(tier.valueMax)) return tier;
    last = tier;
  }
  return last ?? { tier: 1, valueMax: null, maintenanceRate: ZERO, deduction: ZERO, leverageMax: ONE };
}

/** Maintenance margin of a position's value. */
export function maintenanceOf(tiers: readonly RiskTier[], value: Decimal): Decimal {
  const tier = tierOf(tiers, value);
  return value.times(tier.maintenanceRate).minus(tier.deduction);
}

/** Largest position value that may be held at a leverage; null for without end, zero for none. */
export function valueMaxAt(tiers: readonly RiskTier[], leverage: Decimal): Decimal | null {
  const last = tiers.findLast((tier) => tier.leverageMax.greaterThanOrEqualTo(leverage));
  return last === undefined ? ZERO : last.valueMax;
}
