import { ensure } from '../../core/base/assert.ts';
import { BLOCKS_MIN, gainInterval, type Interval } from '../../core/statistic/block-bootstrap.ts';

/** A value, and when it came about, ms UTC. */
export interface DatedValue {
  readonly timeMs: number;
  readonly value: number;
}

/** How an interval is drawn. */
export interface BlockRule {
  readonly blockMs: number;
  readonly confidencePct: number;
  readonly seed: number;
}

/**
 * Interval of the mean of values in order of time, whole blocks of time drawn with replacement. Null when fewer than
 * ten blocks hold a value other than 0: what rests on a handful of moments may all be one of them.
 */
export function meanInterval(values: readonly DatedValue[], rule: BlockRule): Interval | null {
  const { blockMs, confidencePct, seed } = rule;
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return null;
  const placeOf = (timeMs: number): number => Math.floor((timeMs - first.timeMs) / blockMs);
  const blocks = Array.from({ length: placeOf(last.timeMs) + 1 }, () => ({ sum: 0, count: 0, tells: false }));
  for (const { timeMs, value } of values) {
    const block = ensure(blocks[placeOf(timeMs)], 'Values come in order of time.');
    block.sum += value;
    block.count += 1;
    block.tells ||= value !== 0;
  }
  if (blocks.filter(({ tells }) => tells).length < BLOCKS_MIN) return null;
  // Compared with nothing at all, the gain is the mean itself.
  const drawn = blocks.map(({ sum, count }) => ({
    chosenSum: sum,
    chosenCount: count,
    allSum: 0,
    allCount: 1,
  }));
  return gainInterval({ blocks: drawn, confidencePct, seed });
}
