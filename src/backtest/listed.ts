import { ensure } from '../core/base/assert.ts';
import type { Decimal } from '../core/base/decimal.ts';
import type { Instrument } from '../core/domain/instrument.ts';
import { type Direction, directionSign } from '../core/domain/order.ts';
import type { ExchangePosition } from '../core/domain/position.ts';
import { Book } from '../core/matching/book.ts';
import { entryPrice, type MatchingPosition } from '../core/matching/matching-position.ts';
import type { Level } from './levels.ts';

/** Base units at the best price: no order of ours moves the market of the past. */
const DEPTH = 1e15;
/** Of a tick: what a price's binary form may be beside the tick it stands on. */
const TICK_TOLERANCE = 1e-6;

/** A position in a reading of the account. */
export interface PositionReading {
  readonly row: ExchangePosition;
  /** What it is made of beside the position and its orders. */
  readonly price: number;
  readonly leverage: number;
  /** What the position keeps from other orders. */
  readonly bound: Decimal;
}

/** What is held, as numbers: for equity at every moment, never booked. */
interface Held {
  readonly direction: Direction;
  readonly sign: number;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly maintenanceRate: number;
}

/** What the exchange of the past knows of one instrument. */
export interface Listed {
  readonly instrument: Instrument;
  readonly tick: number;
  price: number;
  /** Made of `price` when first asked for. */
  book: Book | null;
  /** Prices at which an order of the account would act. */
  levels: readonly Level[];
  held: Held | null;
  leverage: number;
  /** Its row in a reading of the account, as it was last made; null once its position or an order has changed. */
  reading: PositionReading | null;
}

/** A book in which everything is for sale at one price on each side, the slippage away from the last one. */
export function bookAt({ instrument, price, tick }: Listed, slippage: number, timeMs: number): Book {
  const bidPrice = Math.floor((price * (1 - slippage)) / tick + TICK_TOLERANCE) * tick;
  const askPrice = Math.ceil((price * (1 + slippage)) / tick - TICK_TOLERANCE) * tick;
  const prices = { lastPrice: price, markPrice: price, indexPrice: price, bidPrice, askPrice };
  return new Book(instrument, { timeMs, ...prices, topQuantity: DEPTH });
}

/** An open position in numbers. */
export function heldOf(position: MatchingPosition, { leverageMax }: Instrument): Held {
  const price = ensure(entryPrice(position), 'An open position has an entry price.');
  const { direction, quantity } = position;
  return {
    direction,
    sign: directionSign(direction),
    quantity: quantity.toNumber(),
    entryPrice: price.toNumber(),
    maintenanceRate: 1 / (2 * leverageMax),
  };
}
