import type { ExitFinding, GuardedPosition } from './exit-rule.ts';

/**
 * Ends a position whose mark price has reached its stop. Mark price, because the stop that rests at the exchange
 * is triggered by it too: a wick of the last price alone ends nothing.
 */
export function stopLoss(position: GuardedPosition, markPrice: number): ExitFinding | null {
  const { direction, stopPrice } = position;
  const reached = direction === 'long' ? markPrice <= stopPrice : markPrice >= stopPrice;
  if (!reached) return null;
  return {
    reason: 'stop-loss',
    code: 'exit.stop-loss',
    value: markPrice,
    threshold: stopPrice,
    unit: 'USDT',
  };
}
