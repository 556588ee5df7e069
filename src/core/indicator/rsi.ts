import { AssertionError, assert } from '../base/assert.ts';
import type { ColumnRun, Indicator } from './indicator.ts';

/** What RSI reads when no price has moved: neither side of the market has any strength. */
export const FLAT_RSI = 50;

/** What a streaming RSI carries from close to close; plain JSON. */
export interface RsiState {
  readonly length: number;
  readonly count: number;
  /** Newest close; null before the first. */
  readonly close: number | null;
  readonly moved: number;
  readonly drift: number;
}

/**
 * Wilder's relative strength index of closes, 0..100; a market without a move reads 50. Needs
 * `length` + 1 closes. Computed without a branch: with Wilder sums of |change| (moved) and of change (drift),
 * RSI = 50 + 50 drift / moved, which equals 100 - 100 / (1 + gain / loss). Sums serve instead of means
 * because only their ratio counts.
 *
 * It cannot leave 0..100: both sums see the same operations and rounding keeps order, so |drift| <= moved
 * holds to the last bit, and their quotient stays in -1..1.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), chapter 6.
 */
export class Rsi implements Indicator<number, number, RsiState> {
  readonly length: number;
  private readonly keep: number;
  private count = 0;
  private close = Number.NaN;
  private moved = 0;
  private drift = 0;

  constructor(length: number) {
    assertLength(length);
    this.length = length;
    this.keep = (length - 1) / length;
  }

  get warmUpLength(): number {
    return this.length + 1;
  }

  get value(): number | null {
    return this.count < this.warmUpLength ? null : strength(this.moved, this.drift);
  }

  update(close: number): number | null {
    const reading = this.next(close);
    return Number.isNaN(reading) ? null : reading;
  }

  /** `update` for a loop over hundreds of instruments: the reading as a column has it, NaN in warm-up. */
  next(close: number): number {
    if (this.count <= this.length) return this.warmUp(close);
    const change = close - this.close;
    const moved = this.moved * this.keep + Math.abs(change);
    if (!Number.isFinite(moved)) refuse();
    this.close = close;
    this.moved = moved;
    this.drift = this.drift * this.keep + change;
    return strength(moved, this.drift);
  }

  peek(close: number): number | null {
    if (!Number.isFinite(close)) refuse();
    if (this.count < this.length) return null;
    const keep = this.count === this.length ? 1 : this.keep;
    const change = close - this.close;
    return strength(this.moved * keep + Math.abs(change), this.drift * keep + change);
  }

  snapshot(): RsiState {
    const { length, count, moved, drift } = this;
    return { length, count, close: count === 0 ? null : this.close, moved, drift };
  }

  restore(state: RsiState): void {
    assert(state.length === this.length, `RSI(${this.length}) cannot go on from RSI(${state.length}).`);
    assert(Math.abs(state.drift) <= state.moved, 'The drift of a price is never more than its moves.');
    assert((state.close === null) === (state.count === 0), 'A close is known from the first input on.');
    this.count = state.count;
    this.close = state.close ?? Number.NaN;
    this.moved = state.moved;
    this.drift = state.drift;
  }

  private warmUp(close: number): number {
    if (!Number.isFinite(close)) refuse();
    const change = this.count === 0 ? 0 : close - this.close;
    this.count += 1;
    this.close = close;
    this.moved += Math.abs(change);
    this.drift += change;
    return this.count < this.warmUpLength ? Number.NaN : strength(this.moved, this.drift);
  }
}

/** RSI of a whole column of closes, bit-equal to streaming it through `Rsi`; allocates nothing. */
export function rsiColumn({ input, length, output }: ColumnRun): void {
  assertLength(length);
  assert(output.length === input.length, 'Input and output have the same number of rows.');
  const rows = input.length;
  const keep = (length - 1) / length;
  const seedRows = Math.min(rows, length + 1);
  let close = input[0] ?? 0;
  let moved = 0;
  let drift = 0;
  for (let row = 0; row < seedRows; row += 1) {
    const next = input[row] ?? Number.NaN;
    const change = next - close;
    close = next;
    moved += Math.abs(change);
    drift += change;
    output[row] = Number.NaN;
  }
  if (rows > length) output[length] = strength(moved, drift);
  for (let row = seedRows; row < rows; row += 1) {
    const next = input[row] ?? Number.NaN;
    const change = next - close;
    close = next;
    moved = moved * keep + Math.abs(change);
    drift = drift * keep + change;
    output[row] = strength(moved, drift);
  }
  assert(Number.isFinite(moved), 'Every close of the column is a finite number.');
}

/**
 * Without a move both sums are 0 and the quotient 0 / 1 leaves exactly `FLAT_RSI`. Plain literals: read
 * from an exported constant the middle costs the loop over a column 1.6 times its time.
 */
function strength(moved: number, drift: number): number {
  return 50 + 50 * (drift / (moved === 0 ? 1 : moved));
}

/** Apart from the loop: an `assert` inside it costs more than the arithmetic. */
function refuse(): never {
  throw new AssertionError('A close is a finite number.');
}

function assertLength(length: number): void {
  assert(Number.isInteger(length) && length >= 2, 'RSI looks back on at least two changes.');
}
