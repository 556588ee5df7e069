import type { Trend } from '../domain/trend.ts';
import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import { profitPct } from './profit-pct.ts';
import type { ExitSettings } from './settings.ts';

/**
 * Ends a position when the trend, on a closed candle of its own timeframe, has turned against it. One that was
 * entered against the trend has nothing to turn. The value is the profit at that candle's close.
 */
export function trendFlip(
  { direction, entryTrend, entryPrice }: Pick<GuardedPosition, 'direction' | 'entryTrend' | 'entryPrice'>,
  candle: { readonly trend: Trend | null; readonly close: number },
  { trendFlipExit }: Pick<ExitSettings, 'trendFlipExit'>,
): ExitFinding | null {
  const against = direction === 'long' ? 'down' : 'up';
  if (!trendFlipExit || candle.trend !== against || entryTrend === against) return null;
  const value = profitPct({ direction, entryPrice, price: candle.close });
  return { reason: 'trend-flip', code: 'exit.trend-flip', value, threshold: 0, unit: 'pct' };
}
