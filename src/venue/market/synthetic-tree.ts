import { rng, seedOf } from '../../core/base/rng.ts';
import { type CandleTree, minuteOf, SECONDS_PER_MINUTE } from './candle-tree.ts';
import type { DailyGuide } from './daily-guide.ts';
import type { MarketFactor } from './market-factor.ts';
import type { MarketScale, Regime, SurgeScale } from './market-scale.ts';
import { PLAIN_NOISE, RANGE_PER_DEVIATION } from './noise.ts';
import { withRests } from './price-point.ts';
import { Recent } from './recent.ts';
import { POINTS_PER_CHILD, pricePath, splitCandle } from './split-candle.ts';
import { extremeMinute, type Surge, surgeAt, surgeOf, swingMinute } from './surge.ts';
import { flatCandle, type TickCandle } from './tick-candle.ts';

const HOURS_PER_DAY = 24;
const MINUTES_PER_HOUR = 60;
/** Today, yesterday (the 24-hour totals) and one more for a reader of history. */
const DAYS_KEPT = 3;
const HOURS_KEPT = 3;
const NO_SURGES: readonly Surge[] = [];
const ORDINARY: Regime = { share: 0, volatility: 1, style: PLAIN_NOISE };
/** Volume of an hour in which a surge runs, 1 for none. */
const SURGE_VOLUME = 2;

export interface SyntheticTreeOptions {
  readonly seed: number;
  readonly guide: DailyGuide;
  readonly factor: MarketFactor;
  readonly scale: MarketScale;
  /** Null for an instrument that has none. */
  readonly surges: SurgeScale | null;
  /** The price all moves are relative to, in ticks. */
  readonly anchorTicks: number;
  /** Quantity steps exchanged on an ordinary day. */
  readonly daySteps: number;
  /** Share of seconds with a price of their own. */
  readonly activity: number;
}

interface Hour {
  readonly candle: TickCandle;
  /** Felt in the hour: its own and the tail of the one before. */
  readonly surges: readonly Surge[];
  /** Deviation of the path inside the hour, surges left out. */
  readonly size: number;
  readonly regime: Regime;
}

/**
 * A synthetic instrument: days from the guide are split into hours, hours get their surges, and are split
 * into minutes and seconds. The hours are the truth: longer candles are joined from them.
 */
export class SyntheticTree implements CandleTree {
  readonly coarseMinutes = MINUTES_PER_HOUR;
  private readonly options: SyntheticTreeOptions;
  private readonly days = new Recent<readonly Hour[]>(DAYS_KEPT);
  private readonly hours = new Recent<readonly TickCandle[]>(HOURS_KEPT);

  constructor(options: SyntheticTreeOptions) {
    this.options = options;
  }

  coarse(index: number): TickCandle {
    return this.hour(index)?.candle ?? flatCandle(this.options.anchorTicks);
  }

  minutes(coarseIndex: number): readonly TickCandle[] {
    return this.hours.get(coarseIndex, () => this.splitHour(coarseIndex));
  }

  seconds(minute: number): readonly number[] {
    const candle = minuteOf(this, minute) ?? flatCandle(this.options.anchorTicks);
    const seed = seedOf(this.options.seed, 'minute', minute);
    const path = pricePath(candle, SECONDS_PER_MINUTE, { seed });
    return withRests(path, this.options.activity, rng(seedOf(seed, 'rests')).next);
  }

  private hour(index: number): Hour | undefined {
    const day = Math.floor(index / HOURS_PER_DAY);
    return this.days.get(day, () => this.splitDay(day))[index - day * HOURS_PER_DAY];
  }

  private splitDay(day: number): readonly Hour[] {
    const { seed, factor } = this.options;
    const first = day * HOURS_PER_DAY;
    const regimes = Array.from({ length: HOURS_PER_DAY }, (_, hour) => this.regimeOf(first + hour));
    const hours = splitCandle(this.guideCandle(day), HOURS_PER_DAY, {
      seed: seedOf(seed, 'day', day),
      shared: factor.increments('day', day, HOURS_PER_DAY * POINTS_PER_CHILD),
      weights: evened(regimes.map((regime) => regime.volatility)),
    });
    let before = this.surgeIn(first - 1);
    return hours.map((calm, hour) => {
      const own = this.surgeIn(first + hour);
      const surges = before.length === 0 ? own : [...before, ...own];
      before = own;
      const size = Math.log(calm.high / calm.low) / RANGE_PER_DEVIATION;
      const candle = surges.length === 0 ? calm : surged(calm, first + hour, surges);
      return { candle, surges, size, regime: regimes[hour] ?? ORDINARY };
    });
  }

  private guideCandle(day: number): TickCandle {
    const { guide, anchorTicks, daySteps } = this.options;
    const { open, high, low, close, activity } = guide.day(day);
    const ticks = (level: number): number => Math.max(1, Math.round(anchorTicks * Math.exp(level)));
    return {
      open: ticks(open),
      high: ticks(high),
      low: ticks(low),
      close: ticks(close),
      volume: Math.max(1, Math.round(daySteps * activity)),
    };
  }

  private surgeIn(hour: number): readonly Surge[] {
    const { seed, surges } = this.options;
    const surge = surges === null ? null : surgeOf(seed, hour, surges);
    return surge === null ? NO_SURGES : [surge];
  }

  private splitHour(index: number): readonly TickCandle[] {
    const hour = this.hour(index);
    if (hour === undefined) return [];
    const { surges } = hour;
    const first = index * MINUTES_PER_HOUR;
    return splitCandle(hour.candle, MINUTES_PER_HOUR, {
      seed: seedOf(this.options.seed, 'hour', index),
      style: hour.regime.style,
      size: hour.size,
      shared: this.options.factor.increments('hour', index, MINUTES_PER_HOUR * POINTS_PER_CHILD),
      surge: surges.length === 0 ? null : (share) => surgesAt(surges, first + share * MINUTES_PER_HOUR),
    });
  }

  private regimeOf(hour: number): Regime {
    const { regimes, regimeHours } = this.options.scale;
    const stretch = Math.floor(hour / regimeHours);
    let drawn = rng(seedOf(this.options.seed, 'regime', stretch)).next();
    for (const regime of regimes) {
      drawn -= regime.share;
      if (drawn < 0) return regime;
    }
    return ORDINARY;
  }
}

/** The hour with its surges: both ends are moved as far as the surges stand there, the extremes reach out. */
function surged(calm: TickCandle, hour: number, surges: readonly Surge[]): TickCandle {
  const first = hour * MINUTES_PER_HOUR;
  const last = first + MINUTES_PER_HOUR;
  const [atOpen, atClose] = [surgesAt(surges, first), surgesAt(surges, last)];
  let most = Math.max(0, atOpen, atClose);
  let least = Math.min(0, atOpen, atClose);
  const consider = (minute: number): void => {
    if (minute <= first || minute >= last) return;
    const value = surgesAt(surges, minute);
    most = Math.max(most, value);
    least = Math.min(least, value);
  };
  for (const surge of surges) {
    consider(extremeMinute(surge));
    consider(swingMinute(surge));
  }
  const moved = (ticks: number, level: number): number => Math.max(1, Math.round(ticks * Math.exp(level)));
  const open = moved(calm.open, atOpen);
  const close = moved(calm.close, atClose);
  return {
    open,
    high: Math.max(open, close, calm.high, moved(Math.max(calm.open, calm.close), most)),
    low: Math.min(open, close, calm.low, moved(Math.min(calm.open, calm.close), least)),
    close,
    volume: most > least ? calm.volume * SURGE_VOLUME : calm.volume,
  };
}

function surgesAt(surges: readonly Surge[], minute: number): number {
  let sum = 0;
  for (const surge of surges) sum += surgeAt(surge, minute);
  return sum;
}

/** Scaled so that their mean square is 1: the day's own size stays what the guide says. */
function evened(weights: readonly number[]): readonly number[] {
  const square = weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length;
  return weights.map((weight) => weight / Math.sqrt(square));
}
