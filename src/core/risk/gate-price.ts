import { type Decimal, decimal, decimalText } from '../base/decimal.ts';
import type { ApprovedEntry } from '../domain/order.ts';
import type { Refusal } from '../domain/verdict.ts';
import { refuse } from './refuse.ts';

/** For how long a good price speaks against one that is far from it, ms. */
const GOOD_PRICE_MS = 10_000;
/** Prices outside of these are those of no perpetual. */
const PRICE_MIN = 1e-12;
const PRICE_MAX = 1e12;

/** The last price of an instrument that was believed. */
export interface GoodPrice {
  readonly price: number;
  /** When it was seen, monotonic ms. */
  readonly seenMs: number;
}

/** The prices an entry is held against: what the exchange states now, and what was believed before. */
export interface PriceFacts {
  readonly markPrice: number;
  readonly lastPrice: number;
  /** Null: none was seen lately. */
  readonly good: GoodPrice | null;
  readonly nowMs: number;
  /** %. */
  readonly bandPct: number;
}

/** False for what can be no price. */
function isPrice(price: number): boolean {
  return price >= PRICE_MIN && price <= PRICE_MAX;
}

/** True when a price may be believed after the last good one: near enough, or long enough after it. */
export function isGoodAfter(price: number, good: GoodPrice | null, nowMs: number, bandPct: number): boolean {
  if (!isPrice(price)) return false;
  return !isFresh(good, nowMs) || distancePct(price, good.price) <= bandPct;
}

function isFresh(good: GoodPrice | null, nowMs: number): good is GoodPrice {
  return good !== null && nowMs - good.seenMs <= GOOD_PRICE_MS;
}

/** Why the prices of now, or that of the order, are not to be traded on; null: they are. */
export function priceRefusal(order: ApprovedEntry, facts: PriceFacts | null): Refusal | null {
  if (facts === null) return refuse('gate.price.unknown', 'The exchange has not told a price.');
  const { markPrice, lastPrice, good, nowMs, bandPct } = facts;
  for (const [name, price] of [['mark', markPrice] as const, ['last', lastPrice] as const]) {
    if (!isPrice(price))
      return refuse('gate.price.unknown', `The ${name} price is ${price}.`, { value: price });
    if (!isGoodAfter(price, good, nowMs, bandPct)) return jumped(name, price, good?.price ?? price, bandPct);
  }
  return (
    bandRefusal(order, 'the mark', markPrice, bandPct) ??
    bandRefusal(order, 'the last price', lastPrice, bandPct) ??
    (isFresh(good, nowMs) ? bandRefusal(order, 'the last good price', good.price, bandPct) : null)
  );
}

function jumped(name: string, price: number, good: number, threshold: number): Refusal {
  const value = distancePct(price, good);
  const detail = `The ${name} price ${price} is ${value} % from ${good} of less than ${GOOD_PRICE_MS} ms ago, ${threshold} % is the limit.`;
  return refuse('gate.price.jump', detail, { value, threshold });
}

/** An order with a limit takes no worse price; on the better side it may wait where it likes. */
function bandRefusal(
  { referencePrice, limit, direction }: ApprovedEntry,
  of: string,
  anchor: number,
  threshold: number,
): Refusal | null {
  const price = limit === null ? referencePrice : limit.price;
  const away = price.minus(anchor).dividedBy(anchor).times(100);
  const isWorse = direction === 'long' ? away.greaterThan(0) : away.lessThan(0);
  if (limit !== null && !isWorse) return null;
  const distance = away.abs();
  if (distance.lessThanOrEqualTo(decimal(threshold))) return null;
  const value = shortText(distance);
  const detail = `The price ${decimalText(price)} is ${value} % from ${of} ${anchor}, ${threshold} % is the limit.`;
  return refuse('gate.price.band', detail, { value, threshold });
}

function distancePct(price: number, from: number): number {
  return (Math.abs(price - from) / from) * 100;
}

function shortText(value: Decimal): string {
  return decimalText(value.toSignificantDigits(6));
}
