import { assert, ensure } from '../base/assert.ts';
import type { Indicator } from './indicator.ts';
import { Rsi, type RsiState } from './rsi.ts';
import type { RsiHistory } from './rsi-history.ts';

/** Windows in candles: RSI, the range RSI is placed in, and the two means. */
export interface StochRsiLengths {
  readonly rsi: number;
  readonly range: number;
  readonly k: number;
  readonly d: number;
}

/** Chande and Kroll's 14, smoothed by 3 and 3 as charts show it. */
export const STOCH_RSI_LENGTHS: StochRsiLengths = { rsi: 14, range: 14, k: 3, d: 3 };

/**
 * RSI points under which a range is rounding, not movement: RSI of a halted market after a move wobbles in
 * its last bits, and dividing by that would make extremes of nothing.
 */
const RANGE_MIN = 1e-9;

/** Both 0..100: below 20 RSI is at the bottom of its recent range, above 80 at its top. */
export interface StochRsiValue {
  readonly k: number;
  readonly d: number;
}

export interface StochRsiState {
  readonly lengths: StochRsiLengths;
  readonly rsi: RsiState;
  /** The newest readings of each stage, oldest first, at most a window each. */
  readonly strengths: readonly number[];
  readonly places: readonly number[];
  readonly ks: readonly number[];
}

/** A column of closes in, K and D out; row i holds the value after close i, NaN in warm-up. */
export interface StochRsiColumnRun {
  readonly input: Float64Array;
  readonly lengths: StochRsiLengths;
  readonly k: Float64Array;
  readonly d: Float64Array;
}

/** The readings one more close leads to; null from the first stage that is still short of its window. */
interface Step {
  readonly strength: number | null;
  readonly place: number | null;
  readonly k: number | null;
  readonly d: number | null;
}

/**
 * Where RSI stands inside its own recent range. Place = (RSI - lowest) / (highest - lowest) over the range
 * window, 0.5 when RSI did not move; K = mean of places x 100, D = mean of K. A value comes out once D is
 * defined: 32 closes with the usual lengths. Each update costs the windows' lengths, not the history.
 *
 * @see T. Chande and S. Kroll, The New Technical Trader (1994).
 */
export class StochRsi implements Indicator<number, StochRsiValue, StochRsiState> {
  readonly warmUpLength: number;
  private readonly lengths: StochRsiLengths;
  private readonly rsi: Rsi;
  private strengths: readonly number[] = [];
  private places: readonly number[] = [];
  private ks: readonly number[] = [];
  private latest: StochRsiValue | null = null;

  constructor(lengths: StochRsiLengths = STOCH_RSI_LENGTHS) {
    for (const length of [lengths.range, lengths.k, lengths.d]) {
      assert(Number.isInteger(length) && length >= 1, 'A window holds at least one reading.');
    }
    this.lengths = lengths;
    this.rsi = new Rsi(lengths.rsi);
    this.warmUpLength = this.rsi.warmUpLength + lengths.range + lengths.k + lengths.d - 3;
  }

  get value(): StochRsiValue | null {
    return this.latest;
  }

  update(close: number): StochRsiValue | null {
    const { range, k, d } = this.lengths;
    const step = this.stepFrom(this.rsi.update(close));
    this.strengths = pushed(this.strengths, step.strength, range);
    this.places = pushed(this.places, step.place, k);
    this.ks = pushed(this.ks, step.k, d);
    this.latest = shown(step);
    return this.latest;
  }

  peek(close: number): StochRsiValue | null {
    return shown(this.stepFrom(this.rsi.peek(close)));
  }

  snapshot(): StochRsiState {
    const { lengths, strengths, places, ks } = this;
    return { lengths, rsi: this.rsi.snapshot(), strengths, places, ks };
  }

  restore(state: StochRsiState): void {
    const { range, k, d } = this.lengths;
    const same = state.lengths.range === range && state.lengths.k === k && state.lengths.d === d;
    assert(same, 'StochRSI cannot go on from one with other lengths.');
    this.rsi.restore(state.rsi);
    this.strengths = [...state.strengths];
    this.places = [...state.places];
    this.ks = [...state.ks];
    const last = state.ks.at(-1);
    this.latest = last !== undefined && state.ks.length === d ? { k: last, d: mean(state.ks) } : null;
  }

  private stepFrom(strength: number | null): Step {
    const { range, k, d } = this.lengths;
    const strengths = pushed(this.strengths, strength, range);
    const place = strengths.length < range ? null : placeOfLast(strengths);
    const places = pushed(this.places, place, k);
    const smoothed = places.length < k ? null : mean(places) * 100;
    const ks = pushed(this.ks, smoothed, d);
    return { strength, place, k: smoothed, d: ks.length < d ? null : mean(ks) };
  }
}

/** StochRSI of a whole column, bit-equal to streaming it through `StochRsi`. */
export function stochRsiColumn({ input, lengths, k, d }: StochRsiColumnRun): void {
  assert(k.length === input.length && d.length === input.length, 'The columns have the same number of rows.');
  const stochRsi = new StochRsi(lengths);
  for (let row = 0; row < input.length; row += 1) {
    const value = stochRsi.update(input[row] ?? Number.NaN);
    k[row] = value?.k ?? Number.NaN;
    d[row] = value?.d ?? Number.NaN;
  }
}

/**
 * StochRSI of RSI values that are held already, newest last: bit-equal to what `StochRsi` says after the same closes.
 * Null with fewer values than it is made of, 18 with the usual windows.
 */
export function stochRsiOf(
  rsiHistory: RsiHistory,
  lengths: StochRsiLengths = STOCH_RSI_LENGTHS,
): StochRsiValue | null {
  const { range, k, d } = lengths;
  if (rsiHistory.length < range + k + d - 2) return null;
  const places: number[] = [];
  for (let ago = k + d - 2; ago >= 0; ago -= 1) places.push(placeAt(rsiHistory, ago, range));
  let sum = 0;
  let newest = 0;
  for (let first = 0; first < d; first += 1) {
    newest = smoothedPlace(places, first, k);
    sum += newest;
  }
  return { k: newest, d: sum / d };
}

/** K of the `k` places from `first` on. */
function smoothedPlace(places: readonly number[], first: number, k: number): number {
  let sum = 0;
  for (let row = first; row < first + k; row += 1) sum += places[row] ?? Number.NaN;
  return (sum / k) * 100;
}

/** Compared by hand: it is read at every entry signal, and `Math.min` of a window costs ten times as much. */
function placeAt(rsiHistory: RsiHistory, ago: number, range: number): number {
  const last = rsiHistory.valueAt(ago);
  let lowest = last;
  let highest = last;
  for (let other = ago + range - 1; other > ago; other -= 1) {
    const strength = rsiHistory.valueAt(other);
    if (strength < lowest) lowest = strength;
    if (strength > highest) highest = strength;
  }
  return placeIn(last, lowest, highest);
}

/** The window after one more reading; the same window when there is none. */
function pushed(window: readonly number[], reading: number | null, length: number): readonly number[] {
  if (reading === null) return window;
  return window.length < length ? [...window, reading] : [...window.slice(1), reading];
}

function placeOfLast(window: readonly number[]): number {
  const last = ensure(window.at(-1), 'A full window has a newest reading.');
  return placeIn(last, Math.min(...window), Math.max(...window));
}

function placeIn(last: number, lowest: number, highest: number): number {
  return highest - lowest < RANGE_MIN ? 0.5 : (last - lowest) / (highest - lowest);
}

/** Summed afresh each time: a running sum would carry its rounding along for ever. */
function mean(window: readonly number[]): number {
  let sum = 0;
  for (const reading of window) sum += reading;
  return sum / window.length;
}

function shown({ k, d }: Step): StochRsiValue | null {
  return k === null || d === null ? null : { k, d };
}
