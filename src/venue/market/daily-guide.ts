import { rng, seedOf } from '../../core/base/rng.ts';
import type { MarketFactor } from './market-factor.ts';
import type { MarketScale } from './market-scale.ts';
import { fatTailed } from './noise.ts';
import { Recent } from './recent.ts';

/** Days whose random numbers are drawn together: random access costs at most a few blocks. */
const BLOCK_DAYS = 32;
/** A shock that is older than this many blocks' memory no longer shows. */
const FORGOTTEN = 0.01;
/** Correlation of an instrument's days with those of the whole market. */
const SHARED_WEIGHT = 0.55;
const OWN_WEIGHT = Math.sqrt(1 - SHARED_WEIGHT * SHARED_WEIGHT);
const BLOCKS_KEPT = 3;

/** A day as logarithms of price, relative to the instrument's anchor. */
export interface GuideDay {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Exchanged that day, 1 for ordinary. */
  readonly activity: number;
}

export interface GuideOptions {
  readonly seed: number;
  readonly factor: MarketFactor;
  readonly scale: MarketScale;
  /** Size of this instrument's moves, 1 for ordinary. */
  readonly volatility: number;
}

interface Block {
  readonly closes: Float64Array;
}

/**
 * Days of one instrument: a price that wanders about its anchor and comes back (Ornstein-Uhlenbeck, fat
 * tails, partly shared by the market), known for any day without walking there from the start.
 */
export class DailyGuide {
  private readonly options: GuideOptions;
  private readonly warmUpBlocks: number;
  private readonly blocks = new Recent<Block>(BLOCKS_KEPT);

  constructor(options: GuideOptions) {
    this.options = options;
    const days = Math.log(FORGOTTEN) / Math.log(options.scale.dayMemory);
    this.warmUpBlocks = Math.ceil(days / BLOCK_DAYS);
  }

  /** `day` counts from the epoch. */
  day(day: number): GuideDay {
    const { seed, scale, volatility } = this.options;
    const random = rng(seedOf(seed, 'guide', day));
    const open = this.close(day - 1);
    const close = this.close(day);
    const size = scale.daySize * volatility;
    return {
      open,
      high: Math.max(open, close) + size * (0.1 + 0.45 * Math.abs(random.normal())),
      low: Math.min(open, close) - size * (0.1 + 0.45 * Math.abs(random.normal())),
      close,
      activity: Math.exp(0.4 * random.normal()),
    };
  }

  private close(day: number): number {
    const index = Math.floor(day / BLOCK_DAYS);
    const block = this.blocks.get(index, () => this.block(index));
    const { distanceMax } = this.options.scale;
    const distance = (block.closes[day - index * BLOCK_DAYS] ?? 0) * this.options.volatility;
    return distanceMax * Math.tanh(distance / distanceMax);
  }

  private block(index: number): Block {
    const { dayMemory, dayStep } = this.options.scale;
    const closes = new Float64Array(BLOCK_DAYS);
    let level = 0;
    for (let at = index - this.warmUpBlocks; at <= index; at += 1) {
      const shocks = this.shocks(at);
      for (let i = 0; i < BLOCK_DAYS; i += 1) {
        level = level * dayMemory + dayStep * (shocks[i] ?? 0);
        closes[i] = level;
      }
    }
    return { closes };
  }

  private shocks(index: number): Float64Array {
    const shared = this.options.factor.increments('day-step', index, BLOCK_DAYS);
    const random = rng(seedOf(this.options.seed, 'shock', index));
    return shared.map((shock) => SHARED_WEIGHT * shock + OWN_WEIGHT * fatTailed(random));
  }
}
