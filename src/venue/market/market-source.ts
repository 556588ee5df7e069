import type { Candle } from '../../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../../core/domain/instrument.ts';
import type { Timeframe } from '../../core/domain/timeframe.ts';

/** Prices of one instrument at one moment, on the instrument's tick grid. */
export interface Quote {
  readonly timeMs: number;
  readonly lastPrice: number;
  readonly markPrice: number;
  readonly indexPrice: number;
  readonly bidPrice: number;
  readonly askPrice: number;
  /** Base units resting at the best level: the depth the book is built from. */
  readonly topQuantity: number;
  readonly price24hAgo: number;
  readonly high24h: number;
  readonly low24h: number;
  readonly volume24h: number;
  readonly turnover24h: number;
  readonly fundingRate: number;
  readonly nextFundingMs: number;
}

/**
 * Whose course a candle tells. The premium is a rate: the mean last price of the seconds the index averages,
 * over the index price, less 1.
 */
export type CandlePrice = 'last' | 'mark' | 'index' | 'premium';

export interface CandleRange {
  readonly instrumentId: InstrumentId;
  /** Absent for the last price. Candles of the others have no volume. */
  readonly price?: CandlePrice;
  readonly timeframe: Timeframe;
  /** Open time of the earliest candle wanted; null for as far back as `limit` reaches. */
  readonly startMs: number | null;
  /** Open time of the latest candle wanted; null for now. */
  readonly endMs: number | null;
  readonly limit: number;
}

/** A point of the price path that has been. */
export interface TrailPoint {
  readonly timeMs: number;
  readonly lastPrice: number;
  /** Base units that rested at the best level. */
  readonly topQuantity: number;
}

export type MarketState =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly atMs: number; readonly detail: string };

/**
 * Where the venue's prices come from. The same seed and the same times give the same market. Candles of
 * all timeframes agree with each other and with the quotes that made them.
 */
export interface MarketSource {
  readonly name: string;
  /** Milliseconds between two points of the price path: advance at least this often to miss none. */
  readonly stepMs: number;
  /** Instruments listed by now. */
  instruments(): readonly Instrument[];
  /** Moves to `nowMs`; gives the instruments whose quote changed. Time never goes back. */
  advance(nowMs: number): readonly InstrumentId[];
  /** Null for an instrument that is not listed now. */
  quote(instrumentId: InstrumentId): Quote | null;
  /**
   * Ascending candles inside the range, the newest `limit` of them; the last may be the open one.
   * Null for an instrument that is not listed now.
   */
  candles(range: CandleRange): readonly Candle[] | null;
  /**
   * The price path from `fromMs` (included) to now, ascending; it begins with the listing. Null for an
   * instrument that is not listed now.
   */
  trail(instrumentId: InstrumentId, fromMs: number): readonly TrailPoint[] | null;
  state(): MarketState;
}
