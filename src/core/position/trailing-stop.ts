import { type Direction, directionSign } from '../domain/order.ts';
import { type ExitFinding, type GuardedPosition, hasFallenTo, nearerLevel } from './exit-rule.ts';
import type { TrailingMemory } from './guard-memory.ts';
import { profitPct } from './profit-pct.ts';
import type { ExitSettings } from './settings.ts';

type Rules = Pick<ExitSettings, 'trailingActivationPct' | 'trailingDistancePct' | 'trailingTakePct'>;

/** What the trailing stop follows from, besides the price. */
export interface TrailingStart {
  /** Null: not active yet. */
  readonly memory: TrailingMemory | null;
  /** Null: break-even is not armed. */
  readonly breakEvenPrice: number | null;
}

/**
 * The trailing stop after a price. It wakes when profit reaches its activation and stays awake. Its stop keeps its
 * distance from the best price since then, never worse than the entry nor than break-even; the take keeps the
 * smaller distance. Both move in favour only, and stand still once trailing is switched off. Gives back `memory`
 * itself when nothing has moved.
 */
export function followPrice(
  { direction, entryPrice }: Pick<GuardedPosition, 'direction' | 'entryPrice'>,
  lastPrice: number,
  { memory, breakEvenPrice }: TrailingStart,
  rules: Rules,
): TrailingMemory | null {
  const { trailingActivationPct: activation, trailingDistancePct, trailingTakePct } = rules;
  if (activation === null) return memory;
  const profit = profitPct({ direction, entryPrice, price: lastPrice });
  if (memory === null && !(profit >= activation)) return null;
  const referencePrice = nearerLevel(direction, lastPrice, memory?.referencePrice ?? lastPrice);
  const floor = nearerLevel(direction, entryPrice, breakEvenPrice ?? entryPrice);
  const bounded = (pct: number, least: number): number =>
    nearerLevel(direction, atDistance(direction, referencePrice, pct), least);
  const stopPrice = bounded(trailingDistancePct, nearerLevel(direction, floor, memory?.stopPrice ?? floor));
  const least = nearerLevel(direction, stopPrice, memory?.takePrice ?? stopPrice);
  return keepSame(memory, { referencePrice, stopPrice, takePrice: bounded(trailingTakePct, least) });
}

/** Ends a position whose last price has come back to its trailing stop, or to its take when that may close. */
export function trailingStop(
  { direction }: Pick<GuardedPosition, 'direction'>,
  lastPrice: number,
  memory: TrailingMemory | null,
  { trailingTakeCloses }: Pick<ExitSettings, 'trailingTakeCloses'>,
): ExitFinding | null {
  if (memory === null) return null;
  const { stopPrice, takePrice } = memory;
  const seen = { reason: 'trailing-stop', value: lastPrice, unit: 'USDT' } as const;
  if (hasFallenTo(direction, lastPrice, stopPrice)) {
    return { ...seen, code: 'exit.trailing-stop', threshold: stopPrice };
  }
  if (!trailingTakeCloses || !hasFallenTo(direction, lastPrice, takePrice)) return null;
  return { ...seen, code: 'exit.trailing-take', threshold: takePrice };
}

function atDistance(direction: Direction, price: number, pct: number): number {
  return price * (1 - (directionSign(direction) * pct) / 100);
}

function keepSame(before: TrailingMemory | null, after: TrailingMemory): TrailingMemory {
  const same =
    before !== null &&
    before.referencePrice === after.referencePrice &&
    before.stopPrice === after.stopPrice &&
    before.takePrice === after.takePrice;
  return same ? before : after;
}
