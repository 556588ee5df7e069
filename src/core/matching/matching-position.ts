import { assert } from '../base/assert.ts';
import { type Decimal, minDecimal, ZERO } from '../base/decimal.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { type Direction, directionSign, entrySide, type Side } from '../domain/order.ts';
import type { PositionIndex } from './matching-order.ts';

/** The last decimal place money moves in: what is told of it is all of it. */
const MONEY_PLACES = 10;

/** Exposure of one instrument and position index. `quantity` zero means flat. Replaced, never changed. */
export interface MatchingPosition {
  readonly instrumentId: InstrumentId;
  readonly positionIndex: PositionIndex;
  readonly direction: Direction;
  readonly quantity: Decimal;
  /** What the open quantity cost: entry price times quantity, exact. */
  readonly entryValue: Decimal;
  /** Fees paid for the open quantity. */
  readonly openFees: Decimal;
  /** Money set aside for this position alone; zero while the account shares its margin. */
  readonly collateral: Decimal;
  /** True when an isolated position takes further collateral from the free money before it is liquidated. */
  readonly addsCollateral: boolean;
  /** Profit since the position was opened, fees and funding taken off. */
  readonly realisedPnl: Decimal;
  /** Profit of all positions here, fees and funding taken off. */
  readonly cumulativeRealisedPnl: Decimal;
  readonly openedMs: number;
  readonly updatedMs: number;
}

/** One execution as a position sees it. */
export interface PositionFill {
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal;
  readonly timeMs: number;
}

/** What an execution did to a position. Money of the closed part; zero when it only opened. */
export interface PositionChange {
  readonly position: MatchingPosition;
  readonly closedQuantity: Decimal;
  readonly closedEntryValue: Decimal;
  readonly closedOpenFees: Decimal;
  /** Profit of the closed part without fees. */
  readonly realisedPnl: Decimal;
  /** Quantity that opened or added. */
  readonly openedQuantity: Decimal;
}

/** A flat position, opened at `timeMs` by whatever comes next. */
export function flatPosition(
  instrumentId: InstrumentId,
  positionIndex: PositionIndex,
  timeMs: number,
): MatchingPosition {
  return {
    instrumentId,
    positionIndex,
    direction: positionIndex === 2 ? 'short' : 'long',
    quantity: ZERO,
    entryValue: ZERO,
    openFees: ZERO,
    collateral: ZERO,
    addsCollateral: false,
    realisedPnl: ZERO,
    cumulativeRealisedPnl: ZERO,
    openedMs: timeMs,
    updatedMs: timeMs,
  };
}

/**
 * Applies an execution: closes what is against it, opens with the rest. Over a round trip the realised
 * profits add up to sold value minus bought value exactly.
 */
export function applyFill(position: MatchingPosition, fill: PositionFill): PositionChange {
  assert(fill.quantity.greaterThan(ZERO), 'A fill has a quantity.');
  const against = !position.quantity.isZero() && entrySide(position.direction) !== fill.side;
  const closedQuantity = against ? minDecimal(position.quantity, fill.quantity) : ZERO;
  const closedEntryValue = shareOf(position.entryValue, closedQuantity, position.quantity);
  const closedOpenFees = shareOf(position.openFees, closedQuantity, position.quantity);
  const sign = directionSign(position.direction);
  const realisedPnl = fill.price.times(closedQuantity).minus(closedEntryValue).times(sign);
  const openedQuantity = fill.quantity.minus(closedQuantity);
  const openingFee = shareOf(fill.fee, openedQuantity, fill.quantity);
  const reduced: MatchingPosition = {
    ...position,
    quantity: position.quantity.minus(closedQuantity),
    entryValue: position.entryValue.minus(closedEntryValue),
    openFees: position.openFees.minus(closedOpenFees),
    realisedPnl: position.realisedPnl.plus(realisedPnl).minus(fill.fee.minus(openingFee)),
    cumulativeRealisedPnl: position.cumulativeRealisedPnl.plus(realisedPnl).minus(fill.fee),
    updatedMs: fill.timeMs,
  };
  const opened = openedQuantity.isZero() ? reduced : open(reduced, fill, openedQuantity, openingFee);
  return { position: opened, closedQuantity, closedEntryValue, closedOpenFees, realisedPnl, openedQuantity };
}

/** Profit of the open quantity at `price`, without fees. */
export function unrealisedPnl(position: MatchingPosition, price: Decimal): Decimal {
  const gain = price.times(position.quantity).minus(position.entryValue);
  return position.direction === 'long' ? gain : gain.negated();
}

/** A position is replaced and never changed, its average asked for with every reading: divided once. */
const ENTRY_PRICES = new WeakMap<MatchingPosition, Decimal>();

/** Average entry price; null when flat. */
export function entryPrice(position: MatchingPosition): Decimal | null {
  if (position.quantity.isZero()) return null;
  const known = ENTRY_PRICES.get(position);
  if (known !== undefined) return known;
  const price = position.entryValue.dividedBy(position.quantity);
  ENTRY_PRICES.set(position, price);
  return price;
}

function open(
  position: MatchingPosition,
  fill: PositionFill,
  quantity: Decimal,
  openingFee: Decimal,
): MatchingPosition {
  const fromFlat = position.quantity.isZero();
  return {
    ...position,
    direction: fill.side === 'buy' ? 'long' : 'short',
    quantity: position.quantity.plus(quantity),
    entryValue: position.entryValue.plus(fill.price.times(quantity)),
    openFees: position.openFees.plus(openingFee),
    realisedPnl: (fromFlat ? ZERO : position.realisedPnl).minus(openingFee),
    openedMs: fromFlat ? fill.timeMs : position.openedMs,
  };
}

/** The quantity with its direction: below zero for a short position. */
export function signedQuantity(position: MatchingPosition): Decimal {
  return position.quantity.times(directionSign(position.direction));
}

/** Money as it is charged or paid: to the last place that is told of it. */
export function charged(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(MONEY_PLACES);
}

/** `part / whole` of `value`: exact for the whole, else cut to what moves. The rest stays, so nothing is lost. */
export function shareOf(value: Decimal, part: Decimal, whole: Decimal): Decimal {
  if (part.isZero()) return ZERO;
  return part.equals(whole) ? value : charged(value.times(part).dividedBy(whole));
}
