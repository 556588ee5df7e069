import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Direction, directionSign } from '../domain/order.ts';
import { floorToStep } from '../domain/quantise.ts';
import type { Refusal } from '../domain/verdict.ts';
import { type PlannedPartial, partialQuantity } from './partial-quantity.ts';
import { refuse } from './refuse.ts';
import type { RiskSettings } from './settings.ts';

/** What a size is computed from. */
export interface SizeRequest {
  readonly settings: RiskSettings;
  readonly direction: Direction;
  /** Price the entry is expected at. */
  readonly price: Decimal;
  readonly instrument: Instrument;
  /** Null: the account has not been read. */
  readonly equity: Decimal | null;
  readonly stopLossPct: number;
  /** Every part must be an order of its own that the exchange takes. */
  readonly partialTakeProfits: readonly PlannedPartial[];
}

/**
 * Quantity of an entry in base units, floored to the instrument's step: never more than asked for, never raised
 * to a minimum. Refuses what the exchange would reject, now or at a later partial exit, with the numbers.
 */
export function sizeEntry(request: SizeRequest): Result<Decimal, Refusal> {
  const { price, instrument } = request;
  if (!price.isFinite() || price.lessThanOrEqualTo(0)) {
    return err(refuse('risk.size.no-price', 'There is no usable price to compute a size from.'));
  }
  const wanted = wantedQuantity(request);
  if (!wanted.ok) return wanted;
  const quantity = floorToStep(wanted.value, instrument);
  const refusal = sizeRefusal(quantity, price, instrument) ?? partialsRefusal(quantity, request);
  return refusal === null ? ok(quantity) : err(refusal);
}

/** What the settings ask for at a price, before rounding. */
export function wantedQuantity({
  settings,
  price,
  equity,
  stopLossPct,
}: Pick<SizeRequest, 'settings' | 'price' | 'equity' | 'stopLossPct'>): Result<Decimal, Refusal> {
  const { sizing, positionNotionalUsdt, positionQuantity, positionEquityPct, positionRiskPct } = settings;
  if (sizing === 'notional') return ok(decimal(positionNotionalUsdt).dividedBy(price));
  if (sizing === 'quantity') {
    if (positionQuantity !== null) return ok(decimal(positionQuantity));
    return err(refuse('risk.size.no-quantity', 'Sizing is by quantity and no positionQuantity is set.'));
  }
  if (equity === null || !equity.isFinite()) {
    return err(refuse('risk.limit.equity-unknown', 'The size is a share of equity, which is not known.'));
  }
  if (sizing === 'equity') return ok(equity.times(positionEquityPct).dividedBy(100).dividedBy(price));
  const risked = equity.times(positionRiskPct).dividedBy(100);
  return ok(risked.dividedBy(lossPerUnit({ price, stopLossPct, takerFeePct: settings.takerFeePct })));
}

/** What one unit loses between an entry at `price` and its stop, taker fees of both ways included. */
function lossPerUnit(way: {
  readonly price: Decimal;
  readonly stopLossPct: number;
  readonly takerFeePct: number;
}): Decimal {
  const move = way.price.times(way.stopLossPct).dividedBy(100);
  // A short is stopped above its entry, where the fee is larger: reckoned for both.
  const traded = way.price.times(2).plus(move);
  return move.plus(traded.times(way.takerFeePct).dividedBy(100));
}

/** Why the exchange would not take an order of `quantity` at `price`; null when it would. */
export function sizeRefusal(quantity: Decimal, price: Decimal, instrument: Instrument): Refusal | null {
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

/** The first planned partial exit that the exchange would not take from a position of `quantity` entered at `price`. */
export function partialsRefusal(
  quantity: Decimal,
  request: Pick<SizeRequest, 'price' | 'direction' | 'instrument' | 'partialTakeProfits'>,
): Refusal | null {
  const { price, direction, instrument, partialTakeProfits: planned } = request;
  let held = quantity;
  for (const partial of planned) {
    const { profitPct, sharePct } = partial;
    const level = price.times(decimal(100).plus(directionSign(direction) * profitPct)).dividedBy(100);
    const part = partialQuantity({ entered: quantity, held, partial, planned, price: level, instrument });
    if (!part.ok) {
      const { value, threshold } = part.error;
      const detail = `${part.error.detail} It is planned at ${profitPct} % profit for ${sharePct} % of ${decimalText(quantity)}.`;
      return refuse('risk.size.partial-below-minimum', detail, { value, threshold });
    }
    held = held.minus(part.value);
  }
  return null;
}

function numbers(value: Decimal, threshold: Decimal): { value: string; threshold: string } {
  return { value: decimalText(value), threshold: decimalText(threshold) };
}
