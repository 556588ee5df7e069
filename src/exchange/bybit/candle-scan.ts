import { CandlePage, CELLS } from './candle-page.ts';

/** What was read of the body of an answer without taking it apart as JSON. */
export interface Scanned {
  readonly result: CandlePage;
  /** The exchange's time in the answer. */
  readonly timeMs: number;
}

/** All before the first row and all after the last, as the exchange writes them when nothing is wrong. */
const HEAD =
  /^\{"retCode":0,"retMsg":"\w*","result":\{(?:"category":"linear",)?"symbol":"([\w-]{1,64})",(?:"category":"linear",)?"list":\[/;
const TAIL = /\]\},"retExtInfo":\{\},"time":([1-9]\d{12})\}$/;
/** The tail is shorter than this. */
const TAIL_LENGTH_MAX = 64;

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const OPEN = 91;
const CLOSE = 93;

/** Up to so many digits a whole number is exact, and divided by an exact power of ten it is rounded once. */
const EXACT_DIGITS = 15;
/** As many as `PLAIN_NUMBER` allows on each side of the point. */
const DIGITS_MAX = 30;
const TENTHS: readonly number[] = Array.from({ length: EXACT_DIGITS }, (_, power) => Number(`1e${power}`));

/**
 * Reads the usual body of a candle answer straight into numbers. A cold start reads 175,000 rows, and JSON makes
 * seven texts of each before the first number is known. Null for a body that differs in anything from the usual
 * one, sound or not: the general way reads it or names its fault.
 */
export function scanCandlePage(body: string): Scanned | null {
  const head = HEAD.exec(body);
  const tail = TAIL.exec(body.slice(-TAIL_LENGTH_MAX));
  const [, timeText] = tail ?? [];
  const [start, symbol] = head ?? [];
  if (start === undefined || symbol === undefined || tail === null || timeText === undefined) return null;
  const end = body.length - tail[0].length;
  const cells = new RowScan(body, start.length, end).cells();
  return cells === null ? null : { result: new CandlePage(symbol, cells), timeMs: Number(timeText) };
}

/** Reads rows from left to right. */
class RowScan {
  private readonly body: string;
  private readonly end: number;
  private at: number;

  constructor(body: string, at: number, end: number) {
    this.body = body;
    this.at = at;
    this.end = end;
  }

  /** The cells of all rows, up to the end exactly; null when anything else stands there. */
  cells(): readonly number[] | null {
    const cells: number[] = [];
    while (this.at < this.end) {
      if (cells.length > 0 && !this.skip(COMMA)) return null;
      if (!this.addRow(cells)) return null;
    }
    return this.at === this.end ? cells : null;
  }

  private addRow(cells: number[]): boolean {
    if (!this.skip(OPEN)) return false;
    for (let cell = 0; cell < CELLS; cell += 1) {
      const value = this.number();
      if (Number.isNaN(value) || !this.skip(COMMA)) return false;
      cells.push(value);
    }
    const turnover = this.number();
    return !Number.isNaN(turnover) && this.skip(CLOSE);
  }

  private skip(code: number): boolean {
    if (this.body.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  /** A quoted number without a sign; NaN for anything else. */
  private number(): number {
    if (!this.skip(QUOTE)) return Number.NaN;
    const start = this.at;
    const whole = this.digits(0);
    const wholeLength = this.at - start;
    if (wholeLength === 0 || wholeLength > DIGITS_MAX) return Number.NaN;
    if (this.skip(QUOTE)) return this.exact(whole, start, 0);
    if (!this.skip(POINT)) return Number.NaN;
    const pointAt = this.at;
    const all = this.digits(whole);
    const decimals = this.at - pointAt;
    if (decimals === 0 || decimals > DIGITS_MAX || !this.skip(QUOTE)) return Number.NaN;
    return this.exact(all, start, decimals);
  }

  /** Digits from here on appended to a whole number. */
  private digits(before: number): number {
    let value = before;
    for (;;) {
      const digit = this.body.charCodeAt(this.at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) return value;
      value = value * 10 + digit;
      this.at += 1;
    }
  }

  /** The closing quote has been read. */
  private exact(digits: number, start: number, decimals: number): number {
    const length = this.at - 1 - start;
    const tenths = TENTHS[decimals];
    if (length > EXACT_DIGITS || tenths === undefined) return Number(this.body.slice(start, this.at - 1));
    return digits / tenths;
  }
}
