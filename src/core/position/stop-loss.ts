import { type ExitFinding, type GuardedPosition, hasFallenTo, type StopKind } from './exit-rule.ts';

const FINDINGS: Readonly<Record<StopKind, Pick<ExitFinding, 'reason' | 'code'>>> = {
  initial: { reason: 'stop-loss', code: 'exit.stop-loss' },
  exchange: { reason: 'stop-loss', code: 'exit.stop-loss' },
  liquidation: { reason: 'stop-loss', code: 'exit.stop-loss' },
  'break-even': { reason: 'break-even', code: 'exit.break-even' },
  trailing: { reason: 'trailing-stop', code: 'exit.trailing-stop' },
};

/**
 * Ends a position whose mark price has reached its stop. Mark price, because the stop that rests at the exchange
 * is triggered by it too: a wick of the last price alone ends nothing. Named after what put the stop there.
 */
export function stopLoss(
  { direction, stopPrice, stopKind }: Pick<GuardedPosition, 'direction' | 'stopPrice' | 'stopKind'>,
  markPrice: number,
): ExitFinding | null {
  if (!hasFallenTo(direction, markPrice, stopPrice)) return null;
  return { ...FINDINGS[stopKind], value: markPrice, threshold: stopPrice, unit: 'USDT' };
}
