import { rng, seedOf } from '../../core/base/rng.ts';
import type { CandleColumns } from '../../core/domain/candle-file.ts';
import { type CandleTree, minuteOf, SECONDS_PER_MINUTE } from './candle-tree.ts';
import { type Grid, gridCount } from './grid.ts';
import { withRests } from './price-point.ts';
import { Recent } from './recent.ts';
import { pricePath, splitCandle } from './split-candle.ts';
import { flatCandle, type TickCandle } from './tick-candle.ts';

const COARSE_KEPT = 3;

export interface ReplayTreeOptions {
  readonly columns: CandleColumns;
  readonly prices: Grid;
  readonly quantities: Grid;
  /** Length at which recorded candles are shown. */
  readonly coarseMinutes: number;
  /** Coarse candle since the epoch at which the first recorded row is shown. */
  readonly firstIndex: number;
  readonly seed: number;
  /** Share of seconds with a price of their own. */
  readonly activity: number;
}

/**
 * Recorded candles shown at another time and length, with seeded paths inside. After its last row an
 * instrument stands still: candles without volume at the last close.
 */
export class ReplayTree implements CandleTree {
  readonly coarseMinutes: number;
  private readonly options: ReplayTreeOptions;
  private readonly split = new Recent<readonly TickCandle[]>(COARSE_KEPT);

  constructor(options: ReplayTreeOptions) {
    this.options = options;
    this.coarseMinutes = options.coarseMinutes;
  }

  coarse(index: number): TickCandle {
    const { columns, firstIndex, quantities } = this.options;
    const row = index - firstIndex;
    if (row >= columns.count) return flatCandle(this.ticks(columns.close, columns.count - 1));
    return {
      open: this.ticks(columns.open, row),
      high: this.ticks(columns.high, row),
      low: this.ticks(columns.low, row),
      close: this.ticks(columns.close, row),
      volume: gridCount(quantities, columns.volume[row] ?? 0),
    };
  }

  minutes(coarseIndex: number): readonly TickCandle[] {
    const seed = seedOf(this.options.seed, 'coarse', coarseIndex);
    return this.split.get(coarseIndex, () => {
      const candle = this.coarse(coarseIndex);
      return this.coarseMinutes === 1 ? [candle] : splitCandle(candle, this.coarseMinutes, { seed });
    });
  }

  seconds(minute: number): readonly number[] {
    const candle = minuteOf(this, minute) ?? this.coarse(Math.floor(minute / this.coarseMinutes));
    const seed = seedOf(this.options.seed, 'minute', minute);
    const path = pricePath(candle, SECONDS_PER_MINUTE, { seed });
    return withRests(path, this.options.activity, rng(seedOf(seed, 'rests')).next);
  }

  private ticks(column: Float64Array, row: number): number {
    return gridCount(this.options.prices, column[row] ?? 0);
  }
}
