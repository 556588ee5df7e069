import { assert } from '../base/assert.ts';
import type { Trend } from '../domain/verdict.ts';
import type { Indicator } from '../indicator/indicator.ts';
import type { SignalSettings } from './settings.ts';

/** What makes a trend; the signal settings hold it. */
export type TrendRule = Pick<SignalSettings, 'trendLength' | 'trendChangePct' | 'trendSharePct'>;

/** What a streaming trend carries from close to close; plain JSON. */
export interface TrendSnapshot {
  /** The newest closes, oldest first, at most the window. */
  readonly closes: readonly number[];
}

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
export class TrendState implements Indicator<number, Trend, TrendSnapshot> {
  readonly warmUpLength: number;
  private readonly rule: TrendRule;
  /** A ring: once it is full, `oldest` is the place of the oldest close and of the next one to come. */
  private readonly closes: Float64Array;
  private count = 0;
  private oldest = 0;
  private rises = 0;
  private falls = 0;

  constructor(rule: TrendRule) {
    const length = rule.trendLength;
    assert(Number.isInteger(length) && length >= 2, 'A trend is read from at least two closes.');
    this.rule = rule;
    this.warmUpLength = length;
    this.closes = new Float64Array(length);
  }

  get value(): Trend | null {
    if (this.count < this.warmUpLength) return null;
    const { rises, falls } = this;
    return trendOf({ first: this.closeAt(0), last: this.closeAt(this.count - 1), rises, falls }, this.rule);
  }

  update(close: number): Trend | null {
    const path = this.pathAfter(close);
    this.rises = path.rises;
    this.falls = path.falls;
    if (this.count < this.warmUpLength) {
      this.closes[this.count] = close;
      this.count += 1;
    } else {
      this.closes[this.oldest] = close;
      this.oldest = (this.oldest + 1) % this.warmUpLength;
    }
    return this.value;
  }

  peek(close: number): Trend | null {
    const path = this.pathAfter(close);
    return this.count < this.warmUpLength - 1 ? null : trendOf(path, this.rule);
  }

  snapshot(): TrendSnapshot {
    return { closes: Array.from({ length: this.count }, (_, index) => this.closeAt(index)) };
  }

  restore({ closes }: TrendSnapshot): void {
    assert(closes.length <= this.warmUpLength, 'A snapshot holds no more closes than the window.');
    this.count = 0;
    this.oldest = 0;
    this.rises = 0;
    this.falls = 0;
    for (const close of closes) this.update(close);
  }

  private pathAfter(close: number): Path {
    assert(Number.isFinite(close) && close > 0, 'A close is a positive finite number.');
    const full = this.count === this.warmUpLength;
    const arriving = this.count === 0 ? 0 : Math.sign(close - this.closeAt(this.count - 1));
    const leaving = full ? Math.sign(this.closeAt(1) - this.closeAt(0)) : 0;
    return {
      first: this.count === 0 ? close : this.closeAt(full ? 1 : 0),
      last: close,
      rises: this.rises + Number(arriving > 0) - Number(leaving > 0),
      falls: this.falls + Number(arriving < 0) - Number(leaving < 0),
    };
  }

  /** The close at `index`, 0 being the oldest held. */
  private closeAt(index: number): number {
    return this.closes[(this.oldest + index) % this.warmUpLength] ?? Number.NaN;
  }
}

function trendOf({ first, last, rises, falls }: Path, rule: TrendRule): Trend {
  const changePct = ((last - first) / first) * 100;
  const stepsMin = ((rule.trendLength - 1) * rule.trendSharePct) / 100;
  if (changePct >= rule.trendChangePct && rises >= stepsMin) return 'up';
  if (changePct <= -rule.trendChangePct && falls >= stepsMin) return 'down';
  return 'neutral';
}
