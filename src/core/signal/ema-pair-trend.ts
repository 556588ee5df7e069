import { assert } from '../base/assert.ts';
import type { Trend } from '../domain/trend.ts';
import { Ema, type EmaState } from '../indicator/ema.ts';
import type { Indicator } from '../indicator/indicator.ts';
import type { SignalSettings } from './settings.ts';

/** What makes a trend of two averages; the signal settings hold it. */
export type EmaPairRule = Pick<
  SignalSettings,
  'trendEmaShortLength' | 'trendEmaLongLength' | 'trendConfirmCandles'
>;

/** What a streaming trend of two averages carries from close to close; plain JSON. */
export interface EmaPairSnapshot {
  readonly count: number;
  readonly short: EmaState;
  readonly long: EmaState;
  /** The long average one close ago; null before it had a value. */
  readonly longBefore: number | null;
  /** The newest closes, oldest first, at most those that confirm. */
  readonly closes: readonly number[];
}

/** Candles that an average is given to forget the mean it was seeded with. */
const SETTLE_CANDLES = 50;
/** The least history a trend is read from, however short the averages. */
const HISTORY_CANDLES_MIN = 210;

/**
 * Share of the price under which a difference is rounding: averages of a halted market stand a last bit beside its
 * price for ever, and that bit is no trend.
 */
export const ROUNDING_RATE = 1e-12;

/** The averages around one close, and the closes that must agree with them. */
interface Reading {
  readonly short: number;
  readonly long: number;
  readonly longBefore: number;
  /** The close the trend is read at, and how many closes came before it. */
  readonly close: number;
  readonly before: number;
}

/**
 * Where price has been going by two averages of closes. Up when the short average is above the long one, the long
 * one rises, and the newest `trendConfirmCandles` closes are all above where the long one stands now; down
 * mirrored; neutral otherwise. Null before 210 closes and 50 more than the long average's length.
 */
export class EmaPairTrend implements Indicator<number, Trend, EmaPairSnapshot> {
  readonly warmUpLength: number;
  private readonly short: Ema;
  private readonly long: Ema;
  private readonly confirmLength: number;
  private longBefore = Number.NaN;
  /** A ring of the newest closes; `count` modulo its length is the place of the next one. */
  private readonly closes: Float64Array;
  private count = 0;

  constructor(rule: EmaPairRule) {
    const { trendEmaShortLength, trendEmaLongLength, trendConfirmCandles } = rule;
    assert(trendEmaShortLength < trendEmaLongLength, 'The short average looks back on fewer candles.');
    assert(Number.isInteger(trendConfirmCandles) && trendConfirmCandles >= 1, 'A close confirms a trend.');
    this.short = new Ema(trendEmaShortLength);
    this.long = new Ema(trendEmaLongLength);
    this.confirmLength = trendConfirmCandles;
    this.closes = new Float64Array(trendConfirmCandles);
    this.warmUpLength = emaPairWarmUp(trendEmaLongLength);
  }

  get value(): Trend | null {
    if (this.count < this.warmUpLength) return null;
    const before = this.count - 1;
    return this.trendAt({
      short: level(this.short),
      long: level(this.long),
      longBefore: this.longBefore,
      close: this.closeOf(before),
      before,
    });
  }

  /** Where the two averages stand; null before each has a value. */
  get averages(): { readonly short: number | null; readonly long: number | null } {
    return { short: this.short.value, long: this.long.value };
  }

  update(close: number): Trend | null {
    this.take(close);
    return this.value;
  }

  /** `update` for a loop over hundreds of instruments, which reads `value` where it is needed. */
  take(close: number): void {
    assertClose(close);
    this.longBefore = level(this.long);
    this.short.next(close);
    this.long.next(close);
    this.closes[this.count % this.confirmLength] = close;
    this.count += 1;
  }

  peek(close: number): Trend | null {
    assertClose(close);
    const short = this.short.peek(close);
    const long = this.long.peek(close);
    if (this.count < this.warmUpLength - 1 || short === null || long === null) return null;
    return this.trendAt({ short, long, longBefore: level(this.long), close, before: this.count });
  }

  snapshot(): EmaPairSnapshot {
    const { count, confirmLength } = this;
    const held = Math.min(count, confirmLength);
    const closes = Array.from({ length: held }, (_, index) => this.closeOf(count - held + index));
    const longBefore = Number.isNaN(this.longBefore) ? null : this.longBefore;
    return { count, short: this.short.snapshot(), long: this.long.snapshot(), longBefore, closes };
  }

  restore({ count, short, long, longBefore, closes }: EmaPairSnapshot): void {
    const held = Math.min(count, this.confirmLength);
    assert(closes.length === held, 'A snapshot holds the closes that confirm.');
    this.short.restore(short);
    this.long.restore(long);
    this.longBefore = longBefore ?? Number.NaN;
    this.count = count;
    for (const [index, close] of closes.entries()) {
      this.closes[(count - held + index) % this.confirmLength] = close;
    }
  }

  private trendAt({ short, long, longBefore, close, before }: Reading): Trend {
    const slack = long * ROUNDING_RATE;
    let lowest = close;
    let highest = close;
    for (let ago = 1; ago < this.confirmLength; ago += 1) {
      const earlier = this.closeOf(before - ago);
      lowest = Math.min(lowest, earlier);
      highest = Math.max(highest, earlier);
    }
    if (short - long > slack && long - longBefore > slack && lowest - long > slack) return 'up';
    if (long - short > slack && longBefore - long > slack && long - highest > slack) return 'down';
    return 'neutral';
  }

  /** The close that came after `before` others; one of the confirming ones. */
  private closeOf(before: number): number {
    return this.closes[before % this.confirmLength] ?? Number.NaN;
  }
}

/** Candles after which the trend of a pair is known. */
export function emaPairWarmUp(longLength: number): number {
  return Math.max(longLength + SETTLE_CANDLES, HISTORY_CANDLES_MIN);
}

function level(average: Ema): number {
  return average.value ?? Number.NaN;
}

function assertClose(close: number): void {
  assert(Number.isFinite(close) && close > 0, 'A close is a positive finite number.');
}
