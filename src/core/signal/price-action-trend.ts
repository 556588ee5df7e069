import { AssertionError, assert } from '../base/assert.ts';
import type { Trend } from '../domain/trend.ts';
import type { Indicator } from '../indicator/indicator.ts';
import type { SignalSettings } from './settings.ts';

/** What makes a trend of price action; the signal settings hold it. */
export type PriceActionRule = Pick<SignalSettings, 'trendLength' | 'trendChangePct' | 'trendSharePct'>;

/** What a streaming trend of price action carries from close to close; plain JSON. */
export interface PriceActionSnapshot {
  /** The newest closes, oldest first, at most the window. */
  readonly closes: readonly number[];
}

/** What a trend of price action is made of: change over the window, steps that rose and that fell, %. */
interface PriceActionReading {
  readonly trendChangePct: number | null;
  readonly trendRisePct: number | null;
  readonly trendFallPct: number | null;
}

const UNREAD: PriceActionReading = { trendChangePct: null, trendRisePct: null, trendFallPct: null };

/** The window's end points and how many of its steps went either way. */
interface Path {
  readonly first: number;
  readonly last: number;
  readonly rises: number;
  readonly falls: number;
}

/**
 * Where price has been going over the newest `trendLength` closes. Up when the change from the first to the
 * last is at least `trendChangePct` % and at least `trendSharePct` % of the steps between neighbours rise;
 * down mirrored; neutral otherwise, so one jump or a slow drift alone makes no trend. Null with fewer closes.
 */
export class PriceActionTrend implements Indicator<number, Trend, PriceActionSnapshot> {
  readonly warmUpLength: number;
  private readonly rule: PriceActionRule;
  /** A ring: once it is full, `oldest` is the place of the oldest close and of the next one to come. */
  private readonly closes: Float64Array;
  private count = 0;
  private oldest = 0;
  private newest = Number.NaN;
  private rises = 0;
  private falls = 0;

  constructor(rule: PriceActionRule) {
    const length = rule.trendLength;
    assert(Number.isInteger(length) && length >= 2, 'A trend is read from at least two closes.');
    this.rule = rule;
    this.warmUpLength = length;
    this.closes = new Float64Array(length);
  }

  get value(): Trend | null {
    if (this.count < this.warmUpLength) return null;
    const { rises, falls, newest: last } = this;
    return trendOf({ first: this.closeAt(0), last, rises, falls }, this.rule);
  }

  /** What the trend is made of, % of the first close and of the steps; all null with fewer closes. */
  get reading(): PriceActionReading {
    if (this.count < this.warmUpLength) return UNREAD;
    const first = this.closeAt(0);
    const steps = this.warmUpLength - 1;
    return {
      trendChangePct: ((this.newest - first) / first) * 100,
      trendRisePct: (this.rises / steps) * 100,
      trendFallPct: (this.falls / steps) * 100,
    };
  }

  update(close: number): Trend | null {
    this.take(close);
    return this.value;
  }

  /** `update` for a loop over hundreds of instruments, which reads `value` where it is needed. */
  take(close: number): void {
    if (!(close > 0 && close < Number.POSITIVE_INFINITY)) refuse();
    // Without a close before it the step is NaN, which is neither a rise nor a fall.
    const step = close - this.newest;
    if (step > 0) this.rises += 1;
    else if (step < 0) this.falls += 1;
    this.newest = close;
    if (this.count < this.warmUpLength) this.store(close);
    else this.slide(close);
  }

  peek(close: number): Trend | null {
    if (!(close > 0 && close < Number.POSITIVE_INFINITY)) refuse();
    if (this.count < this.warmUpLength - 1) return null;
    const full = this.count === this.warmUpLength;
    const step = close - this.newest;
    const leaving = full ? this.closeAt(1) - this.closeAt(0) : 0;
    const path = {
      first: this.closeAt(full ? 1 : 0),
      last: close,
      rises: this.rises + Number(step > 0) - Number(leaving > 0),
      falls: this.falls + Number(step < 0) - Number(leaving < 0),
    };
    return trendOf(path, this.rule);
  }

  snapshot(): PriceActionSnapshot {
    return { closes: Array.from({ length: this.count }, (_, index) => this.closeAt(index)) };
  }

  restore({ closes }: PriceActionSnapshot): void {
    assert(closes.length <= this.warmUpLength, 'A snapshot holds no more closes than the window.');
    this.count = 0;
    this.oldest = 0;
    this.newest = Number.NaN;
    this.rises = 0;
    this.falls = 0;
    for (const close of closes) this.take(close);
  }

  private store(close: number): void {
    this.closes[this.count] = close;
    this.count += 1;
  }

  /** Puts the close in the place of the oldest, whose step to the second leaves the window with it. */
  private slide(close: number): void {
    const { closes, oldest } = this;
    const second = oldest + 1 === this.warmUpLength ? 0 : oldest + 1;
    const step = (closes[second] ?? Number.NaN) - (closes[oldest] ?? Number.NaN);
    if (step > 0) this.rises -= 1;
    else if (step < 0) this.falls -= 1;
    closes[oldest] = close;
    this.oldest = second;
  }

  /** The close at `index`, 0 being the oldest held. */
  private closeAt(index: number): number {
    return this.closes[(this.oldest + index) % this.warmUpLength] ?? Number.NaN;
  }
}

function trendOf({ first, last, rises, falls }: Path, rule: PriceActionRule): Trend {
  const changePct = ((last - first) / first) * 100;
  const stepsMin = ((rule.trendLength - 1) * rule.trendSharePct) / 100;
  if (changePct >= rule.trendChangePct && rises >= stepsMin) return 'up';
  if (changePct <= -rule.trendChangePct && falls >= stepsMin) return 'down';
  return 'neutral';
}

/** Apart from the loop: an `assert` inside it costs more than the arithmetic. */
function refuse(): never {
  throw new AssertionError('A close is a positive finite number.');
}
