import { ensure } from '../src/core/base/assert.ts';
import type { BenchRow } from './bench.ts';

/** Figures of one thing over all rounds. */
export interface Figures {
  readonly name: string;
  readonly unit: string;
  readonly figures: readonly number[];
}

/** A row with an absolute goal: its ratio is the median divided by the goal. Null: nothing is promised. */
export function goalRow({ name, unit, figures }: Figures, goal: number | null): BenchRow {
  const middle = percentile(figures, 50);
  const [min, max] = [Math.min(...figures), Math.max(...figures)];
  const ratio = goal === null ? null : middle / goal;
  return { name, unit, median: middle, min, max, ratio, ratioMax: goal === null ? null : 1 };
}

/** A row held against a yardstick measured in the same rounds: its ratio is the median of the rounds' ratios. */
export function comparedRow(
  { name, unit, figures }: Figures,
  yardstick: readonly number[],
  ratioMax: number | null,
): BenchRow {
  const ratios = figures.map((figure, round) => figure / (yardstick[round] ?? Number.NaN));
  const [min, max] = [Math.min(...figures), Math.max(...figures)];
  return { name, unit, median: percentile(figures, 50), min, max, ratio: percentile(ratios, 50), ratioMax };
}

/** The smallest value that at least `percent` of all do not exceed. Stops on an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1);
  return ensure(sorted[place], 'A percentile is of at least one value.');
}
