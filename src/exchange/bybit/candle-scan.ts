import { DigitScan } from '../../core/base/digit-scan.ts';
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
const OPEN = 91;
const CLOSE = 93;

/** As many as `PLAIN_NUMBER` allows on each side of the point. */
const DIGITS_MAX = 30;

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

/** Reads rows from left to right. A number read is left in a field: given back, each would be an object of its own. */
class RowScan {
  private readonly body: string;
  private readonly digits: DigitScan;
  private readonly end: number;
  private at: number;
  private value = Number.NaN;

  constructor(body: string, at: number, end: number) {
    this.body = body;
    this.digits = new DigitScan((place) => body.charCodeAt(place));
    this.at = at;
    this.end = end;
  }

  /** The cells of all rows, up to the end exactly; null when anything else stands there. */
  cells(): Float64Array | null {
    const cells = new Float64Array(CELLS * rowsIn(this.body, this.at));
    let row = 0;
    while (this.at < this.end) {
      if (row > 0 && !this.skip(COMMA)) return null;
      if (!this.readRow(cells, row * CELLS)) return null;
      row += 1;
    }
    return this.at === this.end ? cells.subarray(0, row * CELLS) : null;
  }

  private readRow(cells: Float64Array, first: number): boolean {
    if (!this.skip(OPEN)) return false;
    for (let cell = 0; cell < CELLS; cell += 1) {
      if (!this.readNumber() || !this.skip(COMMA)) return false;
      cells[first + cell] = this.value;
    }
    // Turnover.
    return this.readNumber() && this.skip(CLOSE);
  }

  private skip(code: number): boolean {
    if (this.body.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  /** A quoted number without a sign; false for anything else. */
  private readNumber(): boolean {
    if (!this.skip(QUOTE)) return false;
    const start = this.at;
    const digits = this.digits;
    digits.scan(start);
    const { end, wholeDigits, decimals } = digits;
    this.at = end;
    if (!isLength(wholeDigits) || !(decimals === -1 || isLength(decimals)) || !this.skip(QUOTE)) return false;
    const value = digits.exactValue();
    this.value = Number.isNaN(value) ? Number(this.body.slice(start, end)) : value;
    return true;
  }
}

function isLength(digits: number): boolean {
  return digits > 0 && digits <= DIGITS_MAX;
}

/** At least as many as there are rows from `at` on. */
function rowsIn(body: string, at: number): number {
  let rows = 0;
  for (let found = body.indexOf('[', at); found !== -1; found = body.indexOf('[', found + 1)) rows += 1;
  return rows;
}
