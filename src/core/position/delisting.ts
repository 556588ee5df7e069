import type { ExitFinding } from './exit-rule.ts';
import type { ExitSettings } from './settings.ts';

const HOUR_MS = 3_600_000;

/**
 * Ends a position whose instrument leaves the exchange within `delistingExitHours`: liquidity goes before the
 * date does, and what is held at delivery is settled at a price of the exchange's own making.
 */
export function delisting(
  deliveryTimeMs: number | null,
  timeMs: number,
  { delistingExitHours: threshold }: Pick<ExitSettings, 'delistingExitHours'>,
): ExitFinding | null {
  if (deliveryTimeMs === null) return null;
  const value = (deliveryTimeMs - timeMs) / HOUR_MS;
  if (!(value <= threshold)) return null;
  return { reason: 'delisting', code: 'exit.delisting', value, threshold, unit: 'h' };
}
