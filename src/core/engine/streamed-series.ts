import { assert } from '../base/assert.ts';
import { type Candle, candleFault } from '../domain/candle.ts';
import type { CandleColumns } from '../domain/candle-file.ts';
import { CandleSeries } from '../domain/candle-series.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import { type Timeframe, timeframeMs } from '../domain/timeframe.ts';
import type { Signal } from '../domain/verdict.ts';
import type { CandleFacts } from '../filter/entry-context.ts';
import {
  type ExitScamAggressiveness,
  type LearnedExitScam,
  learnExitScam,
} from '../filter/learn-exit-scam.ts';
import { Rsi, type RsiState } from '../indicator/rsi.ts';
import { RsiHistory } from '../indicator/rsi-history.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { readSignal } from '../signal/signal.ts';
import {
  isSameTrend,
  restoreTrend,
  type StreamedTrend,
  streamTrend,
  type TrendSnapshot,
} from '../signal/trend.ts';
import { type VolatilityMemory, VolatilityState, volatilityAfter } from '../signal/volatility.ts';

/** What became of a candle: taken, seen before, with a hole before it, or with impossible prices. */
export type CandleIntake = 'taken' | 'seen' | 'gap' | 'unsound';

/** Refused candles remembered: as many as the quarantine may ask for. */
const FAULTS_KEPT_MAX = 8;

/** What the past taught about pumps and dumps, kept until the next candle. */
interface ExitScamLesson {
  readonly candleOpenTimeMs: number | null;
  readonly aggressiveness: ExitScamAggressiveness;
  readonly learned: LearnedExitScam | null;
}

/** What a series needs to go on as if it had never stopped. */
export interface SeriesMemory {
  readonly candles: readonly Candle[];
  readonly rsi: RsiState;
  readonly faultsMs: readonly number[];
  /** RSI of the newest candles, oldest first; null where it was not stored, then it is computed from the candles. */
  readonly rsiHistory: readonly number[] | null;
  /** Null where it was not stored, then it is computed from the candles. */
  readonly volatility: VolatilityMemory | null;
  readonly trend: TrendSnapshot;
  readonly feedLost: string | null;
  readonly gap: boolean;
  readonly shown: number;
  readonly rsiMin: number | null;
  readonly rsiMax: number | null;
}

/** Closed candles of one instrument and timeframe, and the RSI and trend that stream from them. */
export class StreamedSeries {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
  readonly candles: CandleSeries;
  /** Why the feed of this series alone is lost; null while it lives. */
  feedLost: string | null = null;
  rsi: Rsi;
  readonly rsiHistory = new RsiHistory();
  readonly volatility = new VolatilityState();
  trend: StreamedTrend;
  gap = false;
  /** When candles were refused, ms, ascending; the newest few. */
  faultsMs: readonly number[] = [];
  private lesson: ExitScamLesson | null = null;
  private shown = 0;
  private rsiMin = Number.POSITIVE_INFINITY;
  private rsiMax = Number.NEGATIVE_INFINITY;
  private settings: SignalSettings;
  private readonly stepMs: number;

  constructor(instrumentId: InstrumentId, timeframe: Timeframe, settings: SignalSettings) {
    this.instrumentId = instrumentId;
    this.timeframe = timeframe;
    this.settings = settings;
    this.stepMs = timeframeMs(timeframe);
    this.candles = new CandleSeries(timeframe);
    this.rsi = new Rsi(settings.rsiLength);
    this.trend = streamTrend(settings);
  }

  /** Puts signal settings in force; indicators they change are computed anew from the candles held. */
  configure(settings: SignalSettings): void {
    const before = this.settings;
    this.settings = settings;
    if (isSameWindow(before, settings)) return;
    const { shown } = this;
    this.startIndicators();
    for (const close of this.candles.close) this.stream(close);
    this.shown = shown;
  }

  /** Takes the next closed candle. One that is not the next changes nothing but `gap`. */
  append(candle: Candle): CandleIntake {
    const newest = this.candles.lastOpenTimeMs;
    if (newest !== null && candle.openTimeMs !== newest + this.stepMs) return this.outOfOrder(candle, newest);
    if (!this.candles.take(candle)) return 'unsound';
    this.stream(candle.close);
    this.volatility.take(candle);
    return 'taken';
  }

  /**
   * Takes the rows before `end` of recorded columns of its own timeframe that it has not taken yet, as if each had been
   * appended, without a copy. They go on from its newest candle, every row is sound, and what is held already is in
   * them. False when there is none.
   */
  advance(columns: CandleColumns, end: number): boolean {
    const { firstOpenMs, high, low, close } = columns;
    const newest = this.candles.lastOpenTimeMs;
    const from = newest === null ? 0 : (newest - firstOpenMs) / this.stepMs + 1;
    assert(Number.isInteger(from) && from >= this.candles.length, 'What is held is in the columns.');
    if (end <= from) return false;
    const candle = { high: 0, low: 0, close: 0 };
    for (let row = from; row < end; row += 1) {
      candle.high = high[row] ?? Number.NaN;
      candle.low = low[row] ?? Number.NaN;
      candle.close = close[row] ?? Number.NaN;
      this.stream(candle.close);
      this.volatility.take(candle);
    }
    const first = from - this.candles.length;
    this.candles.borrow(columns, { first, end, newestOpenTimeMs: firstOpenMs + (end - 1) * this.stepMs });
    return true;
  }

  /** Takes a whole history in place of what is held; false when one of its candles is unsound or out of step. */
  replace(candles: readonly Candle[]): boolean {
    if (!this.isHistory(candles)) return false;
    this.candles.replace(candles);
    this.lesson = null;
    this.feedLost = null;
    this.gap = false;
    this.startIndicators();
    for (const candle of candles) this.stream(candle.close);
    this.volatility.restore(volatilityAfter(candles));
    return true;
  }

  /** Goes on from a snapshot, bit-equal. */
  restore(stored: SeriesMemory): void {
    this.candles.replace(stored.candles);
    this.lesson = null;
    this.rsi.restore(stored.rsi);
    this.rsiHistory.restore(stored.rsiHistory ?? rsiValues(stored));
    this.volatility.restore(stored.volatility ?? volatilityAfter(stored.candles));
    restoreTrend(this.trend, stored.trend);
    this.feedLost = stored.feedLost;
    this.faultsMs = stored.faultsMs;
    this.gap = stored.gap;
    this.shown = stored.shown;
    this.rsiMin = stored.rsiMin ?? Number.POSITIVE_INFINITY;
    this.rsiMax = stored.rsiMax ?? Number.NEGATIVE_INFINITY;
  }

  /** Close of the newest candle; null before the first. */
  get close(): number | null {
    return this.candles.lastClose;
  }

  /** The levels a signal is read with, RSI points. */
  get levels(): { readonly rsiLongMax: number; readonly rsiShortMin: number } {
    return { rsiLongMax: this.settings.rsiLongMax, rsiShortMin: this.settings.rsiShortMin };
  }

  /** When the newest candle closed, ms; null before the first. */
  get closedMs(): number | null {
    const newest = this.candles.lastOpenTimeMs;
    return newest === null ? null : newest + this.stepMs;
  }

  /** True when the newest candle's RSI is at an extreme: cheaper than reading the whole signal. */
  get atExtreme(): boolean {
    const reading = this.rsi.value;
    if (reading === null) return false;
    return reading <= this.settings.rsiLongMax || reading >= this.settings.rsiShortMin;
  }

  /** What the newest closed candle suggests; null before the first. */
  signal(): Signal | null {
    const candleOpenTimeMs = this.candles.lastOpenTimeMs;
    const { close } = this;
    if (candleOpenTimeMs === null || close === null) return null;
    return readSignal({
      instrumentId: this.instrumentId,
      timeframe: this.timeframe,
      candleOpenTimeMs,
      close,
      rsi: this.rsi.value,
      trend: this.trend.value,
      settings: this.settings,
    });
  }

  /** Remembers that a candle or a history was refused. */
  noteFault(timeMs: number): void {
    this.faultsMs = [...this.faultsMs, timeMs].slice(-FAULTS_KEPT_MAX);
  }

  /** Thresholds for pumps and dumps from the candles held, learned once a candle; null with too few of them. */
  learnedExitScam(aggressiveness: ExitScamAggressiveness): LearnedExitScam | null {
    const candleOpenTimeMs = this.candles.lastOpenTimeMs;
    const lesson = this.lesson;
    if (lesson?.candleOpenTimeMs === candleOpenTimeMs && lesson.aggressiveness === aggressiveness) {
      return lesson.learned;
    }
    const learned = learnExitScam(this.candles, aggressiveness);
    this.lesson = { candleOpenTimeMs, aggressiveness, learned };
    return learned;
  }

  /** The facts the entry filters judge; `allLost` is why the whole feed is lost, null while it lives. */
  facts(allLost: string | null): CandleFacts {
    return {
      held: this.candles.length,
      shown: this.shown,
      newestOpenTimeMs: this.candles.lastOpenTimeMs,
      gap: this.gap,
      feedLost: allLost ?? this.feedLost,
      rsiMin: this.rsiMin > this.rsiMax ? null : this.rsiMin,
      rsiMax: this.rsiMin > this.rsiMax ? null : this.rsiMax,
    };
  }

  private startIndicators(): void {
    this.rsi = new Rsi(this.settings.rsiLength);
    this.rsiHistory.clear();
    this.trend = streamTrend(this.settings);
    this.shown = 0;
    this.rsiMin = Number.POSITIVE_INFINITY;
    this.rsiMax = Number.NEGATIVE_INFINITY;
  }

  private stream(close: number): void {
    const rsi = this.rsi.next(close);
    this.rsiHistory.push(rsi);
    this.trend.take(close);
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
  return a.rsiLength === b.rsiLength && isSameTrend(a, b);
}

/** RSI of the candles of a memory, as many as a history keeps. */
function rsiValues({ candles, rsi: { length } }: SeriesMemory): readonly number[] {
  const rsi = new Rsi(length);
  const history = new RsiHistory();
  for (const { close } of candles) history.push(rsi.next(close));
  return history.snapshot();
}
