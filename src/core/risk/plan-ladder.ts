import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { directionSign } from '../domain/order.ts';
import { ceilToTick, floorToStep, floorToTick } from '../domain/quantise.ts';
import type { Refusal } from '../domain/verdict.ts';
import type { EntrySettings, RungSettings } from './entry-settings.ts';
import { refuse } from './refuse.ts';
import { partialsRefusal, type SizeRequest, sizeRefusal, wantedQuantity } from './sizing.ts';
import { isTighter, stopPriceFrom, takeProfitPriceFrom } from './stop-price.ts';

/** One order of a planned ladder. */
export interface PlannedRung {
  /** The worst price it takes; for a market order the price of the decision. */
  readonly price: Decimal;
  /** True: a market order. */
  readonly market: boolean;
  /** Base units, on the step. */
  readonly quantity: Decimal;
  /** Where the take-profit belongs once it and all before it have filled; null for none. */
  readonly takeProfitPrice: Decimal | null;
}

/** What the orders of a ladder come to when all of them fill. */
export interface LadderShape {
  readonly rungs: readonly PlannedRung[];
  readonly averagePrice: Decimal;
  /** Sum of price times quantity, quote currency. */
  readonly notional: Decimal;
  /** `stopLossPct` from the average price. */
  readonly stopPrice: Decimal;
  /** How far the stop stands from the nearest rung, %: what a position of that rung alone would lose. */
  readonly stopPctMax: number;
}

/** What a ladder is planned from; `price` is that of the decision. */
export interface LadderRequest extends SizeRequest {
  readonly entry: EntrySettings;
  readonly takeProfitPct: number | null;
}

/** Digits of an average price: what lies beyond is noise of the division. */
const PRICE_DIGITS = 20;

/**
 * Splits an entry over its rungs. The size is computed at the average price of the whole ladder, so that all rungs
 * together are worth, hold, or risk what the settings say; weights share its value. Every quantity is floored to the
 * step and none is raised: a rung the exchange would not take refuses the ladder, with its numbers. The stop belongs
 * to the average of all rungs: no later fill asks for a looser one, and with fewer filled less is lost.
 */
export function planLadder(request: LadderRequest): Result<LadderShape, Refusal> {
  const { entry, instrument, price } = request;
  if (!price.isFinite() || price.lessThanOrEqualTo(0)) {
    return err(refuse('risk.size.no-price', 'There is no usable price to compute a size from.'));
  }
  const prices = entry.rungs.map((rung) => rungPrice(rung, request));
  if (prices.some((each) => each.lessThanOrEqualTo(0))) {
    return err(refuse('risk.size.no-price', 'A rung of the ladder would stand at no price.'));
  }
  const quantities = rungQuantities(request, prices);
  if (!quantities.ok) return quantities;
  const refusal =
    rungRefusal(quantities.value, prices, instrument) ?? exitsRefusal(request, quantities.value, prices);
  return refusal === null ? shapeOf(request, quantities.value, prices) : err(refusal);
}

/** On the tick, rounded to the better price: no rung takes a worse one than was meant. */
function rungPrice({ offsetPct }: RungSettings, { price, direction, instrument }: LadderRequest): Decimal {
  if (offsetPct === 0) return price;
  const exact = price.times(decimal(100).minus(directionSign(direction) * offsetPct)).dividedBy(100);
  return direction === 'long' ? floorToTick(exact, instrument) : ceilToTick(exact, instrument);
}

function rungQuantities(
  request: LadderRequest,
  prices: readonly Decimal[],
): Result<readonly Decimal[], Refusal> {
  const { entry, instrument } = request;
  const weights = entry.rungs.map(({ weight }) => decimal(weight));
  const value = weights.reduce((sum, weight) => sum.plus(weight), ZERO);
  const units = weights.map((weight, index) => weight.dividedBy(prices[index] ?? ZERO));
  const unit = units.reduce((sum, each) => sum.plus(each), ZERO);
  const wanted = wantedQuantity({ ...request, price: value.dividedBy(unit) });
  if (!wanted.ok) return wanted;
  return ok(units.map((each) => floorToStep(wanted.value.times(each).dividedBy(unit), instrument)));
}

function rungRefusal(
  quantities: readonly Decimal[],
  prices: readonly Decimal[],
  instrument: Instrument,
): Refusal | null {
  for (const [index, price] of prices.entries()) {
    const refusal = sizeRefusal(quantities[index] ?? ZERO, price, instrument);
    if (refusal === null) continue;
    const where = `Rung ${index + 1} of ${prices.length} at ${decimalText(price)}: `;
    return { ...refusal, detail: `${where}${refusal.detail}` };
  }
  return null;
}

/** Partial exits must be possible from the smallest position that may stay, the first rung alone, and from the whole. */
function exitsRefusal(
  request: LadderRequest,
  quantities: readonly Decimal[],
  prices: readonly Decimal[],
): Refusal | null {
  const { quantity, price } = wholeOf(quantities, prices);
  return (
    partialsRefusal(quantities[0] ?? ZERO, { ...request, price: prices[0] ?? price }) ??
    partialsRefusal(quantity, { ...request, price })
  );
}

function shapeOf(
  request: LadderRequest,
  quantities: readonly Decimal[],
  prices: readonly Decimal[],
): Result<LadderShape, Refusal> {
  const { direction, instrument, stopLossPct: pct, takeProfitPct, entry } = request;
  const { price: averagePrice, notional } = wholeOf(quantities, prices);
  const stopPrice = stopPriceFrom({ price: averagePrice, direction, pct, instrument });
  const [nearest, farthest] = [prices[0] ?? averagePrice, prices.at(-1) ?? averagePrice];
  if (!isTighter(farthest, stopPrice, direction) || stopPrice.lessThanOrEqualTo(0)) {
    const [value, threshold] = [decimalText(stopPrice), decimalText(farthest)];
    const detail = `The stop of the whole ladder would stand at ${value}, its farthest rung at ${threshold}.`;
    return err(refuse('risk.stop.not-protective', detail, { value, threshold }));
  }
  const rungs = prices.map((price, index): PlannedRung => {
    const filled = wholeOf(quantities.slice(0, index + 1), prices);
    const level = { price: filled.price, direction, pct: takeProfitPct ?? 0, instrument };
    return {
      price,
      market: entry.rungs[index]?.offsetPct === 0,
      quantity: quantities[index] ?? ZERO,
      takeProfitPrice: takeProfitPct === null ? null : takeProfitPriceFrom(level),
    };
  });
  const stopPctMax = nearest.minus(stopPrice).abs().dividedBy(nearest).times(100).toNumber();
  return ok({ rungs, averagePrice, notional, stopPrice, stopPctMax });
}

function wholeOf(
  quantities: readonly Decimal[],
  prices: readonly Decimal[],
): { readonly quantity: Decimal; readonly notional: Decimal; readonly price: Decimal } {
  let [quantity, notional] = [ZERO, ZERO];
  for (const [index, each] of quantities.entries()) {
    quantity = quantity.plus(each);
    notional = notional.plus(each.times(prices[index] ?? ZERO));
  }
  const price = notional.dividedBy(quantity).toSignificantDigits(PRICE_DIGITS);
  return { quantity, notional, price };
}
