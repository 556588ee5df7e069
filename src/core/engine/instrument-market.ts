import { type Candle, candleFault } from '../domain/candle.ts';
import { CandleSeries } from '../domain/candle-series.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { Signal } from '../domain/verdict.ts';
import type { CandleFacts } from '../filter/entry-context.ts';
import { Rsi, type RsiState } from '../indicator/rsi.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { readSignal } from '../signal/signal.ts';
import { type TrendSnapshot, TrendState } from '../signal/trend.ts';

/** What became of a candle: taken, seen before, with a hole before it, or with impossible prices. */
export type CandleIntake = 'taken' | 'seen' | 'gap' | 'unsound';

/** What a market needs to go on as if it had never stopped. */
export interface MarketMemory {
  readonly candles: readonly Candle[];
  readonly rsi: RsiState;
  readonly trend: TrendSnapshot;
  readonly gap: boolean;
  readonly shown: number;
  readonly rsiMin: number | null;
  readonly rsiMax: number | null;
}

/** What the engine knows of one instrument's market: candles and what streams from them, prices, feed. */
export class InstrumentMarket {
  instrument: Instrument;
  lastPrice: number | null = null;
  /** When `lastPrice` arrived, ms; 0 before the first. */
  priceMs = 0;
  markPrice: number | null = null;
  turnover24h: number | null = null;
  /** Why the feed of this instrument alone is lost; null while it lives. */
  feedLost: string | null = null;
  /** What was last explained of the newest candle, so that the same is not said twice. */
  explained = '';
  series: CandleSeries;
  rsi: Rsi;
  trend: TrendState;
  gap = false;
  shown = 0;
  rsiMin = Number.POSITIVE_INFINITY;
  rsiMax = Number.NEGATIVE_INFINITY;
  /** Close and RSI of the newest candle, held so that a step allocates nothing; NaN before the first. */
  private close = Number.NaN;
  private reading = Number.NaN;
  private settings: SignalSettings;
  private readonly stepMs: number;

  constructor(instrument: Instrument, timeframe: Timeframe, settings: SignalSettings) {
    this.instrument = instrument;
    this.settings = settings;
    this.stepMs = timeframeMs(timeframe);
    this.series = new CandleSeries(timeframe);
    this.rsi = new Rsi(settings.rsiLength);
    this.trend = new TrendState(settings);
  }

  /** The same instrument on another timeframe: prices stay, candles start empty. */
  restarted(timeframe: Timeframe, settings: SignalSettings): InstrumentMarket {
    const fresh = new InstrumentMarket(this.instrument, timeframe, settings);
    fresh.lastPrice = this.lastPrice;
    fresh.priceMs = this.priceMs;
    fresh.markPrice = this.markPrice;
    fresh.turnover24h = this.turnover24h;
    fresh.feedLost = this.feedLost;
    return fresh;
  }

  /** Puts signal settings in force; indicators they change are computed anew from the candles held. */
  configure(settings: SignalSettings): void {
    const before = this.settings;
    this.settings = settings;
    this.explained = '';
    if (isSameWindow(before, settings)) return;
    const { shown } = this;
    this.startIndicators();
    for (const close of this.series.close) this.stream(close);
    this.shown = shown;
  }

  /** The newest price: the last trade's unless a candle has closed since, then its close; null before both. */
  get price(): number | null {
    const newest = this.series.lastOpenTimeMs;
    if (newest === null || Number.isNaN(this.close)) return this.lastPrice;
    return this.lastPrice !== null && this.priceMs >= newest + this.stepMs ? this.lastPrice : this.close;
  }

  /** Takes the next closed candle. One that is not the next changes nothing but `gap`. */
  append(candle: Candle): CandleIntake {
    const newest = this.series.lastOpenTimeMs;
    if (newest !== null && candle.openTimeMs !== newest + this.stepMs) return this.outOfOrder(candle, newest);
    if (candleFault(candle) !== null || candle.openTimeMs % this.stepMs !== 0) return 'unsound';
    this.series.append(candle);
    this.stream(candle.close);
    return 'taken';
  }

  /** Takes a whole history in place of what is held; false when one of its candles is unsound or out of step. */
  replace(candles: readonly Candle[]): boolean {
    if (!this.isHistory(candles)) return false;
    this.series.replace(candles);
    this.gap = false;
    this.startIndicators();
    for (const candle of candles) this.stream(candle.close);
    return true;
  }

  /** Goes on from a snapshot, bit-equal. */
  restore(stored: MarketMemory): void {
    this.series.replace(stored.candles);
    this.rsi.restore(stored.rsi);
    this.trend.restore(stored.trend);
    this.close = stored.rsi.close ?? Number.NaN;
    this.reading = this.rsi.value ?? Number.NaN;
    this.gap = stored.gap;
    this.shown = stored.shown;
    this.rsiMin = stored.rsiMin ?? Number.POSITIVE_INFINITY;
    this.rsiMax = stored.rsiMax ?? Number.NEGATIVE_INFINITY;
  }

  /** True when the newest candle's RSI is at an extreme: cheaper than reading the whole signal. */
  get atExtreme(): boolean {
    return this.reading <= this.settings.rsiLongMax || this.reading >= this.settings.rsiShortMin;
  }

  /** What the newest closed candle suggests; null before the first. */
  signal(): Signal | null {
    const candleOpenTimeMs = this.series.lastOpenTimeMs;
    if (candleOpenTimeMs === null) return null;
    return readSignal({
      instrumentId: this.instrument.id,
      timeframe: this.series.timeframe,
      candleOpenTimeMs,
      close: this.close,
      rsi: this.rsi.value,
      trend: this.trend.value,
      settings: this.settings,
    });
  }

  /** The facts the entry filters judge; `allLost` is why the whole feed is lost, null while it lives. */
  facts(allLost: string | null): CandleFacts {
    return {
      held: this.series.length,
      shown: this.shown,
      newestOpenTimeMs: this.series.lastOpenTimeMs,
      gap: this.gap,
      feedLost: allLost ?? this.feedLost,
      rsiMin: this.rsiMin > this.rsiMax ? null : this.rsiMin,
      rsiMax: this.rsiMin > this.rsiMax ? null : this.rsiMax,
    };
  }

  private startIndicators(): void {
    this.rsi = new Rsi(this.settings.rsiLength);
    this.trend = new TrendState(this.settings);
    this.close = Number.NaN;
    this.reading = Number.NaN;
    this.shown = 0;
    this.rsiMin = Number.POSITIVE_INFINITY;
    this.rsiMax = Number.NEGATIVE_INFINITY;
  }

  private stream(close: number): void {
    const rsi = this.rsi.next(close);
    this.close = close;
    this.reading = rsi;
    this.trend.update(close);
    this.shown += 1;
    // NaN in warm-up compares false both times.
    if (rsi < this.rsiMin) this.rsiMin = rsi;
    if (rsi > this.rsiMax) this.rsiMax = rsi;
  }

  private outOfOrder(candle: Candle, newestOpenTimeMs: number): CandleIntake {
    if (candle.openTimeMs <= newestOpenTimeMs) return 'seen';
    this.gap = true;
    return 'gap';
  }

  private isHistory(candles: readonly Candle[]): boolean {
    return candles.every((candle, index) => {
      const previous = index === 0 ? candle.openTimeMs - this.stepMs : candles[index - 1]?.openTimeMs;
      const inStep = candle.openTimeMs % this.stepMs === 0 && candle.openTimeMs - this.stepMs === previous;
      return inStep && candleFault(candle) === null;
    });
  }
}

function isSameWindow(a: SignalSettings, b: SignalSettings): boolean {
  return (
    a.rsiLength === b.rsiLength &&
    a.trendLength === b.trendLength &&
    a.trendChangePct === b.trendChangePct &&
    a.trendSharePct === b.trendSharePct
  );
}
