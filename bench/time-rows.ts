import { ensure } from '../src/core/base/assert.ts';
import type { BenchRow } from './bench.ts';

/** Half and nearly all of what was measured, ms; the ratio is to the same part of the yardstick. */
export function timeRows(
  name: string,
  timesMs: readonly number[],
  yardstickMs: readonly number[],
): BenchRow[] {
  const [min, max] = [share(timesMs, 0), share(timesMs, 1)];
  return [0.5, 0.99].map((part) => ({
    name: `${name}, p${part * 100}`,
    unit: 'ms',
    median: share(timesMs, part),
    min,
    max,
    ratio: share(timesMs, part) / share(yardstickMs, part),
    ratioMax: null,
  }));
}

/** The time that `part` of all samples do not exceed. */
function share(timesMs: readonly number[], part: number): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  return ensure(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)], 'At least one order was sent.');
}
