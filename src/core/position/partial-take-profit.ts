import type { ExitFinding, GuardedPosition } from './exit-rule.ts';
import { profitPct } from './profit-pct.ts';
import type { ExitSettings, PartialTakeProfit } from './settings.ts';

/** A part to take off, and why now. */
export interface DuePartial {
  readonly partial: PartialTakeProfit;
  readonly finding: ExitFinding;
}

/** The lowest level reached that is not done yet; null when there is none. Each level is taken once. */
export function duePartial(
  { direction, entryPrice }: Pick<GuardedPosition, 'direction' | 'entryPrice'>,
  lastPrice: number,
  done: readonly number[],
  { partialTakeProfits }: Pick<ExitSettings, 'partialTakeProfits'>,
): DuePartial | null {
  if (partialTakeProfits.length === 0) return null;
  const value = profitPct({ direction, entryPrice, price: lastPrice });
  const partial = partialTakeProfits.find(({ profitPct: level }) => value >= level && !done.includes(level));
  if (partial === undefined) return null;
  const seen = { value, threshold: partial.profitPct, unit: 'pct' };
  return { partial, finding: { reason: 'partial-take-profit', code: 'exit.partial-take-profit', ...seen } };
}
