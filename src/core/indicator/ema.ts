import { AssertionError, assert } from '../base/assert.ts';
import type { ColumnRun, Indicator } from './indicator.ts';

/** What a streaming average carries from value to value; plain JSON. */
export interface EmaState {
  readonly length: number;
  readonly count: number;
  /** The average, or in warm-up the sum so far. */
  readonly level: number;
}

/**
 * Exponential moving average, seeded with the plain mean of the first `length` values; in the values' unit.
 * Weight of the newest value: 2 / (length + 1). Needs `length` values.
 */
export class Ema implements Indicator<number, number, EmaState> {
  readonly length: number;
  private readonly weight: number;
  private count = 0;
  private level = 0;

  constructor(length: number) {
    assertLength(length);
    this.length = length;
    this.weight = 2 / (length + 1);
  }

  get warmUpLength(): number {
    return this.length;
  }

  get value(): number | null {
    return this.count < this.length ? null : this.level;
  }

  update(value: number): number | null {
    const level = this.next(value);
    return Number.isNaN(level) ? null : level;
  }

  /** `update` for a loop over hundreds of instruments: the average as a column has it, NaN in warm-up. */
  next(value: number): number {
    if (this.count < this.length) return this.warmUp(value);
    const level = this.level * (1 - this.weight) + value * this.weight;
    if (!Number.isFinite(level)) refuse();
    this.level = level;
    return level;
  }

  peek(value: number): number | null {
    if (!Number.isFinite(value)) refuse();
    if (this.count < this.length - 1) return null;
    if (this.count === this.length - 1) return (this.level + value) / this.length;
    return this.level * (1 - this.weight) + value * this.weight;
  }

  snapshot(): EmaState {
    return { length: this.length, count: this.count, level: this.level };
  }

  restore(state: EmaState): void {
    assert(state.length === this.length, `EMA(${this.length}) cannot go on from EMA(${state.length}).`);
    assert(Number.isFinite(state.level), 'The level of an average is a finite number.');
    this.count = state.count;
    this.level = state.level;
  }

  private warmUp(value: number): number {
    if (!Number.isFinite(value)) refuse();
    this.count += 1;
    this.level += value;
    if (this.count < this.length) return Number.NaN;
    this.level /= this.length;
    return this.level;
  }
}

/** EMA of a whole column, bit-equal to streaming it through `Ema`; allocates nothing. */
export function emaColumn({ input, length, output }: ColumnRun): void {
  assertLength(length);
  assert(output.length === input.length, 'Input and output have the same number of rows.');
  const rows = input.length;
  const weight = 2 / (length + 1);
  const keep = 1 - weight;
  const seedRows = Math.min(rows, length);
  let level = 0;
  for (let row = 0; row < seedRows; row += 1) {
    level += input[row] ?? Number.NaN;
    output[row] = Number.NaN;
  }
  if (rows >= length) {
    level /= length;
    output[length - 1] = level;
  }
  for (let row = seedRows; row < rows; row += 1) {
    level = level * keep + (input[row] ?? Number.NaN) * weight;
    output[row] = level;
  }
  assert(Number.isFinite(level), 'Every value of the column is a finite number.');
}

/** Apart from the loop: an `assert` inside it costs more than the arithmetic. */
function refuse(): never {
  throw new AssertionError('A value is a finite number.');
}

function assertLength(length: number): void {
  assert(Number.isInteger(length) && length >= 1, 'An average is of at least one value.');
}
