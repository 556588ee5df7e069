import { DigitScan } from '../base/digit-scan.ts';
import { ok, type Result } from '../base/result.ts';
import {
  CANDLE_FILE_HEADER,
  type CandleColumns,
  type CandleFileFault,
  parseCandleFile,
} from './candle-file.ts';
import { TIMEFRAMES, timeframeMs } from './timeframe.ts';

const NEWLINE = 10;
const COMMA = 44;

/** As many as a number of a candle file may have on each side of its point. */
const DIGITS_MAX = 15;
const HEADER = `${CANDLE_FILE_HEADER}\n`;
/** An open time of 13 digits, five numbers of one, their separators: shorter rows are left to the general way. */
const ROW_BYTES_MIN = 24;

/**
 * Reads a candle file from its bytes, UTF-8. The usual file goes from digits straight into columns: a text, fields and
 * an object for each row cost six times as much. Whatever differs from it, sound or not, is read, or its fault
 * named, by `parseCandleFile` from `text`, which is asked for only then.
 */
export function readCandleColumns(
  bytes: Uint8Array,
  text: () => string,
): Result<CandleColumns, CandleFileFault> {
  const scanned = scanCandleFile(bytes);
  return scanned === null ? parseCandleFile(text()) : ok(scanned);
}

/**
 * The columns `parseCandleFile` would give, to the last bit; null for a file that differs in anything from the usual
 * one: plain rows of ascending sound candles in one timeframe, a newline after each but perhaps the last.
 */
export function scanCandleFile(bytes: Uint8Array): CandleColumns | null {
  for (let i = 0; i < HEADER.length; i += 1) if (bytes[i] !== HEADER.charCodeAt(i)) return null;
  return new FileScan(bytes, HEADER.length).columns();
}

/** Reads rows from first to last. A number read is left in fields: given back, each would be an object of its own. */
class FileScan {
  private readonly bytes: Uint8Array;
  private readonly digits: DigitScan;
  private readonly capacity: number;
  private readonly open: Float64Array;
  private readonly high: Float64Array;
  private readonly low: Float64Array;
  private readonly close: Float64Array;
  private readonly volume: Float64Array;
  private at: number;
  private firstOpenMs = 0;
  private lengthMs = 0;
  private value = Number.NaN;
  private decimals = 0;
  private priceDecimals = 0;
  private volumeDecimals = 0;

  constructor(bytes: Uint8Array, at: number) {
    const capacity = Math.ceil((bytes.length - at) / ROW_BYTES_MIN);
    this.bytes = bytes;
    this.digits = new DigitScan((place) => bytes[place] ?? 0);
    this.at = at;
    this.capacity = capacity;
    this.open = new Float64Array(capacity);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.close = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
  }

  columns(): CandleColumns | null {
    const count = this.readRows();
    const { firstOpenMs, lengthMs, priceDecimals, volumeDecimals } = this;
    const timeframe = TIMEFRAMES.find((candidate) => timeframeMs(candidate) === lengthMs);
    if (count < 2 || timeframe === undefined || firstOpenMs % lengthMs !== 0) return null;
    return { timeframe, firstOpenMs, count, ...this.rows(count), priceDecimals, volumeDecimals };
  }

  /** Reads to the end, and gives the number of rows; 0 when one of them is not the usual. */
  private readRows(): number {
    const { length } = this.bytes;
    let row = 0;
    for (; this.at < length; row += 1) {
      if (row >= this.capacity || !this.readOpenTime(row) || !this.readRow(row)) return 0;
    }
    return row;
  }

  private readOpenTime(row: number): boolean {
    if (!this.readNumber(COMMA) || this.decimals !== -1) return false;
    if (row === 0) this.firstOpenMs = this.value;
    else if (row === 1) this.lengthMs = this.value - this.firstOpenMs;
    return this.value === this.firstOpenMs + row * this.lengthMs;
  }

  private rows(count: number): Pick<CandleColumns, 'open' | 'high' | 'low' | 'close' | 'volume'> {
    return {
      open: this.open.slice(0, count),
      high: this.high.slice(0, count),
      low: this.low.slice(0, count),
      close: this.close.slice(0, count),
      volume: this.volume.slice(0, count),
    };
  }

  /** The fields after the open time. False when one is broken or the candle is not sound. */
  private readRow(row: number): boolean {
    if (!this.readPrice(this.open, row) || !this.readPrice(this.high, row)) return false;
    if (!this.readPrice(this.low, row) || !this.readPrice(this.close, row)) return false;
    if (!this.readNumber(NEWLINE)) return false;
    this.volume[row] = this.value;
    if (this.decimals > this.volumeDecimals) this.volumeDecimals = this.decimals;
    return isSound(this.open[row], this.high[row], this.low[row], this.close[row]);
  }

  private readPrice(column: Float64Array, row: number): boolean {
    if (!this.readNumber(COMMA)) return false;
    column[row] = this.value;
    if (this.decimals > this.priceDecimals) this.priceDecimals = this.decimals;
    return true;
  }

  /**
   * A number without a sign and the byte behind it; the last one of a file may end it. `decimals` is -1 where no point
   * stands. False for anything else.
   */
  private readNumber(end: number): boolean {
    const start = this.at;
    const digits = this.digits;
    digits.scan(start);
    const { end: digitsEnd, wholeDigits, decimals } = digits;
    const byte = this.bytes[digitsEnd];
    if (byte !== end && !(byte === undefined && end === NEWLINE)) return false;
    if (wholeDigits < 1 || wholeDigits > DIGITS_MAX || decimals === 0 || decimals > DIGITS_MAX) return false;
    const value = digits.exactValue();
    this.value = Number.isNaN(value) ? Number(textOf(this.bytes, start, digitsEnd)) : value;
    this.decimals = decimals;
    this.at = digitsEnd + 1;
    return true;
  }
}

/** What `candleFault` asks of numbers that have no sign. */
function isSound(open = 0, high = 0, low = 0, close = 0): boolean {
  return low > 0 && high >= open && high >= close && low <= open && low <= close;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
