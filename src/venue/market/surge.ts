import { rng, seedOf } from '../../core/base/rng.ts';
import type { SurgeScale } from './market-scale.ts';

const HOUR_MINUTES = 60;
/** How fast the swing after the extreme dies, in return times; it overshoots by about a third once. */
const DAMPING = 1.7;

/** Return times from the extreme to the farthest point of the swing back. */
const SWING_RETURNS = 1.6;

type Range = readonly [min: number, max: number];

/** A corner of the way to the extreme, as shares of the run's time and of its depth. */
interface Corner {
  readonly time: number;
  readonly depth: number;
}
/** The first corner is the end of the first leg. */
type Legs = readonly Corner[];

const START: Corner = { time: 0, depth: 0 };

/** Minutes of the run and of the way back, and the part of the scale's depths that is used. */
interface SurgeKind {
  readonly legs: Legs;
  readonly runMinutes: Range;
  readonly returnMinutes: Range;
  readonly depthShare: Range;
}

/** Out in one go, back in minutes. */
const SPIKE: SurgeKind = {
  legs: [{ time: 1, depth: 1 }],
  runMinutes: [1.5, 3],
  returnMinutes: [1.5, 3],
  depthShare: [0, 0.5],
};
/** Two legs with a pause between: who takes the first for the end is stopped out by the second. */
const SLIDE: SurgeKind = {
  legs: [
    { time: 0.35, depth: 0.45 },
    { time: 0.65, depth: 0.38 },
    { time: 1, depth: 1 },
  ],
  runMinutes: [4, 7],
  returnMinutes: [1.8, 3.2],
  depthShare: [0.6, 1],
};

/** A pump (1) or a dump (-1): the price runs, comes back a little too far, and settles. */
export interface Surge {
  readonly sign: 1 | -1;
  /** Logarithm of the price's way to the extreme. */
  readonly depth: number;
  readonly legs: Legs;
  /** Minute since the epoch, and minutes of the run and of the way back. */
  readonly startMinute: number;
  readonly runMinutes: number;
  readonly returnMinutes: number;
}

/** The surge that starts in an hour; null in most. It lasts 60 minutes at the most. */
export function surgeOf(seed: number, hour: number, scale: SurgeScale): Surge | null {
  const random = rng(seedOf(seed, 'surge', hour));
  if (random.next() >= scale.share) return null;
  const draw = ([min, max]: Range): number => min + (max - min) * random.next();
  const kind = random.next() < scale.slideShare ? SLIDE : SPIKE;
  return {
    sign: random.next() < 0.5 ? 1 : -1,
    depth: scale.depthMin + (scale.depthMax - scale.depthMin) * draw(kind.depthShare),
    legs: kind.legs,
    startMinute: (hour + random.next()) * HOUR_MINUTES,
    runMinutes: draw(kind.runMinutes),
    returnMinutes: draw(kind.returnMinutes),
  };
}

/** What the surge adds to the logarithm of the price at `minute` (a fraction tells the second). */
export function surgeAt(surge: Surge, minute: number): number {
  const { sign, depth, legs, runMinutes, returnMinutes } = surge;
  const running = minute - surge.startMinute;
  if (running <= 0 || running >= HOUR_MINUTES) return 0;
  if (running < runMinutes) return sign * depth * alongLegs(legs, running / runMinutes);
  const gone = (running - runMinutes) / returnMinutes;
  const fading = 1 - (running - runMinutes) / (HOUR_MINUTES - runMinutes);
  return sign * depth * fading * Math.exp(-gone / DAMPING) * Math.cos((gone * Math.PI) / 2);
}

/** Minute since the epoch at which the surge is at its extreme. */
export function extremeMinute({ startMinute, runMinutes }: Surge): number {
  return startMinute + runMinutes;
}

/** Minute since the epoch at which it has swung back the farthest. */
export function swingMinute(surge: Surge): number {
  return extremeMinute(surge) + SWING_RETURNS * surge.returnMinutes;
}

/** Share of the depth reached at a share of the run. */
function alongLegs(legs: Legs, share: number): number {
  let from = START;
  for (const to of legs) {
    if (share < to.time) {
      return from.depth + ((to.depth - from.depth) * (share - from.time)) / (to.time - from.time);
    }
    from = to;
  }
  return from.depth;
}
