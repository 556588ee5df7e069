import { breakEven, breakEvenPrice } from './break-even.ts';
import { delisting } from './delisting.ts';
import { type ExitFinding, type GuardedPosition, type GuardMoment, nearerLevel } from './exit-rule.ts';
import { fundingExit } from './funding-exit.ts';
import type { GuardMemory } from './guard-memory.ts';
import { type DuePartial, duePartial } from './partial-take-profit.ts';
import { profitPct } from './profit-pct.ts';
import { recoveredExit } from './rsi-exit.ts';
import type { ExitSettings } from './settings.ts';
import { stopLoss } from './stop-loss.ts';
import { takeProfit } from './take-profit.ts';
import { timeLimit } from './time-limit.ts';
import { followPrice, trailingStop } from './trailing-stop.ts';

/** What a position is guarded by. */
export interface GuardRules {
  readonly exit: ExitSettings;
  /** True: the bot is paused. What protects goes on; what takes a chance to leave waits. */
  readonly paused: boolean;
}

/** A stop that break-even or the trailing stop wants, before it is rounded to the instrument's tick. */
export interface WantedStop {
  readonly price: number;
  readonly kind: 'break-even' | 'trailing';
}

/** What guarding says of one moment. */
export interface Guarding {
  /** The memory to go on with; the one given when nothing has changed. */
  readonly memory: GuardMemory;
  /** The first rule that ends the position, or takes off a part of it; null: hold. */
  readonly finding: ExitFinding | null;
  /** The part to take off, when that is what `finding` says; null: all of the position. */
  readonly partial: DuePartial['partial'] | null;
  /** Null: the stop stays where it is. Never beyond the last price. */
  readonly stop: WantedStop | null;
}

/**
 * Judges a position at one price. In this order, the first that speaks: stop by mark price, delisting; then by last
 * price take-profit, time limit, break-even, trailing stop; then, unless the bot is paused, a put-off RSI
 * exit, funding, a partial take-profit. A price that is not known, or no number, decides nothing.
 */
export function guardPosition(
  position: GuardedPosition,
  memory: GuardMemory,
  moment: GuardMoment,
  { exit, paused }: GuardRules,
): Guarding {
  const markPrice = usable(moment.markPrice);
  const lastPrice = usable(moment.lastPrice);
  const after = lastPrice === null ? memory : remember(position, memory, lastPrice, exit);
  const ending =
    (markPrice === null ? null : stopLoss(position, markPrice)) ??
    delisting(moment.deliveryTimeMs, moment.timeMs, exit) ??
    (lastPrice === null ? null : takeProfit(position, lastPrice)) ??
    timeLimit(position, moment.timeMs, exit) ??
    (lastPrice === null ? null : fallenBack(position, after, lastPrice, exit));
  if (ending !== null) return { memory: after, finding: ending, partial: null, stop: null };
  const chance = paused ? null : takenChance(position, after, { ...moment, lastPrice }, exit);
  const stop = wantedStop(position, after);
  return { memory: after, finding: chance?.finding ?? null, partial: chance?.partial ?? null, stop };
}

/** The memory after a price: best profit, break-even, trailing stop. */
function remember(
  position: GuardedPosition,
  memory: GuardMemory,
  lastPrice: number,
  exit: ExitSettings,
): GuardMemory {
  const profit = profitPct({ ...position, price: lastPrice });
  const bestProfitPct = Math.max(memory.bestProfitPct, profit);
  const evenPrice = memory.breakEvenPrice ?? breakEvenPrice(position, lastPrice, exit);
  const start = { memory: memory.trailing, breakEvenPrice: evenPrice };
  const trailing = followPrice(position, lastPrice, start, exit);
  const same =
    bestProfitPct === memory.bestProfitPct &&
    evenPrice === memory.breakEvenPrice &&
    trailing === memory.trailing;
  return same ? memory : { ...memory, bestProfitPct, breakEvenPrice: evenPrice, trailing };
}

/** The price has come back to a level that stands in profit. */
function fallenBack(
  position: GuardedPosition,
  { breakEvenPrice: evenPrice, trailing }: GuardMemory,
  lastPrice: number,
  exit: ExitSettings,
): ExitFinding | null {
  // An awake trailing stop is never behind break-even: it names what ends the position.
  const even = trailing === null ? breakEven(position, lastPrice, evenPrice) : null;
  return even ?? trailingStop(position, lastPrice, trailing, exit);
}

/** What may end or reduce a position without protecting it from anything: not while the bot is paused. */
function takenChance(
  position: GuardedPosition,
  memory: GuardMemory,
  { lastPrice, fundingRate }: GuardMoment,
  exit: ExitSettings,
): { readonly finding: ExitFinding; readonly partial: DuePartial['partial'] | null } | null {
  const recovered =
    lastPrice === null ? null : recoveredExit(position, lastPrice, memory.rsiExitWaiting, exit);
  const finding = recovered ?? fundingExit(position, fundingRate, exit);
  if (finding !== null) return { finding, partial: null };
  return lastPrice === null ? null : duePartial(position, lastPrice, memory.partialsDone, exit);
}

/** What the trailing stop wants, or break-even before it is awake, when that is tighter than the stop is. */
function wantedStop(
  { direction, stopPrice }: GuardedPosition,
  { breakEvenPrice: evenPrice, trailing }: GuardMemory,
): WantedStop | null {
  const price = trailing?.stopPrice ?? evenPrice;
  if (price === null || price === stopPrice || nearerLevel(direction, price, stopPrice) !== price)
    return null;
  return { price, kind: trailing === null ? 'break-even' : 'trailing' };
}

function usable(price: number | null): number | null {
  return price !== null && Number.isFinite(price) && price > 0 ? price : null;
}
