import { endianness } from 'node:os';
import type { CandleColumns } from '../core/domain/candle-file.ts';
import { TIMEFRAMES, timeframeMs } from '../core/domain/timeframe.ts';
import { DerivedFiles } from '../platform/derived-files.ts';
import type { Time } from '../platform/time.ts';

/** Changes with what is written here and with what a candle file is read as. */
const FORMAT = `candles-1-${endianness()}`;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Numbers of a row, and in front of all rows: length, first open, rows, decimals of prices and of volumes. */
const ROW_NUMBERS = 5;
const HEAD_NUMBERS = 5;
const HASH_NUMBERS = 4;

/** A candle file that was read and found sound. */
export interface ReadCandles {
  readonly columns: CandleColumns;
  /** SHA-256 of the unpacked text. */
  readonly sha256: string;
}

/** A folder of candle files that were read before, as columns. */
export function keptCandles(folder: string, time: Pick<Time, 'nowMs'>): DerivedFiles {
  return new DerivedFiles(folder, { format: FORMAT, time });
}

/** A head of numbers, the hash, then one column after the other. */
export function bytesOfCandles({ columns, sha256 }: ReadCandles): Uint8Array {
  const { timeframe, firstOpenMs, count, priceDecimals, volumeDecimals } = columns;
  const rowsFrom = HEAD_NUMBERS + HASH_NUMBERS;
  const numbers = new Float64Array(rowsFrom + ROW_NUMBERS * count);
  const bytes = Buffer.from(numbers.buffer);
  numbers.set([timeframeMs(timeframe), firstOpenMs, count, priceDecimals, volumeDecimals]);
  bytes.write(sha256, HEAD_NUMBERS * NUMBER_BYTES, 'hex');
  const { open, high, low, close, volume } = columns;
  for (const [index, column] of [open, high, low, close, volume].entries()) {
    numbers.set(column, rowsFrom + index * count);
  }
  return bytes;
}

/** The same back, the columns in place; null for bytes of another shape. */
export function candlesOfBytes(bytes: Uint8Array): ReadCandles | null {
  const rowsFrom = HEAD_NUMBERS + HASH_NUMBERS;
  const whole = bytes.length % NUMBER_BYTES === 0 && bytes.byteOffset % NUMBER_BYTES === 0;
  if (!whole || bytes.length < rowsFrom * NUMBER_BYTES) return null;
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / NUMBER_BYTES);
  const [lengthMs, firstOpenMs = 0, count = 0, priceDecimals = 0, volumeDecimals = 0] = numbers;
  const timeframe = TIMEFRAMES.find((candidate) => timeframeMs(candidate) === lengthMs);
  if (timeframe === undefined || numbers.length !== rowsFrom + ROW_NUMBERS * count) return null;
  const column = (index: number): Float64Array =>
    numbers.subarray(rowsFrom + index * count, rowsFrom + (index + 1) * count);
  const [open, high, low, close, volume] = [column(0), column(1), column(2), column(3), column(4)];
  const hash = bytes.subarray(HEAD_NUMBERS * NUMBER_BYTES, rowsFrom * NUMBER_BYTES);
  return {
    columns: {
      timeframe,
      firstOpenMs,
      count,
      ...{ open, high, low, close, volume },
      ...{ priceDecimals, volumeDecimals },
    },
    sha256: Buffer.from(hash).toString('hex'),
  };
}
