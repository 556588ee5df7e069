import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { floorToStep } from '../domain/quantise.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

/**
 * Quantity in base units for `notionalUsdt` at `price`, floored to the instrument's step: never more than asked
 * for, never raised to a minimum. Refuses what the exchange would reject, with both numbers.
 */
export function sizeEntry(
  notionalUsdt: number,
  price: Decimal,
  instrument: Instrument,
): Result<Decimal, Refusal> {
  if (!price.isFinite() || price.lessThanOrEqualTo(0)) {
    return err(refuse('risk.size.no-price', 'There is no usable price to compute a size from.'));
  }
  const quantity = floorToStep(decimal(notionalUsdt).dividedBy(price), instrument);
  const refusal = sizeRefusal(quantity, price, instrument);
  return refusal === null ? ok(quantity) : err(refusal);
}

function sizeRefusal(quantity: Decimal, price: Decimal, instrument: Instrument): Refusal | null {
  const { quantityMin, notionalMin, marketQuantityMax } = instrument;
  if (quantity.lessThanOrEqualTo(0) || quantity.lessThan(quantityMin)) {
    const detail = `The size gives ${decimalText(quantity)}, the exchange takes ${decimalText(quantityMin)} or more.`;
    return refuse('risk.size.below-quantity-min', detail, numbers(quantity, quantityMin));
  }
  const notional = quantity.times(price);
  if (notional.lessThan(notionalMin)) {
    const detail = `The size is worth ${decimalText(notional)} USDT, the exchange takes ${decimalText(notionalMin)} or more.`;
    return refuse('risk.size.below-notional-min', detail, numbers(notional, notionalMin));
  }
  if (quantity.lessThanOrEqualTo(marketQuantityMax)) return null;
  const detail = `The size gives ${decimalText(quantity)}, one market order holds ${decimalText(marketQuantityMax)} at most.`;
  return refuse('risk.size.above-quantity-max', detail, numbers(quantity, marketQuantityMax));
}

function numbers(value: Decimal, threshold: Decimal): { value: string; threshold: string } {
  return { value: decimalText(value), threshold: decimalText(threshold) };
}
