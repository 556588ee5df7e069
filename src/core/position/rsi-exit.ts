import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import type { ExitSettings } from './settings.ts';

/**
 * Ends a position whose RSI, on the position's own timeframe and a closed candle, has come back far enough.
 * A trend that was neutral or not known at entry counts as against.
 */
export function rsiExit(
  position: Pick<GuardedPosition, 'direction' | 'entryTrend'>,
  rsi: number | null,
  settings: ExitSettings,
): ExitFinding | null {
  if (rsi === null || Number.isNaN(rsi)) return null;
  const threshold = rsiExitThreshold(position, settings);
  const reached = position.direction === 'long' ? rsi >= threshold : rsi <= threshold;
  return reached ? { reason: 'rsi-exit', code: 'exit.rsi-exit', value: rsi, threshold, unit: 'RSI' } : null;
}

/** RSI at which this position ends, RSI points. */
function rsiExitThreshold(
  { direction, entryTrend }: Pick<GuardedPosition, 'direction' | 'entryTrend'>,
  settings: ExitSettings,
): number {
  if (direction === 'long') {
    return entryTrend === 'up' ? settings.rsiExitLongWithTrend : settings.rsiExitLongAgainstTrend;
  }
  return entryTrend === 'down' ? settings.rsiExitShortWithTrend : settings.rsiExitShortAgainstTrend;
}
