import { rng, seedOf } from '../../core/base/rng.ts';
import { fatTailed } from './noise.ts';
import { Recent } from './recent.ts';

/** Blocks kept: enough that all instruments walk through the longest answer of hourly candles without making one twice. */
const BLOCKS_KEPT = 1200;

/** What all instruments of a market feel at once: increments of deviation 1, by random access. */
export class MarketFactor {
  private readonly seed: number;
  private readonly blocks = new Map<string, Recent<Float64Array>>();

  constructor(seed: number) {
    this.seed = seedOf(seed, 'market');
  }

  /** The `count` shared increments of block `index` at one level of the price path. */
  increments(level: string, index: number, count: number): Float64Array {
    const kept = this.blocks.get(level) ?? new Recent<Float64Array>(BLOCKS_KEPT);
    this.blocks.set(level, kept);
    return kept.get(index, () => {
      const random = rng(seedOf(this.seed, level, index));
      return Float64Array.from({ length: count }, () => fatTailed(random));
    });
  }
}
