import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import type { ExitSettings } from './settings.ts';

const HOUR_MS = 3_600_000;

/** Ends a position that is older than `positionHoursMax`. It needs no price. */
export function timeLimit(
  { openedMs }: Pick<GuardedPosition, 'openedMs'>,
  timeMs: number,
  { positionHoursMax: threshold }: Pick<ExitSettings, 'positionHoursMax'>,
): ExitFinding | null {
  const value = (timeMs - openedMs) / HOUR_MS;
  if (threshold === null || !(value >= threshold)) return null;
  return { reason: 'time-limit', code: 'exit.time-limit', value, threshold, unit: 'h' };
}
