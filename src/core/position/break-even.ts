import { directionSign } from '../domain/order.ts';
import { type ExitFinding, type GuardedPosition, hasFallenTo, nearerLevel } from './exit-rule.ts';
import { profitPct } from './profit-pct.ts';
import type { ExitSettings } from './settings.ts';

type Rules = Pick<ExitSettings, 'breakEvenTriggerPct' | 'breakEvenFeeMultiple'>;

/**
 * Where break-even holds the stop once profit has reached its trigger: the entry moved in favour by
 * `breakEvenFeeMultiple` times the fees paid, so that leaving there costs nothing; never on the loss side. Null
 * while the trigger is not reached, and while the price has not cleared the level: it would end at once.
 */
export function breakEvenPrice(position: GuardedPosition, lastPrice: number, rules: Rules): number | null {
  const { direction, entryPrice, feePerUnit } = position;
  const { breakEvenTriggerPct, breakEvenFeeMultiple } = rules;
  if (breakEvenTriggerPct === null) return null;
  const profit = profitPct({ direction, entryPrice, price: lastPrice });
  if (!(profit >= breakEvenTriggerPct)) return null;
  const level = entryPrice + directionSign(direction) * breakEvenFeeMultiple * feePerUnit;
  const price = nearerLevel(direction, level, entryPrice);
  return hasFallenTo(direction, lastPrice, price) ? null : price;
}

/** Ends a position whose last price has come back to its break-even price, or has jumped past it. */
export function breakEven(
  { direction }: Pick<GuardedPosition, 'direction'>,
  lastPrice: number,
  threshold: number | null,
): ExitFinding | null {
  if (threshold === null || !hasFallenTo(direction, lastPrice, threshold)) return null;
  return { reason: 'break-even', code: 'exit.break-even', value: lastPrice, threshold, unit: 'USDT' };
}
