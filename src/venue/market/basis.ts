import { rng, seedOf } from '../../core/base/rng.ts';

/** How far the index of an instrument stands from its last price, at most, as a rate. */
const AWAY_MAX = 0.0003;
/** Seconds of one swing. */
const SWING_MIN_S = 900;
const SWING_MAX_S = 5400;
/** Where in a swing its ends are, as a share of it. */
const PEAK = 0.25;
const TROUGH = 0.75;

/**
 * How far a perpetual trades from its index: a slow swing of its own, known at every second from the seed. The
 * mark price follows a part of it, as exchanges smooth it.
 */
export class Basis {
  private readonly size: number;
  private readonly swingSeconds: number;
  private readonly phase: number;

  constructor(seed: number) {
    const random = rng(seedOf(seed, 'basis'));
    this.size = AWAY_MAX * (0.3 + 0.7 * random.next());
    this.swingSeconds = SWING_MIN_S + (SWING_MAX_S - SWING_MIN_S) * random.next();
    this.phase = random.next();
  }

  /** Index over last price, less 1. */
  at(epochSecond: number): number {
    return this.size * Math.sin(2 * Math.PI * this.cyclesAt(epochSecond));
  }

  /** The least and the most between two seconds, both included. */
  between(fromSecond: number, toSecond: number): { readonly least: number; readonly most: number } {
    const ends = [this.at(fromSecond), this.at(toSecond)];
    const holds = (share: number): boolean =>
      Math.ceil(this.cyclesAt(fromSecond) - share) <= this.cyclesAt(toSecond) - share;
    return {
      least: holds(TROUGH) ? -this.size : Math.min(...ends),
      most: holds(PEAK) ? this.size : Math.max(...ends),
    };
  }

  private cyclesAt(epochSecond: number): number {
    return epochSecond / this.swingSeconds + this.phase;
  }
}
