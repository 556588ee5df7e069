import { type Rng, rng } from '../../core/base/rng.ts';

/** What a random path looks like. Sizes are logarithms of prices: 0.02 is about 2 %. */
export interface NoiseOptions {
  readonly seed: number;
  /** Increments of the path; the path has one point more. */
  readonly count: number;
  /** Standard deviation of the whole path's end. */
  readonly size: number;
  readonly style: NoiseStyle;
  /** Increments every instrument feels, at least `count` of them with deviation 1; null for none. */
  readonly shared: Float64Array | null;
  /** Relative size of the increments of each equal part of the path; null for even. */
  readonly weights: readonly number[] | null;
}

/** How increments hang together. */
export interface NoiseStyle {
  /** Share of each deviation given up per increment: above 0 the path turns back. */
  readonly pull: number;
  /** How strongly recent increments go on: above 0 the path runs. */
  readonly momentum: number;
}

export const PLAIN_NOISE: NoiseStyle = { pull: 0, momentum: 0 };

/** Correlation of an instrument's increments with the shared ones. */
const SHARED_WEIGHT = 0.3;
const OWN_WEIGHT = Math.sqrt(1 - SHARED_WEIGHT * SHARED_WEIGHT);
/** One increment in 20 is twice as large; over the levels of a path that makes tails as fat as real ones. */
const JUMP_SHARE = 0.05;
const JUMP_FACTOR = 2;
/** Keeps the deviation of an increment at 1 in spite of jumps. */
const JUMP_NORM = 1 / Math.sqrt(1 - JUMP_SHARE + JUMP_SHARE * JUMP_FACTOR * JUMP_FACTOR);
/** A Brownian path of deviation 1 spans 1.6 from high to low on average. */
export const RANGE_PER_DEVIATION = 1.6;
/** How much of the recent run is remembered per increment. */
const RUN_MEMORY = 0.9;

/** A random path that starts at 0, in logarithms of price. */
export function noisePath(options: NoiseOptions): number[] {
  const { count, style, shared, weights } = options;
  const random = rng(options.seed);
  const unit = (options.size * styleGain(style, count)) / Math.sqrt(count);
  const path = [0];
  let level = 0;
  let run = 0;
  for (let i = 0; i < count; i += 1) {
    const own = fatTailed(random);
    const mixed = shared === null ? own : SHARED_WEIGHT * (shared[i] ?? 0) + OWN_WEIGHT * own;
    const weight = weights === null ? 1 : (weights[Math.floor((i * weights.length) / count)] ?? 1);
    run = run * RUN_MEMORY + mixed;
    level = level * (1 - style.pull) + unit * weight * (mixed + style.momentum * run);
    path.push(level);
  }
  return path;
}

/**
 * What makes the path of a style span as much as a plain one of the same size: a path that turns back stays
 * within about five of its own deviations, one that runs goes on for as long as it remembers.
 */
function styleGain({ pull, momentum }: NoiseStyle, count: number): number {
  const turning = (RANGE_PER_DEVIATION * Math.sqrt(count * 2 * pull)) / 5;
  return Math.max(1, turning) / (1 + momentum / (1 - RUN_MEMORY));
}

/** Random number of deviation 1 with fat tails. */
export function fatTailed(random: Rng): number {
  const jump = random.next() < JUMP_SHARE ? JUMP_FACTOR : 1;
  return random.normal() * jump * JUMP_NORM;
}
