import { assert } from '../../core/base/assert.ts';
import type { EmaSearchSettings } from './settings.ts';

/** Lengths of two averages, candles; the short one below the long one. */
export interface EmaPair {
  readonly shortLength: number;
  readonly longLength: number;
}

/** Pairs to try, and the longest length that their surroundings reach. */
export interface EmaGrid {
  readonly pairs: readonly EmaPair[];
  readonly lengthMax: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Pairs people trade by, tried whatever the grid. */
const WELL_KNOWN: readonly (readonly [number, number])[] = [
  [5, 15],
  [9, 21],
  [12, 26],
  [21, 55],
  [34, 89],
  [20, 50],
  [30, 70],
  [50, 200],
  [15, 45],
  [25, 75],
];

const LENGTH_MIN = 5;
const LENGTH_MAX = 500;
const SHORT_REACH = 5;
const LONG_REACH = 10;
/** The full grid leaves out pairs whose averages say nearly the same. */
const FULL_APART_MIN = 30;

/** The pairs of a grid, short length first. `volatility` is the standard deviation of returns as a share of price. */
export function emaGrid(grid: EmaSearchSettings['grid'], volatility: number): EmaGrid {
  if (grid === 'full') return { pairs: FULL_PAIRS, lengthMax: 300 };
  const pairs = sorted([...crossed(...rangesFor(volatility)), ...WELL_KNOWN.map(pairOf)]);
  const longest = Math.max(...pairs.map(({ longLength }) => longLength));
  return { pairs, lengthMax: longest + LONG_REACH };
}

/** The surroundings of a pair. */
export function neighbours({ shortLength, longLength }: EmaPair): readonly EmaPair[] {
  const shorts = { from: shortLength - SHORT_REACH, to: shortLength + SHORT_REACH, step: 2 };
  const longs = { from: longLength - LONG_REACH, to: longLength + LONG_REACH, step: 5 };
  return sorted(crossed(shorts, longs));
}

function rangesFor(volatility: number): [Range, Range] {
  assert(volatility >= 0, 'A standard deviation is never negative.');
  if (volatility > 0.05) return [range(5, 50, 3), range(20, 150, 10)];
  if (volatility > 0.03) return [range(5, 100, 5), range(30, 200, 15)];
  return [range(10, 150, 10), range(50, 300, 25)];
}

function range(from: number, to: number, step: number): Range {
  return { from, to, step };
}

function crossed(shorts: Range, longs: Range): EmaPair[] {
  const pairs: EmaPair[] = [];
  for (let shortLength = shorts.from; shortLength <= shorts.to; shortLength += shorts.step) {
    for (let longLength = longs.from; longLength <= longs.to; longLength += longs.step) {
      const inside = shortLength >= LENGTH_MIN && longLength <= LENGTH_MAX;
      if (inside && shortLength < longLength) pairs.push({ shortLength, longLength });
    }
  }
  return pairs;
}

function sorted(pairs: readonly EmaPair[]): readonly EmaPair[] {
  const byLengths = new Map(pairs.map((pair) => [pair.shortLength * 1_000 + pair.longLength, pair]));
  return [...byLengths].sort(([a], [b]) => a - b).map(([, pair]) => pair);
}

function pairOf([shortLength, longLength]: readonly [number, number]): EmaPair {
  return { shortLength, longLength };
}

const FULL_PAIRS = crossed(range(5, 100, 1), range(50, 300, 1)).filter(
  ({ shortLength, longLength }) => longLength >= shortLength + FULL_APART_MIN,
);
