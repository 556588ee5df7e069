import { ensure } from '../src/core/base/assert.ts';
import { systemTime } from '../src/platform/time.ts';
import type { BenchRow } from './bench.ts';

/** One way to do the work. */
export interface Contender {
  readonly name: string;
  /** The work, once. Inputs are ready before; it must leave its result where it cannot be optimised away. */
  readonly run: () => void;
  /** Bound to promise against the yardstick; left out where nothing is promised. */
  readonly ratioMax?: number;
}

export interface Measurement {
  /** The first one is the yardstick. */
  readonly contenders: readonly [Contender, ...Contender[]];
  readonly rounds: number;
  /** Runs of one contender in one round; the round's figure is their median. */
  readonly repetitions: number;
  readonly unit: string;
  /** Multiplies milliseconds of one run into the unit: 1 for `ms`, 1e6 / ticks for `ns/tick`. */
  readonly unitsPerMs: number;
}

/**
 * Measures in interleaved rounds, so that a slow minute of the machine falls on everybody: each round runs
 * every contender, starting with another one each time. A ratio is taken inside its round; figures and ratios
 * are medians over rounds. One round before the first warms up and does not count.
 */
export function measure({ contenders, rounds, repetitions, unit, unitsPerMs }: Measurement): BenchRow[] {
  const figures = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const turn of contenders.keys()) {
      const place = (turn + round + contenders.length) % contenders.length;
      const contender = ensure(contenders[place], 'Turns stay in the list.');
      const figure = roundMs(contender, repetitions) * unitsPerMs;
      if (round >= 0) figures[place]?.push(figure);
    }
  }
  const yardstick = ensure(figures[0], 'There is a yardstick.');
  return contenders.map(({ name, ratioMax }, place) => {
    const own = ensure(figures[place], 'Every contender has its figures.');
    const ratio = median(own.map((figure, round) => figure / (yardstick[round] ?? Number.NaN)));
    const [min, max] = [Math.min(...own), Math.max(...own)];
    return { name, unit, median: median(own), min, max, ratio, ratioMax: ratioMax ?? null };
  });
}

/** The middle value; the mean of the middle two. Stops on an empty list. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = ensure(sorted[Math.floor(sorted.length / 2)], 'A median is of at least one value.');
  const lower = ensure(sorted[Math.floor((sorted.length - 1) / 2)], 'A median is of at least one value.');
  return (lower + upper) / 2;
}

function roundMs({ run }: Contender, repetitions: number): number {
  const timesMs = Array.from({ length: repetitions }, () => {
    const startMs = systemTime.monotonicMs();
    run();
    return systemTime.monotonicMs() - startMs;
  });
  return median(timesMs);
}
