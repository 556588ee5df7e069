import { type Err, err, ok, type Result } from '../base/result.ts';
import { type Candle, candleFault } from './candle.ts';
import { TIMEFRAMES, type Timeframe, timeframeMs } from './timeframe.ts';

/** The first line of every candle file: open time in ms UTC, prices in quote currency, volume in base units. */
export const CANDLE_FILE_HEADER = 'openTime,open,high,low,close,volume';

/** Recorded candles by column: row `i` opens at `firstOpenMs + i x the timeframe's length`. */
export interface CandleColumns {
  readonly timeframe: Timeframe;
  readonly firstOpenMs: number;
  readonly count: number;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Most decimals any price or volume is written with: what the grid of prices and quantities follows from. */
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
}

/** `line` counts from 1, the header being line 1. */
export interface CandleFileFault {
  readonly kind:
    | 'wrong-header'
    | 'too-few-rows'
    | 'broken-row'
    | 'unsorted'
    | 'duplicate'
    | 'gap'
    | 'timeframe';
  readonly line: number;
  /** What is wrong, for a person. */
  readonly detail: string;
}

interface Row {
  readonly candle: Candle;
  /** As written: the decimals tell the grid. */
  readonly prices: readonly string[];
  readonly volume: string;
}

const PLAIN_NUMBER = /^\d{1,15}(\.\d{1,15})?$/;
const COLUMN_COUNT = 6;

/**
 * Reads a candle file: the header, then ascending rows without a hole in one timeframe, two at least. The
 * first fault ends it: candles with a hole or a doubt in them are worth less than none.
 */
export function parseCandleFile(text: string): Result<CandleColumns, CandleFileFault> {
  const lines = text.split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  if (lines[0]?.trim() !== CANDLE_FILE_HEADER) {
    return fault('wrong-header', 1, `the first line must be "${CANDLE_FILE_HEADER}"`);
  }
  const timeframe = timeframeOf(lines);
  if (!timeframe.ok) return timeframe;
  return parseRows(lines, timeframe.value);
}

function parseRows(lines: readonly string[], timeframe: Timeframe): Result<CandleColumns, CandleFileFault> {
  const count = lines.length - 1;
  const column = (): Float64Array => new Float64Array(count);
  const columns = { open: column(), high: column(), low: column(), close: column(), volume: column() };
  const lengthMs = timeframeMs(timeframe);
  let [firstOpenMs, priceDecimals, volumeDecimals] = [0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const parsed = parseRow(lines[i + 1] ?? '', i + 2);
    if (!parsed.ok) return parsed;
    const { candle, prices, volume } = parsed.value;
    if (i === 0) firstOpenMs = candle.openTimeMs;
    const misplaced = placeFault(candle.openTimeMs, firstOpenMs + i * lengthMs, { line: i + 2, lengthMs });
    if (misplaced !== null) return err(misplaced);
    columns.open[i] = candle.open;
    columns.high[i] = candle.high;
    columns.low[i] = candle.low;
    columns.close[i] = candle.close;
    columns.volume[i] = candle.volume;
    priceDecimals = prices.reduce((most, price) => Math.max(most, decimalsOf(price)), priceDecimals);
    volumeDecimals = Math.max(volumeDecimals, decimalsOf(volume));
  }
  return ok({ timeframe, firstOpenMs, count, ...columns, priceDecimals, volumeDecimals });
}

/** The timeframe the first two rows are apart by. */
function timeframeOf(lines: readonly string[]): Result<Timeframe, CandleFileFault> {
  if (lines.length < 3)
    return fault('too-few-rows', lines.length, 'two rows are needed to know the timeframe');
  const first = parseRow(lines[1] ?? '', 2);
  if (!first.ok) return first;
  const second = parseRow(lines[2] ?? '', 3);
  if (!second.ok) return second;
  const apartMs = second.value.candle.openTimeMs - first.value.candle.openTimeMs;
  if (apartMs === 0) return fault('duplicate', 3, 'the open time of the row before comes again');
  if (apartMs < 0) return fault('unsorted', 3, 'the row opens before the row above it');
  const timeframe = TIMEFRAMES.find((candidate) => timeframeMs(candidate) === apartMs);
  if (timeframe === undefined) {
    return fault('timeframe', 3, `the first two rows are ${apartMs} ms apart, which is no timeframe`);
  }
  if (first.value.candle.openTimeMs % apartMs !== 0) {
    return fault('timeframe', 2, `the first row does not open on a full ${timeframe}`);
  }
  return ok(timeframe);
}

function parseRow(text: string, line: number): Result<Row, CandleFileFault> {
  const fields = text.trimEnd().split(',');
  if (fields.length !== COLUMN_COUNT) {
    return fault('broken-row', line, `${COLUMN_COUNT} fields are needed, ${fields.length} are there`);
  }
  const wrong = fields.find((field) => !PLAIN_NUMBER.test(field));
  if (wrong !== undefined) return fault('broken-row', line, `"${wrong.slice(0, 40)}" is no plain number`);
  const [openTimeMs = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = fields.map(Number);
  if (!Number.isInteger(openTimeMs)) return fault('broken-row', line, 'the open time is no whole number');
  const candle = { openTimeMs, open, high, low, close, volume };
  const unsound = candleFault(candle);
  if (unsound !== null) return fault('broken-row', line, `the candle is not sound: ${unsound}`);
  return ok({ candle, prices: fields.slice(1, 5), volume: fields[5] ?? '' });
}

interface Place {
  readonly line: number;
  readonly lengthMs: number;
}

function placeFault(
  openTimeMs: number,
  expectedMs: number,
  { line, lengthMs }: Place,
): CandleFileFault | null {
  if (openTimeMs === expectedMs) return null;
  if (openTimeMs === expectedMs - lengthMs) {
    return { kind: 'duplicate', line, detail: 'the open time of the row before comes again' };
  }
  if (openTimeMs < expectedMs - lengthMs) {
    return { kind: 'unsorted', line, detail: 'the row opens before the row above it' };
  }
  if (openTimeMs % lengthMs !== expectedMs % lengthMs) {
    const detail = `the row does not open a whole number of ${lengthMs} ms after the one above it, as far apart as the first two rows are`;
    return { kind: 'timeframe', line, detail };
  }
  const missing = (openTimeMs - expectedMs) / lengthMs;
  return { kind: 'gap', line, detail: `${missing} candles are missing before this row` };
}

function decimalsOf(field: string): number {
  const point = field.indexOf('.');
  return point === -1 ? 0 : field.length - point - 1;
}

function fault(kind: CandleFileFault['kind'], line: number, detail: string): Err<CandleFileFault> {
  return err({ kind, line, detail });
}
