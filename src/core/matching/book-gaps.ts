import { type Decimal, decimal, maxDecimal, ONE } from '../base/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';

/** Levels of the book on each side: as many as an exchange tells. */
export const DEPTH_OF_BOOK = 1000;
/** Levels a market order reaches: with sizes growing by the level, 1,275 times the top quantity. */
export const DEPTH_OF_MARKET_ORDERS = 50;

/** From a level on, the distance to the next one as a rate of the price; never less than a tick. */
const BANDS = [
  { from: 0, rate: decimal('0.0001') },
  { from: DEPTH_OF_MARKET_ORDERS, rate: decimal('0.0002') },
  { from: 200, rate: decimal('0.0004') },
] as const;

/** How far the levels of a book stand from its best one: a book thins out with the distance. */
export class BookGaps {
  private readonly lastPrice: Decimal;
  private readonly tickSize: Decimal;
  private readonly gaps: Decimal[] = [];

  constructor(lastPrice: Decimal, { tickSize }: Instrument) {
    this.lastPrice = lastPrice;
    this.tickSize = tickSize;
  }

  /** Distance of the level `depth` behind the best from it, in quote currency. */
  offsetOf(depth: number): Decimal {
    let offset = this.gap(0).times(Math.min(depth, bandEnd(0)));
    for (let band = 1; band < BANDS.length; band += 1) {
      const inside = Math.min(depth, bandEnd(band)) - bandEnd(band - 1);
      if (inside <= 0) break;
      offset = offset.plus(this.gap(band).times(inside));
    }
    return offset;
  }

  private gap(band: number): Decimal {
    const known = this.gaps[band];
    if (known !== undefined) return known;
    const rate = BANDS[band]?.rate ?? ONE;
    const ticks = this.lastPrice.times(rate).dividedBy(this.tickSize).floor();
    const made = maxDecimal(ONE, ticks).times(this.tickSize);
    this.gaps[band] = made;
    return made;
  }
}

/** The last level of a band: the gaps behind it are those of the next. */
function bandEnd(band: number): number {
  return (BANDS[band + 1]?.from ?? Number.POSITIVE_INFINITY) - 1;
}
