import type { ExitFinding, GuardedPosition } from './exit-rule.ts';

/** Ends a position whose last price, the one it can be sold at, has reached its take-profit. */
export function takeProfit(
  { direction, takeProfitPrice: threshold }: Pick<GuardedPosition, 'direction' | 'takeProfitPrice'>,
  lastPrice: number,
): ExitFinding | null {
  if (threshold === null) return null;
  const reached = direction === 'long' ? lastPrice >= threshold : lastPrice <= threshold;
  if (!reached) return null;
  return { reason: 'take-profit', code: 'exit.take-profit', value: lastPrice, threshold, unit: 'USDT' };
}
