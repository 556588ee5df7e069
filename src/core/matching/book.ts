import { type Decimal, decimal, maxDecimal, minDecimal, nearestMultiple, ZERO } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import { floorToStep } from '../domain/quantise.ts';
import { BookGaps, DEPTH_OF_BOOK, DEPTH_OF_MARKET_ORDERS } from './book-gaps.ts';

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

/** What a resting order of an account offers to those who take. */
export interface RestingOffer {
  readonly uid: string;
  readonly createdMs: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Fills up to `quantity` of it as maker at its price; gives what was filled, less when it has shrunk since. */
  fill(quantity: Decimal): Decimal;
  /** Once the taker is done: what a fill has left without margin is liquidated. */
  settle(): void;
}

/** Offers an order of `side` could take: the best price first, and at one price the oldest. Read at each use. */
type RestingOffers = (side: Side) => readonly RestingOffer[];

/** A part of a taken quantity. Taken from nobody's order, it is gone; an offer has to be filled by the taker. */
export interface BookPart extends BookLevel {
  readonly offer: RestingOffer | null;
}

/**
 * The order book of one instrument at one quote. The best level holds the quote's top quantity; the level
 * `n` behind it holds `n + 1` times as much. What is taken stays taken until the next quote, so two orders
 * at the same moment share the depth. Resting orders of accounts stand among the levels, at equal prices behind
 * them. One the quote has gone through is not offered: the quote itself fills it.
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
  private readonly offers: RestingOffers | null;
  /** Made when a level behind the best is asked for. */
  private gaps: BookGaps | null = null;
  private readonly taken: Record<Side, Decimal> = { buy: ZERO, sell: ZERO };

  constructor(instrument: Instrument, quote: BookQuote, offers: RestingOffers | null = null) {
    const { tickSize } = instrument;
    const { lastPrice, markPrice, indexPrice } = quote;
    const onTick = (price: number): Decimal =>
      maxDecimal(tickSize, nearestMultiple(decimal(price), tickSize));
    this.instrument = instrument;
    this.offers = offers;
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

  /** True once something was taken at this quote. */
  get isTaken(): boolean {
    return !this.taken.buy.isZero() || !this.taken.sell.isZero();
  }

  /** The best price of the quote for an order of `side`. */
  bestFor(side: Side): Decimal {
    return side === 'buy' ? this.askPrice : this.bidPrice;
  }

  /** The last price a market order of `side` may reach. */
  protectedPriceFor(side: Side): Decimal {
    for (let depth = DEPTH_OF_MARKET_ORDERS - 1; depth > 0; depth -= 1) {
      const price = this.levelPrice(side, depth);
      if (price !== null) return price;
    }
    return this.bestFor(side);
  }

  /** What rests for an order of `side`, best first, at most `count` levels; quantities already taken are gone. */
  levelsFor(side: Side, count: number): readonly BookLevel[] {
    const levels: BookLevel[] = [];
    for (const { price, quantity } of this.offered(side, DEPTH_OF_BOOK)) {
      const last = levels.at(-1);
      if (last?.price.equals(price) === true) {
        levels[levels.length - 1] = { price, quantity: last.quantity.plus(quantity) };
        continue;
      }
      if (levels.length >= count) break;
      levels.push({ price, quantity });
    }
    return levels;
  }

  /** What an order of `side` finds at its limit or better, of others than the account, best first. */
  *reach(side: Side, limit: Decimal | null, exceptUid: string): Generator<BookLevel> {
    for (const part of this.crossing(side, limit)) if (part.offer?.uid !== exceptUid) yield part;
  }

  /** Quantity an order of `side` finds at its limit or better. A null limit reaches as far as market orders do. */
  availableFor(side: Side, limit: Decimal | null): Decimal {
    let sum = ZERO;
    for (const level of this.crossing(side, limit)) sum = sum.plus(level.quantity);
    return sum;
  }

  /** Takes up to `quantity` at the limit or better, best first; gives the parts. Offers among them are not filled yet. */
  take(side: Side, quantity: Decimal, limit: Decimal | null): readonly BookPart[] {
    const parts: BookPart[] = [];
    let left = quantity;
    let taken = ZERO;
    for (const { price, quantity: there, offer } of this.crossing(side, limit)) {
      if (!left.greaterThan(ZERO)) break;
      const part = minDecimal(left, there);
      left = left.minus(part);
      if (offer === null) taken = taken.plus(part);
      parts.push({ price, quantity: part, offer });
    }
    this.taken[side] = this.taken[side].plus(taken);
    return parts;
  }

  /** Best first, each made when it is asked for: most orders end at the first. */
  private *crossing(side: Side, limit: Decimal | null): Generator<BookPart> {
    const depth = limit === null ? DEPTH_OF_MARKET_ORDERS : DEPTH_OF_BOOK;
    for (const part of this.offered(side, depth)) {
      if (limit !== null && isBeyond(part.price, side, limit)) return;
      yield part;
    }
  }

  /** The quote's levels with the offers among them; in a part of the book, none behind its last level. */
  private *offered(side: Side, depth: number): Generator<BookPart> {
    const offers = this.openOffers(side);
    let next = 0;
    for (const level of this.quoted(side, depth)) {
      for (let offer = offers[next]; offer !== undefined; offer = offers[next]) {
        if (!isBeyond(level.price, side, offer.price)) break;
        yield { price: offer.price, quantity: offer.quantity, offer };
        next += 1;
      }
      yield { ...level, offer: null };
    }
    if (depth < DEPTH_OF_BOOK) return;
    for (const offer of offers.slice(next)) yield { price: offer.price, quantity: offer.quantity, offer };
  }

  private openOffers(side: Side): readonly RestingOffer[] {
    const offers = this.offers?.(side) ?? [];
    if (offers.length === 0) return offers;
    const other = side === 'buy' ? 'sell' : 'buy';
    for (const { price } of this.quoted(other, DEPTH_OF_BOOK)) {
      return offers.filter((offer) => isBeyond(offer.price, side, price));
    }
    return offers;
  }

  private *quoted(side: Side, count: number): Generator<BookLevel> {
    let skip = this.taken[side];
    for (let depth = 0; depth < count; depth += 1) {
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
    this.gaps ??= new BookGaps(this.lastPrice, this.instrument);
    const offset = this.gaps.offsetOf(depth);
    if (side === 'buy') return this.askPrice.plus(offset);
    const price = this.bidPrice.minus(offset);
    return price.greaterThan(ZERO) ? price : null;
  }
}

function isBeyond(price: Decimal, side: Side, limit: Decimal): boolean {
  return side === 'buy' ? price.greaterThan(limit) : price.lessThan(limit);
}
