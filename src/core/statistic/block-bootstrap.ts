import { assert } from '../base/assert.ts';
import { type Rng, rng } from '../base/rng.ts';

/** Sums of one block of time: what was chosen in it, and everything there was to choose from. */
export interface ReturnBlock {
  readonly chosenSum: number;
  readonly chosenCount: number;
  readonly allSum: number;
  readonly allCount: number;
}

/** Where a figure lies with some confidence; in the figure's unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapRequest {
  readonly blocks: readonly ReturnBlock[];
  /** Share of resamples inside the interval, %. */
  readonly confidencePct: number;
  readonly seed: number;
}

/** With fewer blocks the resamples repeat each other and their spread says nothing. */
export const BLOCKS_MIN = 10;
const RESAMPLES = 1_000;
/** Resamples that must hold a chosen one; below, the choice is too rare for an interval. */
const RESAMPLES_MIN = RESAMPLES * 0.9;

/**
 * Interval of (mean of the chosen) - (mean of all), in their unit. Whole blocks of time are drawn with replacement,
 * because returns that overlap in time are not independent: drawn one by one they would make it too narrow. Null with
 * fewer than 10 blocks, or where what was chosen stands in too few of them. The same seed gives the same interval.
 * @see Efron, Tibshirani: An Introduction to the Bootstrap, 8.5 and 13.3 (percentile interval, moving blocks).
 */
export function gainInterval({ blocks, confidencePct, seed }: BootstrapRequest): Interval | null {
  assert(confidencePct > 0 && confidencePct < 100, 'A confidence lies between 0 and 100 %.');
  if (blocks.length < BLOCKS_MIN) return null;
  const dice = rng(seed);
  const gains: number[] = [];
  for (let turn = 0; turn < RESAMPLES; turn += 1) {
    const gain = resampledGain(blocks, dice);
    if (!Number.isNaN(gain)) gains.push(gain);
  }
  if (gains.length < RESAMPLES_MIN) return null;
  gains.sort((a, b) => a - b);
  const tail = (1 - confidencePct / 100) / 2;
  return { low: quantile(gains, tail), high: quantile(gains, 1 - tail) };
}

/** NaN when nothing that was chosen has been drawn. */
function resampledGain(blocks: readonly ReturnBlock[], dice: Rng): number {
  let [chosenSum, chosenCount, allSum, allCount] = [0, 0, 0, 0];
  for (let drawn = 0; drawn < blocks.length; drawn += 1) {
    const block = blocks[dice.integer(blocks.length)];
    assert(block !== undefined, 'A drawn block is one of the blocks.');
    chosenSum += block.chosenSum;
    chosenCount += block.chosenCount;
    allSum += block.allSum;
    allCount += block.allCount;
  }
  return chosenSum / chosenCount - allSum / allCount;
}

/** Linear between the two nearest. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
