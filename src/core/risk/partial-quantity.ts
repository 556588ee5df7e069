import { type Decimal, decimalText, maxDecimal, minDecimal, ZERO } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { floorToStep } from '../domain/quantise.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

/** A share of the quantity entered that is to be taken off at a profit. */
export interface PlannedPartial {
  readonly profitPct: number;
  readonly sharePct: number;
}

/** A part of a position that is to be taken off. */
export interface PartialRequest {
  /** What was entered: shares are shares of it. */
  readonly entered: Decimal;
  readonly held: Decimal;
  readonly partial: PlannedPartial;
  /** All parts, this one among them, lowest profit first. */
  readonly planned: readonly PlannedPartial[];
  readonly price: Decimal;
  readonly instrument: Instrument;
}

/**
 * Quantity of a partial exit, floored to the instrument's step and never more than is held. What has left already, by
 * whatever order, counts for the parts up to this one: together they never take off more than is planned. Refuses a
 * part the exchange would not take, and one that would leave less than it takes: that rest could not be sold alone.
 * The last of parts that make up the whole takes what rounding has left.
 */
export function partialQuantity(request: PartialRequest): Result<Decimal, Refusal> {
  const { held, price, instrument } = request;
  const quantity = floorToStep(dueQuantity(request), instrument);
  if (quantity.greaterThanOrEqualTo(held) || takesTheRest(request)) return ok(held);
  const fault =
    shortfall('the part', quantity, price, instrument) ??
    shortfall('the rest', held.minus(quantity), price, instrument);
  return fault === null ? ok(quantity) : err(fault);
}

function dueQuantity({ entered, held, partial, planned }: PartialRequest): Decimal {
  const upToThis = planned.filter(({ profitPct }) => profitPct <= partial.profitPct);
  const plannedPct = upToThis.reduce((sum, part) => sum + part.sharePct, 0);
  const left = entered.times(plannedPct).dividedBy(100).minus(entered.minus(held));
  return maxDecimal(minDecimal(entered.times(partial.sharePct).dividedBy(100), left), ZERO);
}

function takesTheRest({ partial, planned }: PartialRequest): boolean {
  const sharePct = planned.reduce((sum, part) => sum + part.sharePct, 0);
  return sharePct === 100 && planned.at(-1)?.profitPct === partial.profitPct;
}

function shortfall(what: string, quantity: Decimal, price: Decimal, instrument: Instrument): Refusal | null {
  const { quantityMin, notionalMin } = instrument;
  if (quantity.lessThanOrEqualTo(0) || quantity.lessThan(quantityMin)) {
    const [value, threshold] = [decimalText(quantity), decimalText(quantityMin)];
    const detail = `For a partial exit ${what} is ${value}, the exchange takes ${threshold} or more.`;
    return refuse('exit.partial.skipped', detail, { value, threshold });
  }
  const notional = quantity.times(price);
  if (notional.greaterThanOrEqualTo(notionalMin)) return null;
  const [value, threshold] = [decimalText(notional), decimalText(notionalMin)];
  const detail = `For a partial exit ${what} is worth ${value} USDT, the exchange takes ${threshold} or more.`;
  return refuse('exit.partial.skipped', detail, { value, threshold });
}
