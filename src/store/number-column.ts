import { assert } from '../core/base/assert.ts';

/** How the numbers of a column are kept: not at all, to single precision, or exactly. */
const NONE = 0;
const SINGLE = 1;
const EXACT = 2;
/** Sizes that single precision holds to seven digits. */
const SINGLE_MIN = 2 ** -126;
const SINGLE_MAX = 2 ** 127;
/** Bytes of one number, by how it is kept. */
const WIDTHS = [0, 4, 8] as const;

/**
 * Bytes of a column: one that says how its numbers are kept, then the numbers by bytes of one weight: all lowest bytes,
 * then all next, as the machine has them: little endian. Numbers that are alike share their high bytes, and those then compress. NaN stands for no number. Whole
 * numbers are exact, others are good to seven digits.
 */
export function packNumbers(values: Float64Array): Uint8Array {
  const kind = kindOf(values);
  if (kind === NONE) return Uint8Array.of(NONE);
  const plain = kind === SINGLE ? Float32Array.from(values) : values;
  const bytes = new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
  const width = WIDTHS[kind];
  const packed = new Uint8Array(1 + bytes.length);
  packed[0] = kind;
  let to = 1;
  for (let byte = 0; byte < width; byte += 1) {
    for (let from = byte; from < bytes.length; from += width) packed[to++] = bytes[from] ?? 0;
  }
  return packed;
}

/** The least that is kept of a number: a reader sees this or the number itself. */
export function keptNumber(value: number): number {
  return isExact(value) ? value : Math.fround(value);
}

/** Reads columns one after the other, one row of each. */
export class NumberColumns {
  private readonly bytes: Uint8Array;
  private readonly rows: number;
  private readonly number = new DataView(new ArrayBuffer(8));
  private offset: number;

  constructor(bytes: Uint8Array, { rows, offset }: { readonly rows: number; readonly offset: number }) {
    this.bytes = bytes;
    this.rows = rows;
    this.offset = offset;
  }

  /** The number in `row` of the next column; null for none. */
  next(row: number): number | null {
    const kind = this.bytes[this.offset] ?? NONE;
    assert(kind === NONE || kind === SINGLE || kind === EXACT, 'A column says how its numbers are kept.');
    const width = WIDTHS[kind];
    const first = this.offset + 1;
    this.offset = first + this.rows * width;
    if (kind === NONE) return null;
    for (let byte = 0; byte < width; byte += 1) {
      this.number.setUint8(byte, this.bytes[first + byte * this.rows + row] ?? 0);
    }
    const value = kind === SINGLE ? this.number.getFloat32(0, true) : this.number.getFloat64(0, true);
    return Number.isNaN(value) ? null : value;
  }
}

/** One number for all costs nothing to keep exactly, and is mostly a setting. */
function kindOf(values: Float64Array): 0 | 1 | 2 {
  let first = Number.NaN;
  let isOne = true;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (isExact(value) && Math.fround(value) !== value) return EXACT;
    if (Number.isNaN(first)) first = value;
    isOne &&= value === first;
  }
  if (Number.isNaN(first)) return NONE;
  return isOne ? EXACT : SINGLE;
}

/** Counts and times are whole and must come back as they were; what single precision cannot hold at all, too. */
function isExact(value: number): boolean {
  const size = Math.abs(value);
  return Number.isInteger(value) || size < SINGLE_MIN || size > SINGLE_MAX;
}
