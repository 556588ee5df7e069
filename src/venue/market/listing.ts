import { assert } from '../../core/base/assert.ts';
import { rng, seedOf } from '../../core/base/rng.ts';
import type { Candle } from '../../core/domain/candle.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import { Basis } from './basis.ts';
import { type CandleTree, foldSpan, MINUTE_MS, minuteOf, SECONDS_PER_MINUTE } from './candle-tree.ts';
import { type Grid, gridOf, gridValue } from './grid.ts';
import type { CandlePrice, CandleRange, Quote, TrailPoint } from './market-source.ts';
import { type PricePoint, partialMinute, pricePoint } from './price-point.ts';
import { ReferenceCandles } from './reference-candles.ts';
import { flatCandle, joinCandles, type TickCandle } from './tick-candle.ts';

const DAY_MINUTES = 1440;
/** What most exchanges charge per funding interval when perpetual and index agree. */
const FUNDING_RATE_BASE = 0.0001;
const FUNDING_RATE_SPREAD = 0.00015;
const FUNDING_RATE_MAX = 0.002;

/** How easily an instrument is exchanged. */
export interface Liquidity {
  readonly spreadBps: number;
  /** Quote currency that rests at the best price, on average. */
  readonly topNotional: number;
  /** Share of seconds with a price of their own. */
  readonly activity: number;
}

export interface ListingOptions {
  readonly instrument: Instrument;
  readonly tree: CandleTree;
  readonly liquidity: Liquidity;
  readonly seed: number;
  /** Minute since the epoch in which the first fill happens. */
  readonly firstMinute: number;
}

/** Totals of the 24 hours before the minute that runs. */
interface DayTotals {
  readonly minute: number;
  readonly candle: TickCandle | null;
  /** Ticks x steps. */
  readonly turnover: number;
}

/** One instrument of a market: its tree of candles, and where it stands now. */
export class Listing {
  readonly instrument: Instrument;
  readonly firstMinute: number;
  private readonly tree: CandleTree;
  private readonly liquidity: Liquidity;
  private readonly seed: number;
  private readonly basis: Basis;
  private readonly reference: ReferenceCandles;
  private readonly prices: Grid;
  private readonly quantities: Grid;
  private minute = Number.NaN;
  private second = 0;
  private path: readonly number[] = [];
  private point: PricePoint = { last: 0, mark: 0, index: 0 };
  private shown: Quote | null = null;
  private fundingSlot = Number.NaN;
  private fundingNow: Pick<Quote, 'fundingRate' | 'nextFundingMs'> = { fundingRate: 0, nextFundingMs: 0 };
  private day: DayTotals = { minute: Number.NaN, candle: null, turnover: 0 };

  constructor(options: ListingOptions) {
    this.instrument = options.instrument;
    this.firstMinute = options.firstMinute;
    this.tree = options.tree;
    this.liquidity = options.liquidity;
    this.seed = seedOf(options.seed, options.instrument.id, 'quote');
    this.basis = new Basis(this.seed);
    this.reference = new ReferenceCandles(options.tree, this.basis);
    this.prices = gridOf(options.instrument.tickSize);
    this.quantities = gridOf(options.instrument.quantityStep);
  }

  /** Moves to a second since the epoch, not before the listing; true when a price differs. */
  advance(epochSecond: number): boolean {
    const minute = Math.floor(epochSecond / SECONDS_PER_MINUTE);
    assert(minute >= this.firstMinute, 'An instrument has no price before it is listed.');
    if (minute !== this.minute) this.path = this.tree.seconds(minute);
    this.minute = minute;
    this.second = epochSecond - minute * SECONDS_PER_MINUTE;
    const before = this.point;
    this.shown = null;
    this.point = pricePoint(this.path, this.second, this.basis.at(epochSecond));
    const { last, mark, index } = this.point;
    return last !== before.last || mark !== before.mark || index !== before.index;
  }

  /** The same object until the market moves. */
  quote(): Quote {
    this.shown ??= this.read();
    return this.shown;
  }

  private read(): Quote {
    const open = this.openMinute();
    const day = this.dayTotals();
    const whole = day.candle === null ? open : joinCandles(day.candle, open);
    const turnover = day.turnover + turnoverOf(open);
    const timeMs = (this.minute * SECONDS_PER_MINUTE + this.second) * 1000;
    const { bidPrice, askPrice, topQuantity } = this.bestPrices({
      minute: this.minute,
      second: this.second,
      last: this.point.last,
    });
    const { fundingRate, nextFundingMs } = this.funding(timeMs);
    return {
      timeMs,
      lastPrice: this.price(this.point.last),
      markPrice: this.price(this.point.mark),
      indexPrice: this.price(this.point.index),
      bidPrice,
      askPrice,
      topQuantity,
      price24hAgo: this.price(whole.open),
      high24h: this.price(whole.high),
      low24h: this.price(whole.low),
      volume24h: gridValue(this.quantities, whole.volume),
      turnover24h: this.price(1) * gridValue(this.quantities, 1) * turnover,
      fundingRate,
      nextFundingMs,
    };
  }

  /** Newest `limit` candles of the range, ascending; the last may be the one that runs. */
  candles({ timeframe, startMs, endMs, limit, price = 'last' }: CandleRange): Candle[] {
    const lengthMs = timeframeMs(timeframe);
    const floor = (timeMs: number): number => Math.floor(timeMs / lengthMs) * lengthMs;
    const lastMs = floor(Math.min(endMs ?? Number.POSITIVE_INFINITY, this.minute * MINUTE_MS));
    const firstMs = Math.max(
      startMs === null ? Number.NEGATIVE_INFINITY : -floor(-startMs),
      floor(this.firstMinute * MINUTE_MS),
      lastMs - (limit - 1) * lengthMs,
    );
    const candles: Candle[] = [];
    for (let openTimeMs = firstMs; openTimeMs <= lastMs; openTimeMs += lengthMs) {
      candles.push(
        price === 'last'
          ? this.candleAt(openTimeMs, lengthMs)
          : this.referenceAt(price, openTimeMs, lengthMs),
      );
    }
    return candles;
  }

  private candleAt(openTimeMs: number, lengthMs: number): Candle {
    const from = Math.max(this.firstMinute, openTimeMs / MINUTE_MS);
    const to = (openTimeMs + lengthMs) / MINUTE_MS;
    const closed = foldSpan(this.tree, { from, to: Math.min(to, this.minute) });
    const whole = to > this.minute ? joinCandles(closed, this.openMinute()) : closed;
    return this.shownCandle(openTimeMs, whole ?? flatCandle(this.point.last));
  }

  private referenceAt(price: Exclude<CandlePrice, 'last'>, openTimeMs: number, lengthMs: number): Candle {
    const span = {
      from: Math.max(this.firstMinute * SECONDS_PER_MINUTE, openTimeMs / 1000),
      to: Math.min((openTimeMs + lengthMs) / 1000, this.minute * SECONDS_PER_MINUTE + this.second + 1),
    };
    if (price === 'premium') return { openTimeMs, ...this.reference.premium(span), volume: 0 };
    return this.shownCandle(openTimeMs, this.reference.candle(price, span));
  }

  private shownCandle(openTimeMs: number, { open, high, low, close, volume }: TickCandle): Candle {
    return {
      openTimeMs,
      open: this.price(open),
      high: this.price(high),
      low: this.price(low),
      close: this.price(close),
      volume: gridValue(this.quantities, volume),
    };
  }

  private openMinute(): TickCandle {
    const minute = minuteOf(this.tree, this.minute) ?? flatCandle(this.point.last);
    return partialMinute(minute, this.path, this.second);
  }

  private dayTotals(): DayTotals {
    if (this.day.minute === this.minute) return this.day;
    const from = Math.max(this.firstMinute, this.minute - DAY_MINUTES);
    let turnover = 0;
    const candle = foldSpan(this.tree, { from, to: this.minute }, (part) => {
      turnover += turnoverOf(part);
    });
    this.day = { minute: this.minute, candle, turnover };
    return this.day;
  }

  /** One point a second from `fromSecond` since the epoch to the second of now. */
  trail(fromSecond: number): readonly TrailPoint[] {
    const nowSecond = this.minute * SECONDS_PER_MINUTE + this.second;
    const points: TrailPoint[] = [];
    let [minute, path] = [this.minute, this.path];
    for (let at = Math.max(fromSecond, this.firstMinute * SECONDS_PER_MINUTE); at <= nowSecond; at += 1) {
      const its = Math.floor(at / SECONDS_PER_MINUTE);
      if (its !== minute) [minute, path] = [its, its === this.minute ? this.path : this.tree.seconds(its)];
      const second = at - minute * SECONDS_PER_MINUTE;
      const last = path[second] ?? this.point.last;
      const { topQuantity } = this.bestPrices({ minute, second, last });
      points.push({ timeMs: at * 1000, lastPrice: this.price(last), topQuantity });
    }
    return points;
  }

  /** The last fill was at the best bid or at the best ask; the other side is one spread away. */
  private bestPrices(at: {
    readonly minute: number;
    readonly second: number;
    readonly last: number;
  }): Pick<Quote, 'bidPrice' | 'askPrice' | 'topQuantity'> {
    const { minute, second, last } = at;
    const random = rng(seedOf(this.seed, minute, second));
    const widest = Math.max(1, Math.round((last * this.liquidity.spreadBps) / 10_000));
    const spread = 1 + random.integer(widest);
    const bid = Math.max(1, random.next() < 0.5 ? last : last - spread);
    const notional = this.liquidity.topNotional * (0.5 + random.next());
    const steps = Math.round(notional / (this.price(last) * gridValue(this.quantities, 1)));
    return {
      bidPrice: this.price(bid),
      askPrice: this.price(bid + spread),
      topQuantity: gridValue(this.quantities, Math.max(1, steps)),
    };
  }

  private funding(timeMs: number): Pick<Quote, 'fundingRate' | 'nextFundingMs'> {
    const { fundingIntervalMs } = this.instrument;
    const slot = Math.floor(timeMs / fundingIntervalMs);
    if (slot === this.fundingSlot) return this.fundingNow;
    const drawn = FUNDING_RATE_BASE + FUNDING_RATE_SPREAD * rng(seedOf(this.seed, 'funding', slot)).normal();
    const rate = Math.min(FUNDING_RATE_MAX, Math.max(-FUNDING_RATE_MAX, drawn));
    this.fundingSlot = slot;
    this.fundingNow = {
      fundingRate: Math.round(rate * 1e6) / 1e6,
      nextFundingMs: (slot + 1) * fundingIntervalMs,
    };
    return this.fundingNow;
  }

  private price(ticks: number): number {
    return gridValue(this.prices, ticks);
  }
}

/** Ticks x steps exchanged, at the candle's mean price. */
function turnoverOf({ open, high, low, close, volume }: TickCandle): number {
  return ((open + high + low + close) / 4) * volume;
}
