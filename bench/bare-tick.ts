/** Takes closes in order of time, all instruments of a time together; returns the sum of all readings. */
export type Sweep = (closes: Float64Array) => number;

/* The yardsticks of one tick: nothing but the arithmetic, without warm-up and without a check. */
const KEEP = 13 / 14;
const WEIGHTS = [2 / 13, 2 / 27, 2 / 201] as const;

/** One object of state an indicator, as a program that adds and drops instruments keeps them. */
export function bareObjectsSweep(instruments: number): Sweep {
  const states = Array.from({ length: instruments }, () => ({
    rsi: new BareRsi(),
    fast: new BareEma(WEIGHTS[0]),
    slow: new BareEma(WEIGHTS[1]),
    long: new BareEma(WEIGHTS[2]),
  }));
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (const { rsi, fast, slow, long } of states) {
        const close = closes[at++]!;
        sum += rsi.take(close) + fast.take(close) + slow.take(close) + long.take(close);
      }
    }
    return sum;
  };
}

/** All states in typed arrays: the fastest there is, for a set of instruments that never changes. */
export function bareColumnsSweep(instruments: number): Sweep {
  const make = (start: number): Float64Array => new Float64Array(instruments).fill(start);
  const [close, moved, drift] = [make(1), make(1), make(0)];
  const [fast, slow, long] = [make(1), make(1), make(1)];
  return (closes) => {
    let sum = 0;
    for (let at = 0; at < closes.length; ) {
      for (let instrument = 0; instrument < instruments; instrument += 1) {
        const next = closes[at++]!;
        const change = next - close[instrument]!;
        const movedNow = moved[instrument]! * KEEP + Math.abs(change);
        const driftNow = drift[instrument]! * KEEP + change;
        const fastNow = fast[instrument]! * (1 - WEIGHTS[0]) + next * WEIGHTS[0];
        const slowNow = slow[instrument]! * (1 - WEIGHTS[1]) + next * WEIGHTS[1];
        const longNow = long[instrument]! * (1 - WEIGHTS[2]) + next * WEIGHTS[2];
        close[instrument] = next;
        moved[instrument] = movedNow;
        drift[instrument] = driftNow;
        fast[instrument] = fastNow;
        slow[instrument] = slowNow;
        long[instrument] = longNow;
        sum += 50 + 50 * (driftNow / movedNow) + fastNow + slowNow + longNow;
      }
    }
    return sum;
  };
}

class BareRsi {
  close = 1.5;
  moved = 1.5;
  drift = 0.5;

  take(next: number): number {
    const change = next - this.close;
    this.close = next;
    this.moved = this.moved * KEEP + Math.abs(change);
    this.drift = this.drift * KEEP + change;
    return 50 + 50 * (this.drift / this.moved);
  }
}

class BareEma {
  level = 1.5;
  readonly weight: number;
  readonly keep: number;

  constructor(weight: number) {
    this.weight = weight;
    this.keep = 1 - weight;
  }

  take(next: number): number {
    this.level = this.level * this.keep + next * this.weight;
    return this.level;
  }
}
