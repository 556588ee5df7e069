import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** What stands in front of a number: itself bit by bit, another number of decimal places, or the step from the last one. */
const BITS = 0;
const PLACES = 1;
const FIRST_STEP = 2;

/** Prices have at most as many decimal places. */
const PLACES_MAX = 12;
const FACTORS = Array.from({ length: PLACES_MAX + 1 }, (_, places) => 10 ** places);
/** Twice the step between two whole numbers of this size is still exact. */
const EXACT_MAX = 2 ** 50;
/** Numbers without an end in decimal places, such as sums, are no longer looked through after as many of them. */
const MISSES_MAX = 8;

/**
 * A run of numbers that are near each other and have few decimal places, as prices are: each is kept as the whole
 * number of its last places that it is away from the one before it. What does not come back exactly that way is kept
 * bit by bit, so that every number comes back as it was.
 */
export class NumberWriter {
  private places = 0;
  private factor = 1;
  private last = 0;
  private misses = 0;
  /** What `last` stands for; NaN where the next one is not expected there. */
  private value = Number.NaN;

  /** The next number is expected this far from the last one. */
  expect(step: number): void {
    this.last += step * this.factor;
    this.value = Number.NaN;
  }

  write(bytes: ByteWriter, value: number): void {
    // Zero has two signs, and is looked at more closely.
    if (value === this.value && value !== 0) {
      bytes.varint(FIRST_STEP);
      return;
    }
    const whole = Math.round(value * this.factor);
    if (this.misses >= MISSES_MAX || !fits(whole, this.factor, value)) {
      this.writeOther(bytes, value);
      return;
    }
    this.writeStep(bytes, whole);
    this.value = value;
  }

  private writeStep(bytes: ByteWriter, whole: number): void {
    const step = whole - this.last;
    bytes.varint((step < 0 ? -2 * step - 1 : 2 * step) + FIRST_STEP);
    this.last = whole;
  }

  /** With more places, or bit by bit; what a reader knows of the run must be what is known here. */
  private writeOther(bytes: ByteWriter, value: number): void {
    const places = this.misses < MISSES_MAX ? placesOf(value, this.places + 1) : null;
    if (places === null) {
      if (this.misses < MISSES_MAX) this.misses += 1;
      bytes.varint(BITS);
      bytes.float64(value);
      return;
    }
    this.places = places;
    this.factor = FACTORS[places] ?? 1;
    this.last = 0;
    this.value = Number.NaN;
    bytes.varint(PLACES);
    bytes.byte(places);
    this.writeStep(bytes, Math.round(value * this.factor));
  }
}

/** Reads a run that a `NumberWriter` wrote. */
export class NumberReader {
  private factor = 1;
  private last = 0;

  expect(step: number): void {
    this.last += step * this.factor;
  }

  read(bytes: ByteReader): number {
    let code = bytes.varint();
    if (code === BITS) return bytes.float64();
    if (code === PLACES) {
      this.factor = FACTORS[bytes.byte()] ?? Number.NaN;
      this.last = 0;
      code = bytes.varint();
    }
    const size = code - FIRST_STEP;
    this.last += size % 2 === 0 ? size / 2 : -(size + 1) / 2;
    return this.last / this.factor;
  }
}

/** True where the whole number of places gives the very number back. Minus zero and what is no number do not. */
function fits(whole: number, factor: number, value: number): boolean {
  if (whole / factor !== value || (whole === 0 && Object.is(value, -0))) return false;
  return whole < EXACT_MAX && whole > -EXACT_MAX;
}

function placesOf(value: number, from: number): number | null {
  for (let places = from; places <= PLACES_MAX; places += 1) {
    const factor = FACTORS[places] ?? 1;
    if (fits(Math.round(value * factor), factor, value)) return places;
  }
  return null;
}
