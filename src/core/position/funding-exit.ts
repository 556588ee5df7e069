import { directionSign } from '../domain/order.ts';
import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import type { ExitSettings } from './settings.ts';

/** Ends a position that would pay more than `fundingExitPctMax` of its notional at the next funding. */
export function fundingExit(
  { direction }: Pick<GuardedPosition, 'direction'>,
  fundingRate: number | null,
  { fundingExitPctMax: threshold }: Pick<ExitSettings, 'fundingExitPctMax'>,
): ExitFinding | null {
  if (threshold === null || fundingRate === null) return null;
  const value = fundingRate * 100 * directionSign(direction);
  if (!(value > threshold)) return null;
  return { reason: 'funding', code: 'exit.funding', value, threshold, unit: 'pct' };
}
