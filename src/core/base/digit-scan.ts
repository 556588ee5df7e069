const POINT = 46;
const ZERO = 48;

/** Up to here digits taken together are a whole number exactly. */
const EXACT_MAX = Number.MAX_SAFE_INTEGER;
/** Powers of ten that are exact themselves. */
const TENTHS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads plain decimal numbers out of a long text, `codeAt` giving its characters and anything but a digit or a point
 * beyond its end. What was read is left in fields: given back, each number would be an object of its own.
 */
export class DigitScan {
  /** Where the number ends; its first character when there is none. */
  end = 0;
  /** Digits before the point. */
  wholeDigits = 0;
  /** Digits behind the point; -1 without one. */
  decimals = -1;
  private readonly codeAt: (at: number) => number;
  private digits = 0;

  constructor(codeAt: (at: number) => number) {
    this.codeAt = codeAt;
  }

  /** Takes digits with a point among them or none, from `start` on. */
  scan(start: number): void {
    let pointAt = -1;
    let digits = 0;
    let at = start;
    for (; ; at += 1) {
      const digit = this.codeAt(at) - ZERO;
      if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
      else if (digit === POINT - ZERO && pointAt === -1) pointAt = at;
      else break;
    }
    this.end = at;
    this.wholeDigits = (pointAt === -1 ? at : pointAt) - start;
    this.decimals = pointAt === -1 ? -1 : at - pointAt - 1;
    this.digits = digits;
  }

  /**
   * The number that was read, as `Number` gives it for its text: a whole number that is exact, divided by a power of
   * ten that is exact, is rounded once. NaN for one of more digits: only its text tells.
   */
  exactValue(): number {
    if (this.digits > EXACT_MAX) return Number.NaN;
    return this.decimals > 0 ? this.digits / (TENTHS[this.decimals] ?? Number.NaN) : this.digits;
  }
}
