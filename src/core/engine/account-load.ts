import { type Decimal, decimal, maxDecimal, ZERO } from '../base/decimal.ts';
import { heldQuantity } from '../position/holding.ts';
import type { AccountTerms } from '../risk/limits.ts';
import { plannedRung } from './ladder-rungs.ts';
import { isLive, type TrackedOrder } from './open-position.ts';
import type { EngineState } from './state.ts';

/** What an entry that has not filled may still come to hold. */
interface PendingEntry {
  readonly instrumentId: TrackedOrder['instrumentId'];
  readonly quantity: Decimal;
  readonly referencePrice: Decimal;
  /** Waits at the reference price; else it fills at the price of the moment. */
  readonly limit: boolean;
}

/**
 * Notionals of all positions, of all that entries in flight and ladders may still come to hold, and of foreign
 * positions and orders, quote currency; at current prices, a rung at its own where that is higher.
 */
export function exposure(state: EngineState): Decimal {
  let sum = ZERO;
  for (const { instrumentId, holding, entry } of state.positions.values()) {
    sum = sum.plus(heldQuantity(holding).times(priceOf(state, instrumentId, entry.referencePrice)));
  }
  for (const { instrumentId, quantity, referencePrice, limit } of pendingEntries(state)) {
    const price = priceOf(state, instrumentId, referencePrice);
    sum = sum.plus(quantity.times(limit ? maxDecimal(price, referencePrice) : price));
  }
  for (const foreign of state.foreign) sum = sum.plus(foreign.quantity.times(foreign.markPrice));
  for (const { instrumentId, quantity, price, reduceOnly } of state.strangeOrders) {
    if (!reduceOnly) sum = sum.plus(quantity.times(price ?? priceOf(state, instrumentId, ZERO)));
  }
  return sum;
}

/** The account as risk reads it; null until it was read. What was ordered after the reading is taken off. */
export function accountTerms(state: EngineState): AccountTerms | null {
  const { account, dayStart, orders } = state;
  if (account === null) return null;
  const { balance, asOfMs, transferred } = account;
  let { available } = balance;
  // The reading does not know of what was ordered after it.
  for (const order of orders.values()) {
    const { entry, placedMs } = order;
    if (entry === null || placedMs < asOfMs) continue;
    const taken = isLive(order) ? order.quantity : order.filledQuantity;
    available = available.minus(taken.times(entry.referencePrice).dividedBy(entry.leverage));
  }
  for (const { quantity, price, leverage } of unsentRungs(state)) {
    available = available.minus(quantity.times(price).dividedBy(leverage));
  }
  return { equity: balance.equity, available, dayStart, transferred, asOfMs };
}

function* pendingEntries(state: EngineState): Generator<PendingEntry> {
  for (const order of state.orders.values()) {
    const { instrumentId, entry, limitPrice, quantity, filledQuantity } = order;
    if (entry === null || !isLive(order)) continue;
    const { referencePrice } = entry;
    yield {
      instrumentId,
      quantity: quantity.minus(filledQuantity),
      referencePrice,
      limit: limitPrice !== null,
    };
  }
  for (const { instrumentId, quantity, price } of unsentRungs(state)) {
    yield { instrumentId, quantity, referencePrice: price, limit: true };
  }
}

function* unsentRungs({ ladders }: EngineState) {
  for (const ladder of ladders.values()) {
    const { instrumentId, leverage } = ladder.plan;
    for (const rung of ladder.rungs) {
      if (rung.state !== 'planned') continue;
      const { quantity, price } = plannedRung(ladder, rung);
      yield { instrumentId, leverage, quantity, price };
    }
  }
}

function priceOf(
  { markets }: EngineState,
  instrumentId: TrackedOrder['instrumentId'],
  otherwise: Decimal,
): Decimal {
  const price = markets.get(instrumentId)?.price ?? null;
  return price === null ? otherwise : decimal(price);
}
