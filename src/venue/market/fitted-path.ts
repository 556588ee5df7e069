import type { TickCandle } from './tick-candle.ts';

/** The smallest share of the way to an extreme that is stretched; below it one point is given the extreme. */
const STRETCH_SHARE_MIN = 0.02;

/**
 * Bends a random path (logarithms, at least four points, the first 0) into prices in ticks that start at the
 * candle's open, end at its close, and touch its high and its low exactly. `wick` (0 to 1) places an extreme
 * the path does not reach by itself. O(points); the path's own array is reused.
 */
export function fittedPath(candle: TickCandle, path: number[], wick: number): number[] {
  const target = Math.log(candle.close / candle.open);
  bridge(path, target);
  const highAt = stretch(path, {
    sign: 1,
    body: Math.max(0, target),
    extreme: Math.log(candle.high / candle.open),
    wickAt: wickIndex(path, wick),
  });
  const lowAt = stretch(path, {
    sign: -1,
    body: Math.max(0, -target),
    extreme: Math.log(candle.open / candle.low),
    wickAt: wickIndex(path, wick, highAt),
  });
  toTicks(path, candle);
  if (candle.high > Math.max(candle.open, candle.close)) path[highAt] = candle.high;
  if (candle.low < Math.min(candle.open, candle.close)) path[lowAt] = candle.low;
  return path;
}

/** Tilts the path so that it ends at `target`. */
function bridge(path: number[], target: number): void {
  const last = path.length - 1;
  const tilt = (target - (path[last] ?? 0)) / last;
  for (let i = 1; i <= last; i += 1) path[i] = (path[i] ?? 0) + tilt * i;
}

interface Stretch {
  /** 1 for the high, -1 for the low. */
  readonly sign: 1 | -1;
  /** Where the candle's body ends and where its wick ends, on this side of the open. */
  readonly body: number;
  readonly extreme: number;
  readonly wickAt: number;
}

/** Scales what lies outside the body so that it ends at the extreme; gives the index of the extreme point. */
function stretch(path: number[], { sign, body, extreme, wickAt }: Stretch): number {
  let at = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < path.length - 1; i += 1) {
    const value = sign * (path[i] ?? 0);
    if (value > most) {
      most = value;
      at = i;
    }
  }
  const room = extreme - body;
  const excess = most - body;
  if (excess <= STRETCH_SHARE_MIN * room) {
    path[wickAt] = sign * extreme;
    return wickAt;
  }
  const factor = room / excess;
  for (let i = 1; i < path.length - 1; i += 1) {
    const beyond = sign * (path[i] ?? 0) - body;
    if (beyond > 0) path[i] = sign * (body + beyond * factor);
  }
  return at;
}

/** An inner point, never `taken`. */
function wickIndex(path: number[], wick: number, taken = 0): number {
  const inner = path.length - 2;
  const index = 1 + (Math.floor(wick * inner) % inner);
  return index === taken ? 1 + (index % inner) : index;
}

function toTicks(path: number[], { open, high, low, close }: TickCandle): void {
  const last = path.length - 1;
  for (let i = 1; i < last; i += 1) {
    path[i] = Math.min(high, Math.max(low, Math.round(open * Math.exp(path[i] ?? 0))));
  }
  path[0] = open;
  path[last] = close;
}
