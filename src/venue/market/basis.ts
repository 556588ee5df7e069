import { rng, seedOf } from '../../core/base/rng.ts';

/** How far the index of an instrument stands from its last price, at most, as a rate. */
const AWAY_MAX = 0.0003;
/** Seconds of one swing. */
const SWING_MIN_S = 900;
const SWING_MAX_S = 5400;

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
    return this.size * Math.sin(2 * Math.PI * (epochSecond / this.swingSeconds + this.phase));
  }
}
