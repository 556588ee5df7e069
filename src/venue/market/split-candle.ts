import { assert } from '../../core/base/assert.ts';
import { rng, seedOf } from '../../core/base/rng.ts';
import { fittedPath } from './fitted-path.ts';
import { type NoiseStyle, noisePath, PLAIN_NOISE, RANGE_PER_DEVIATION } from './noise.ts';
import type { TickCandle } from './tick-candle.ts';

/** Points of the path in each child, its open not counted: enough for wicks on both sides. */
export const POINTS_PER_CHILD = 4;
/** The part of an increment by which the extreme of a path lies beyond its sampled points, on average. */
const OVERSHOOT = 0.58;

/** How a candle is filled. Everything but the seed may be left at its default. */
export interface Filling {
  readonly seed: number;
  readonly style?: NoiseStyle;
  /** Deviation of the noise over the whole candle as a logarithm; null to follow from high and low. */
  readonly size?: number | null;
  /** Increments shared by all instruments, `parts x POINTS_PER_CHILD` of them. */
  readonly shared?: Float64Array | null;
  /** Relative size of the noise in each child. */
  readonly weights?: readonly number[] | null;
  /** Added to the noise at a point given as a share of the candle's time: how a surge is drawn. */
  readonly surge?: ((share: number) => number) | null;
}

/**
 * Children that add up to `parent` exactly: first open, last close, highest high, lowest low, sum of volume.
 * Each opens where the one before closed, is sound, and lies on the tick grid. The same parent, parts and
 * filling give the same children. O(parts).
 */
export function splitCandle(parent: TickCandle, parts: number, filling: Filling): TickCandle[] {
  assert(parts >= 1, 'A candle is split into one part or more.');
  if (parent.high === parent.low) return stillChildren(parent, parts, filling.seed);
  const path = pathInside(parent, parts * POINTS_PER_CHILD, filling);
  const random = rng(seedOf(filling.seed, 'children'));
  const step = (sizeOf(parent, filling) / Math.sqrt(parts * POINTS_PER_CHILD)) * OVERSHOOT;
  const children: Draft[] = [];
  for (let part = 0; part < parts; part += 1) {
    const reach = step * (filling.weights?.[part] ?? 1);
    const up = 1 + reach * 2 * random.next();
    const down = 1 + reach * 2 * random.next();
    children.push(childAt(path, part, { parent, up, down }));
  }
  return withVolumes(children, parent, random.next);
}

/** `count` prices inside one candle: the first is its open, the last its close, high and low are touched. */
export function pricePath(candle: TickCandle, count: number, filling: Filling): number[] {
  if (candle.high === candle.low) return new Array<number>(count).fill(candle.open);
  return pathInside(candle, count - 1, filling);
}

/** `total` shared out by weight into whole numbers that sum to it exactly. */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  let reached = 0;
  let given = 0;
  return weights.map((weight, index) => {
    reached += weight;
    const upTo = index === weights.length - 1 ? total : Math.min(total, Math.round((total * reached) / sum));
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

function pathInside(candle: TickCandle, increments: number, filling: Filling): number[] {
  const path = noisePath({
    seed: filling.seed,
    count: increments,
    size: sizeOf(candle, filling),
    style: filling.style ?? PLAIN_NOISE,
    shared: filling.shared ?? null,
    weights: filling.weights ?? null,
  });
  const surge = filling.surge ?? null;
  if (surge !== null) {
    const atOpen = surge(0);
    for (let i = 1; i <= increments; i += 1) path[i] = (path[i] ?? 0) + surge(i / increments) - atOpen;
  }
  return fittedPath(candle, path, rng(seedOf(filling.seed, 'wick')).next());
}

function sizeOf(candle: TickCandle, filling: Filling): number {
  return filling.size ?? Math.log(candle.high / candle.low) / RANGE_PER_DEVIATION;
}

/** A child before the volume is shared out. */
type Draft = Omit<TickCandle, 'volume'> & { volume: number };

interface ChildBounds {
  readonly parent: TickCandle;
  /** Factors by which the child's extremes lie beyond its points. */
  readonly up: number;
  readonly down: number;
}

function childAt(path: readonly number[], part: number, { parent, up, down }: ChildBounds): Draft {
  const from = part * POINTS_PER_CHILD;
  const open = path[from] ?? parent.open;
  const close = path[from + POINTS_PER_CHILD] ?? parent.close;
  let high = open;
  let low = open;
  for (let i = from + 1; i <= from + POINTS_PER_CHILD; i += 1) {
    const price = path[i] ?? open;
    if (price > high) high = price;
    if (price < low) low = price;
  }
  return {
    open,
    high: Math.min(parent.high, Math.round(high * up)),
    low: Math.max(parent.low, Math.round(low / down)),
    close,
    volume: 0,
  };
}

/** More is exchanged where prices move more. */
function withVolumes(children: Draft[], parent: TickCandle, next: () => number): TickCandle[] {
  const evenMove = (parent.high - parent.low) / Math.sqrt(children.length);
  const weights = children.map(({ high, low }) => (0.3 + (high - low) / evenMove) * (0.5 + next()));
  const volumes = shareOut(parent.volume, weights);
  for (const [index, child] of children.entries()) child.volume = volumes[index] ?? 0;
  return children;
}

function stillChildren(parent: TickCandle, parts: number, seed: number): TickCandle[] {
  const random = rng(seedOf(seed, 'still'));
  const weights = Array.from({ length: parts }, () => 0.5 + random.next());
  return shareOut(parent.volume, weights).map((volume) => ({ ...parent, volume }));
}
