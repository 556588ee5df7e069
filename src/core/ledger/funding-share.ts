import { type Decimal, ZERO } from '../base/decimal.ts';
import type { Direction } from '../domain/order.ts';
import type { PositionStep } from '../domain/position.ts';

/**
 * A settlement bears the full hour and is charged within seconds of it: who came within these has held, and a ledger
 * that equalled the wallet later than these after a close holds all that the position was charged.
 */
export const SETTLEMENT_LATE_MS = 5_000;
/** Of money that is shared, the last decimal place that is told. */
const MONEY_PLACES = 10;

/** A position of ours that is over, as far as funding is concerned. */
export interface HeldSpan {
  readonly tradeId: string;
  readonly direction: Direction;
  /** All that was entered. */
  readonly quantity: Decimal;
  readonly openedMs: number;
  readonly closedMs: number;
  /** Empty where they were not kept: then all of it counts as held to the end. */
  readonly steps: readonly PositionStep[];
}

/** Funding that was charged to everything the account held of an instrument. */
export interface Settlement {
  readonly timeMs: number;
  /** Above zero was paid. */
  readonly paid: Decimal;
  /** All the account held then, short below zero; null: not told. */
  readonly held: Decimal | null;
}

/**
 * What each position paid of the settlements of its instrument; below zero it received. Whose a settlement is: of what
 * the account held, each position bears its part, the older one first; what is left was a stranger's. Spans are of one
 * instrument, oldest first; each comes back, with zero where it paid nothing.
 */
export function fundingShares(
  spans: readonly HeldSpan[],
  settlements: readonly Settlement[],
): ReadonlyMap<string, Decimal> {
  const shares = new Map(spans.map(({ tradeId }) => [tradeId, ZERO]));
  for (const settlement of settlements) {
    let left = settlement.held?.abs() ?? null;
    for (const span of spans) {
      const held = heldAt(span, settlement, left);
      if (held.isZero()) continue;
      shares.set(span.tradeId, (shares.get(span.tradeId) ?? ZERO).plus(partOf(settlement, held)));
      // Where it is not told how much was held, nobody else is known to have held any.
      left = left === null ? ZERO : left.minus(held);
    }
  }
  return shares;
}

/** What a position held when it was charged, at most `left`: steps up to a few seconds later may have come before it. */
function heldAt(span: HeldSpan, { timeMs, held }: Settlement, left: Decimal | null): Decimal {
  const isOther = held !== null && held.isNegative() !== (span.direction === 'short');
  if (isOther || left?.isZero() === true) return ZERO;
  const possible = heldAround(span, timeMs);
  const most = largest(possible);
  const fitting = left === null ? most : largest(possible.filter((each) => !each.greaterThan(left)));
  // Held throughout, and more than the exchange says: what it charged was for ours all the same.
  const isCertain = possible.length === 1;
  return left !== null && fitting.isZero() && isCertain && most.greaterThan(left) ? left : fitting;
}

function heldAround(span: HeldSpan, timeMs: number): readonly Decimal[] {
  const { steps, openedMs, closedMs, quantity } = span;
  const lateMs = timeMs + SETTLEMENT_LATE_MS;
  if (timeMs > closedMs || openedMs > lateMs) return [];
  const [first] = steps;
  if (first === undefined || first.timeMs > lateMs) return [quantity];
  const before = steps.findLast((step) => step.timeMs < timeMs)?.held;
  const around = steps.filter((step) => step.timeMs >= timeMs && step.timeMs <= lateMs);
  return [...(before === undefined ? [] : [before]), ...around.map((step) => step.held)];
}

function largest(values: readonly Decimal[]): Decimal {
  return values.reduce((most, each) => (each.greaterThan(most) ? each : most), ZERO);
}

function partOf({ paid, held }: Settlement, ours: Decimal): Decimal {
  const whole = held?.abs() ?? ours;
  return ours.equals(whole) ? paid : paid.times(ours).dividedBy(whole).toDecimalPlaces(MONEY_PLACES);
}
