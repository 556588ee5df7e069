import { type Decimal, decimal, decimalText, ZERO } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type ApprovedEntry, type Direction, entrySide } from '../domain/order.ts';
import type { Refusal } from '../domain/verdict.ts';
import { CEILINGS } from './ceilings.ts';
import type { GateLimits } from './gate-limits.ts';
import { type LossFacts, lossRefusal } from './gate-loss.ts';
import { type PriceFacts, priceRefusal } from './gate-price.ts';
import { refuse } from './refuse.ts';

/** Age of the account reading beyond which it proves nothing, ms. */
const ACCOUNT_AGE_MS_MAX = 60_000;

/** Orders that left lately, this one not among them. */
export interface Paces {
  readonly second: number;
  readonly minute: number;
  readonly day: number;
}

/** What an entry is held against, none of it from the engine. */
export interface EntryFacts {
  readonly instrument: Instrument;
  readonly limits: GateLimits;
  /** Null: none is known. */
  readonly prices: PriceFacts | null;
  /** Null: it has not been read. */
  readonly account: { readonly equity: Decimal; readonly ageMs: number } | null;
  /** What the exchange holds on the instrument, by the newest list and by its name. */
  readonly held: readonly { readonly direction: Direction; readonly quantity: Decimal }[];
  /** Ordered on the instrument, not refused, and not in `held` yet, base units. */
  readonly orderedHere: Decimal;
  /** Value of all that is held and ordered, ours or not, this order not, USDT. */
  readonly exposure: Decimal;
  /** What the exchange has stated for the instrument; null: nothing. */
  readonly leverage: number | null;
  readonly paces: Paces;
  /** Null, or how long ago the same was sent, ms; its own name: 0. */
  readonly sameAgoMs: number | null;
  readonly loss: LossFacts | null;
  /** How long the instrument waits after a loss, ms; 0: it does not. */
  readonly waitMs: number;
}

/** The first rule of the gate that an entry breaks; null: it breaks none. */
export function entryRefusal(order: ApprovedEntry, facts: EntryFacts): Refusal | null {
  return (
    soundRefusal(order, facts) ??
    priceRefusal(order, facts.prices) ??
    stopRefusal(order, facts) ??
    sameRefusal(facts) ??
    heldRefusal(order, facts) ??
    leverageRefusal(order, facts) ??
    valueRefusal(order, facts) ??
    accountRefusal(facts) ??
    exposureRefusal(order, facts) ??
    lossRefusal(facts.loss, facts.account?.equity ?? null, facts.limits) ??
    waitRefusal(facts) ??
    paceRefusal(facts)
  );
}

function soundRefusal(order: ApprovedEntry, { instrument }: EntryFacts): Refusal | null {
  const { quantity, referencePrice, limit, leverage, side, direction, kind } = order;
  const amounts = { quantity, 'reference price': referencePrice, ...(limit && { limit: limit.price }) };
  for (const [name, amount] of Object.entries(amounts)) {
    if (isAmount(amount)) continue;
    return refuse('gate.order.unsound', `The ${name} is ${String(amount)}.`, { value: String(amount) });
  }
  if (!Number.isFinite(leverage) || leverage < 1)
    return refuse('gate.order.unsound', `The leverage is ${leverage}.`, { value: leverage });
  if (side !== entrySide(direction) || kind !== 'entry')
    return refuse('gate.order.side', `A ${side} does not enter a ${direction}.`, { value: side });
  if (order.instrumentId === instrument.id && instrument.status === 'trading') return null;
  const detail = `${instrument.id} is ${instrument.status}, the order is on ${order.instrumentId}.`;
  return refuse('gate.order.instrument', detail, { value: instrument.status });
}

function isAmount(amount: Decimal): boolean {
  return amount.isFinite() && amount.greaterThan(0);
}

/** Below every price it may be filled at, for a long; above for a short. */
function stopRefusal(
  { stopPrice, referencePrice, limit, direction }: ApprovedEntry,
  { prices }: EntryFacts,
): Refusal | null {
  if (!isAmount(stopPrice)) return refuse('gate.stop.missing', `The stop is ${String(stopPrice)}.`);
  const entered = limit === null ? [referencePrice, markOf(prices)] : [limit.price];
  for (const price of entered) {
    if (price === null || isLossSide(stopPrice, price, direction)) continue;
    const [value, threshold] = [decimalText(stopPrice), decimalText(price)];
    const detail = `The stop ${value} of a ${direction} is not on the loss side of ${threshold}.`;
    return refuse('gate.stop.wrong-side', detail, { value, threshold });
  }
  return null;
}

function markOf(prices: PriceFacts | null): Decimal | null {
  return prices === null || !Number.isFinite(prices.markPrice) ? null : decimal(prices.markPrice);
}

function isLossSide(stopPrice: Decimal, price: Decimal, direction: Direction): boolean {
  return direction === 'long' ? stopPrice.lessThan(price) : stopPrice.greaterThan(price);
}

function sameRefusal({ sameAgoMs }: EntryFacts): Refusal | null {
  if (sameAgoMs === null) return null;
  const detail = `An order of the same side and quantity was sent there ${Math.round(sameAgoMs)} ms ago.`;
  return refuse('gate.order.duplicate', detail, { value: Math.round(sameAgoMs) });
}

/** A later rung adds to what the ones before it have filled, and to nothing else. */
function heldRefusal(order: ApprovedEntry, { held }: EntryFacts): Refusal | null {
  const isLaterRung = order.ladderId !== null && order.ladderId !== order.clientOrderId;
  const strange = held.find(({ direction }) => !isLaterRung || direction !== order.direction);
  if (strange === undefined) return null;
  const value = decimalText(strange.quantity);
  const detail = `The exchange holds a ${strange.direction} of ${value} there.`;
  return refuse('gate.position.held', detail, { value });
}

function leverageRefusal(order: ApprovedEntry, { instrument, leverage: stated }: EntryFacts): Refusal | null {
  const { leverage } = order;
  const threshold = Math.min(CEILINGS.leverage.max, instrument.leverageMax);
  if (leverage > threshold) {
    const detail = `The leverage is ${leverage}, ${threshold} is the most.`;
    return refuse('gate.leverage.above', detail, { value: leverage, threshold });
  }
  if (stated === leverage) return null;
  const detail = `The exchange states leverage ${stated ?? 'of nothing'}, the entry was sized with ${leverage}.`;
  return refuse('gate.leverage.unconfirmed', detail, { value: stated, threshold: leverage });
}

function valueRefusal(order: ApprovedEntry, facts: EntryFacts): Refusal | null {
  const { limits, held, orderedHere } = facts;
  const price = dearer(order, facts);
  const alone = order.quantity.times(price);
  const one = tooMuch('gate.order.notional', 'The order', alone, limits.orderNotionalUsdtMax);
  if (one !== null) return one;
  const quantity = held.reduce((most, row) => (row.quantity.greaterThan(most) ? row.quantity : most), ZERO);
  const after = quantity.plus(orderedHere).times(price).plus(alone);
  const { instrumentNotionalUsdtMax } = limits;
  return tooMuch(
    'gate.position.notional',
    `${order.instrumentId} with the order`,
    after,
    instrumentNotionalUsdtMax,
  );
}

function tooMuch(
  code: 'gate.order.notional' | 'gate.position.notional',
  what: string,
  notional: Decimal,
  threshold: number,
): Refusal | null {
  if (notional.lessThanOrEqualTo(threshold)) return null;
  const value = decimalText(notional);
  return refuse(code, `${what} would be worth ${value} USDT, ${threshold} is the limit.`, {
    value,
    threshold,
  });
}

/** The higher of the price the size was computed at and the mark: what is dear is never called cheap. */
function dearer({ referencePrice, limit }: ApprovedEntry, { prices }: EntryFacts): Decimal {
  const mark = limit === null ? markOf(prices) : null;
  const price = limit === null ? referencePrice : limit.price;
  return mark?.greaterThan(price) === true ? mark : price;
}

function accountRefusal({ account }: EntryFacts): Refusal | null {
  if (account === null || !account.equity.isFinite())
    return refuse('gate.account.unknown', 'The equity of the account is not known.');
  const value = Math.round(account.ageMs);
  if (value <= ACCOUNT_AGE_MS_MAX) return null;
  const detail = `The account was read ${value} ms ago, ${ACCOUNT_AGE_MS_MAX} ms is the limit.`;
  return refuse('gate.account.stale', detail, { value, threshold: ACCOUNT_AGE_MS_MAX });
}

function exposureRefusal(order: ApprovedEntry, facts: EntryFacts): Refusal | null {
  const { account, exposure, limits } = facts;
  if (account === null) return null;
  const allowed = account.equity.times(limits.exposurePctMax).dividedBy(100);
  const after = exposure.plus(order.quantity.times(dearer(order, facts)));
  if (after.lessThanOrEqualTo(allowed)) return null;
  const [value, threshold] = [decimalText(after), decimalText(allowed)];
  const detail = `All that is held and ordered would be worth ${value} USDT, ${limits.exposurePctMax} % of equity is ${threshold}.`;
  return refuse('gate.account.exposure', detail, { value, threshold });
}

function waitRefusal({ waitMs }: EntryFacts): Refusal | null {
  if (waitMs <= 0) return null;
  const value = Math.ceil(waitMs);
  return refuse('gate.loss.wait', `The instrument waits another ${value} ms after a loss.`, { value });
}

function paceRefusal({ paces, limits }: EntryFacts): Refusal | null {
  return (
    tooMany('gate.pace.second', 'the last second', paces.second, limits.ordersPerSecondMax) ??
    tooMany('gate.pace.minute', 'the last minute', paces.minute, limits.ordersPerMinuteMax) ??
    tooMany('gate.pace.day', 'today', paces.day, limits.ordersPerDayMax)
  );
}

function tooMany(
  code: 'gate.pace.second' | 'gate.pace.minute' | 'gate.pace.day',
  when: string,
  value: number,
  threshold: number,
): Refusal | null {
  if (value < threshold) return null;
  return refuse(code, `${value} orders have left ${when}, ${threshold} is the limit.`, { value, threshold });
}
