import { type Decimal, decimal, decimalText, maxDecimal, minDecimal, ONE } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { ceilToTick, floorToTick } from '../domain/quantise.ts';
import type { Book } from './book.ts';
import type { OrderPlacement } from './matching-order.ts';
import { type MatchingRefusal, refusal } from './refusal.ts';

/** What an exchange allows one order beyond the rules every instrument has. Quantities in base units. */
export interface OrderRules {
  readonly limitQuantityMax: Decimal;
  readonly postOnlyQuantityMax: Decimal;
  /** How far from the mark price, as a rate, an order may lie although the index price lies nearer. */
  readonly priceLimitRate: Decimal;
  /** How far from the mark price, as a rate, an order may lie although the index price lies farther. */
  readonly priceLimitRateMax: Decimal;
}

/** An instrument of a table that states its order rules. */
export interface RuledInstrument extends Instrument {
  readonly orderRules?: OrderRules;
}

/** The highest price a buy order and the lowest a sell order may have. */
export interface PriceLimits {
  readonly buyMax: Decimal;
  readonly sellMin: Decimal;
}

/** What most contracts allow: resting orders five times as large as market orders, 5 % and 10 % away. */
const LIMIT_TO_MARKET_QUANTITY = 5;
const PRICE_LIMIT_RATE = decimal('0.05');
const PRICE_LIMIT_RATE_MAX = decimal('0.1');

/** The instrument's own order rules, or those of most contracts. */
export function orderRulesOf(instrument: RuledInstrument): OrderRules {
  if (instrument.orderRules !== undefined) return instrument.orderRules;
  const limitQuantityMax = instrument.marketQuantityMax.times(LIMIT_TO_MARKET_QUANTITY);
  return {
    limitQuantityMax,
    postOnlyQuantityMax: limitQuantityMax,
    priceLimitRate: PRICE_LIMIT_RATE,
    priceLimitRateMax: PRICE_LIMIT_RATE_MAX,
  };
}

/**
 * The band around mark and index price, as Bybit publishes it for linear contracts: the highest buy price is
 * min(max(index, mark x (1 + X)), mark x (1 + Y)), the lowest sell price the same downwards.
 */
export function priceLimits(book: Book): PriceLimits {
  const { instrument } = book;
  const { priceLimitRate, priceLimitRateMax } = orderRulesOf(instrument);
  const mark = book.price('mark');
  const index = book.price('index');
  const above = (rate: Decimal): Decimal => mark.times(ONE.plus(rate));
  const below = (rate: Decimal): Decimal => mark.times(ONE.minus(rate));
  return {
    buyMax: floorToTick(
      minDecimal(maxDecimal(index, above(priceLimitRate)), above(priceLimitRateMax)),
      instrument,
    ),
    sellMin: ceilToTick(
      maxDecimal(minDecimal(index, below(priceLimitRate)), below(priceLimitRateMax)),
      instrument,
    ),
  };
}

/** Null when the order's price lies inside the band; a market order has no price. */
export function checkPriceBand(
  book: Book,
  order: Pick<OrderPlacement, 'side' | 'price'>,
): MatchingRefusal | null {
  const { side, price } = order;
  if (price === null) return null;
  const { buyMax, sellMin } = priceLimits(book);
  const isInside = side === 'buy' ? price.lessThanOrEqualTo(buyMax) : price.greaterThanOrEqualTo(sellMin);
  if (isInside) return null;
  const bound = side === 'buy' ? `higher than ${decimalText(buyMax)}` : `lower than ${decimalText(sellMin)}`;
  return refusal('price-band', `The order price cannot be ${bound}`);
}

/** The largest quantity one order of this kind may have. */
export function quantityMaxOf(
  instrument: RuledInstrument,
  order: Pick<OrderPlacement, 'kind' | 'timeInForce'>,
): Decimal {
  if (order.kind === 'market') return instrument.marketQuantityMax;
  const { limitQuantityMax, postOnlyQuantityMax } = orderRulesOf(instrument);
  return order.timeInForce === 'post-only' ? postOnlyQuantityMax : limitQuantityMax;
}
