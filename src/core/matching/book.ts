import {
  type Decimal,
  decimal,
  maxDecimal,
  minDecimal,
  nearestMultiple,
  ONE,
  ZERO,
} from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import { floorToStep } from '../domain/quantise.ts';

/** What the book of one instrument is built from. Prices in quote currency, `topQuantity` in base units. */
export interface BookQuote {
  readonly timeMs: number;
  readonly lastPrice: number;
  readonly markPrice: number;
  readonly indexPrice: number;
  readonly bidPrice: number;
  readonly askPrice: number;
  readonly topQuantity: number;
}

/** One price of the book, or one part of a taken quantity. */
export interface BookLevel {
  readonly price: Decimal;
  readonly quantity: Decimal;
}

/** Which price watches a trigger. */
export type PriceKind = 'last' | 'mark' | 'index';

/** Levels on each side. With sizes growing by the level this is 1,275 times the top quantity. */
const BOOK_DEPTH = 50;
/** Distance of two levels as a rate of the price: 1 bp, never less than a tick. */
const LEVEL_SPACING_RATE = decimal('0.0001');

/**
 * The order book of one instrument at one quote. The best level holds the quote's top quantity; the level
 * `n` behind it holds `n + 1` times as much. What is taken stays taken until the next quote, so two orders
 * at the same moment share the depth.
 */
export class Book {
  readonly instrument: Instrument;
  readonly timeMs: number;
  readonly lastPrice: Decimal;
  readonly markPrice: Decimal;
  readonly indexPrice: Decimal;
  readonly bidPrice: Decimal;
  readonly askPrice: Decimal;
  private readonly topQuantity: Decimal;
  /** Distance of two levels; made when one behind the best is asked for. */
  private spacing: Decimal | null = null;
  private readonly taken: Record<Side, Decimal> = { buy: ZERO, sell: ZERO };

  constructor(instrument: Instrument, quote: BookQuote) {
    const { tickSize } = instrument;
    const { lastPrice, markPrice, indexPrice } = quote;
    const onTick = (price: number): Decimal =>
      maxDecimal(tickSize, nearestMultiple(decimal(price), tickSize));
    this.instrument = instrument;
    this.timeMs = quote.timeMs;
    this.lastPrice = onTick(lastPrice);
    this.markPrice = markPrice === lastPrice ? this.lastPrice : onTick(markPrice);
    this.indexPrice = indexPrice === markPrice ? this.markPrice : onTick(indexPrice);
    this.bidPrice = onTick(quote.bidPrice);
    this.askPrice = onTick(quote.askPrice);
    this.topQuantity = maxDecimal(
      floorToStep(decimal(quote.topQuantity), instrument),
      instrument.quantityStep,
    );
  }

  /** The price a trigger of this kind compares with. */
  price(kind: PriceKind): Decimal {
    if (kind === 'mark') return this.markPrice;
    return kind === 'index' ? this.indexPrice : this.lastPrice;
  }

  /** The best price an order of `side` can take. */
  bestFor(side: Side): Decimal {
    return side === 'buy' ? this.askPrice : this.bidPrice;
  }

  /** The last price a market order of `side` may reach: the deepest level. */
  protectedPriceFor(side: Side): Decimal {
    return this.levelPrice(side, BOOK_DEPTH - 1) ?? this.bestFor(side);
  }

  /** What rests for an order of `side`, best first, at most `count` levels; quantities already taken are gone. */
  levelsFor(side: Side, count: number): readonly BookLevel[] {
    const levels: BookLevel[] = [];
    for (const level of this.offered(side)) {
      if (levels.length >= count) break;
      levels.push(level);
    }
    return levels;
  }

  /** Quantity an order of `side` finds at its limit or better. A null limit reaches the whole book. */
  availableFor(side: Side, limit: Decimal | null): Decimal {
    let sum = ZERO;
    for (const level of this.crossing(side, limit)) sum = sum.plus(level.quantity);
    return sum;
  }

  /** Takes up to `quantity` at the limit or better, best level first; gives what was taken. */
  take(side: Side, quantity: Decimal, limit: Decimal | null): readonly BookLevel[] {
    const parts: BookLevel[] = [];
    let left = quantity;
    for (const level of this.crossing(side, limit)) {
      if (!left.greaterThan(ZERO)) break;
      const part = minDecimal(left, level.quantity);
      left = left.minus(part);
      parts.push({ price: level.price, quantity: part });
    }
    this.taken[side] = this.taken[side].plus(quantity.minus(left));
    return parts;
  }

  /** Best level first, each made when it is asked for: most orders end at the first. */
  private *crossing(side: Side, limit: Decimal | null): Generator<BookLevel> {
    for (const level of this.offered(side)) {
      if (limit !== null && isBeyond(level.price, side, limit)) return;
      yield level;
    }
  }

  private *offered(side: Side): Generator<BookLevel> {
    let skip = this.taken[side];
    for (let depth = 0; depth < BOOK_DEPTH; depth += 1) {
      const price = this.levelPrice(side, depth);
      if (price === null) return;
      const whole = this.topQuantity.times(depth + 1);
      const gone = minDecimal(skip, whole);
      skip = skip.minus(gone);
      if (gone.lessThan(whole)) yield { price, quantity: whole.minus(gone) };
    }
  }

  /** Null below the first tick: a cheap instrument's bids end there. */
  private levelPrice(side: Side, depth: number): Decimal | null {
    if (depth === 0) return this.bestFor(side);
    this.spacing ??= spacingOf(this.lastPrice, this.instrument);
    const offset = this.spacing.times(depth);
    if (side === 'buy') return this.askPrice.plus(offset);
    const price = this.bidPrice.minus(offset);
    return price.greaterThan(ZERO) ? price : null;
  }
}

function spacingOf(price: Decimal, { tickSize }: Instrument): Decimal {
  const ticksApart = price.times(LEVEL_SPACING_RATE).dividedBy(tickSize).floor();
  return maxDecimal(ONE, ticksApart).times(tickSize);
}

function isBeyond(price: Decimal, side: Side, limit: Decimal): boolean {
  return side === 'buy' ? price.greaterThan(limit) : price.lessThan(limit);
}
