import { assert } from '../base/assert.ts';
import { type Candle, candleFault } from './candle.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** Candles kept per series by default: the longest window any rule looks back on, with room. */
export const CANDLES_KEPT_MAX = 1000;

/** Room a series starts with, and has left after a history; it doubles from here. */
const ROOM_START = 64;
/** Dropped candles are squeezed out when they fill this share of the capacity: four moves per append, not two series of memory. */
const SLACK_SHARE = 0.25;

/** Prices and volumes of recorded candles, row by row. */
export type PriceColumns = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', Float64Array>>;

/** The columns, in the order in which they lie behind one another. */
const OPEN = 0;
const HIGH = 1;
const LOW = 2;
const CLOSE = 3;
const VOLUME = 4;
const COLUMN_COUNT = 5;
const NO_CELLS = new Float64Array(0);

/**
 * The closed candles of one instrument and timeframe, oldest first, without gaps, as columns of numbers.
 * Prices in quote currency, volume in base units, times in ms UTC. Holds the newest `capacity` candles.
 * The open times are not stored: they follow from the last one because the series has no gaps.
 *
 * The columns (`open` ... `volume`) are views without a copy: they hold until the next `append` or
 * `replace`; never keep or write one.
 */
export class CandleSeries {
  readonly timeframe: Timeframe;
  readonly capacity: number;
  private readonly stepMs: number;
  /** All columns, `room` rows each: one piece of memory is reached in half the time of five. */
  private cells: Float64Array;
  /** Rows of a column that may be written; 0 while the columns are lent. */
  private room: number;
  /** The columns of another that the rows lie in, in the same order; null while they are its own. */
  private lent: readonly Float64Array[] | null = null;
  /** True while another reads the rows held now: they are not moved. */
  private isShared = false;
  private start = 0;
  private end = 0;
  /** Views of the columns asked for since the newest candle, by column; null before the first. */
  private views: (Float64Array | undefined)[] | null = null;
  /** NaN while empty: a field that is always a number is changed in place. */
  private newestOpenTimeMs = Number.NaN;

  constructor(timeframe: Timeframe, capacity: number = CANDLES_KEPT_MAX) {
    assert(Number.isInteger(capacity) && capacity >= 1, 'A series keeps at least one candle.');
    this.timeframe = timeframe;
    this.capacity = capacity;
    this.stepMs = timeframeMs(timeframe);
    this.room = Math.min(ROOM_START, capacity);
    this.cells = new Float64Array(COLUMN_COUNT * this.room);
  }

  /** How many candles are held. */
  get length(): number {
    return this.end - this.start;
  }

  get firstOpenTimeMs(): number | null {
    return this.length === 0 ? null : this.openTimeMsOf(0);
  }

  get lastOpenTimeMs(): number | null {
    return Number.isNaN(this.newestOpenTimeMs) ? null : this.newestOpenTimeMs;
  }

  /** Close of the newest candle; null while empty. */
  get lastClose(): number | null {
    return this.length === 0 ? null : this.closeAt(this.length - 1);
  }

  get open(): Float64Array {
    return this.view(OPEN);
  }

  get high(): Float64Array {
    return this.view(HIGH);
  }

  get low(): Float64Array {
    return this.view(LOW);
  }

  get close(): Float64Array {
    return this.view(CLOSE);
  }

  get volume(): Float64Array {
    return this.view(VOLUME);
  }

  /** One cell of a column, for a look at a few rows: a view costs as much as dozens. NaN outside the series. */
  openAt(index: number): number {
    return this.cell(OPEN, index);
  }

  closeAt(index: number): number {
    return this.cell(CLOSE, index);
  }

  volumeAt(index: number): number {
    return this.cell(VOLUME, index);
  }

  /** Adds the candle that follows the newest one. Stops on a faulty candle, a gap, or a step back. */
  append(candle: Candle): void {
    if (!this.take(candle)) assertFollows(candle, this.newestOpenTimeMs, this.timeframe);
  }

  /** The same; false, and nothing has changed, instead of stopping. */
  take(candle: Candle): boolean {
    if (!follows(candle, this.newestOpenTimeMs, this.stepMs) || candleFault(candle) !== null) return false;
    this.write(candle);
    return true;
  }

  /** Forgets everything and takes `candles` (oldest first, gap-free); the newest `capacity` of them stay. */
  replace(candles: readonly Candle[]): void {
    let previousOpenTimeMs = Number.NaN;
    for (const candle of candles) {
      assertFollows(candle, previousOpenTimeMs, this.timeframe);
      previousOpenTimeMs = candle.openTimeMs;
    }
    const kept = candles.slice(-this.capacity);
    this.start = 0;
    this.end = 0;
    this.newestOpenTimeMs = Number.NaN;
    this.views = null;
    this.room = Math.min(this.roomMax, kept.length + ROOM_START);
    this.cells = new Float64Array(COLUMN_COUNT * this.room);
    this.lent = null;
    this.isShared = false;
    for (const candle of kept) this.write(candle);
  }

  /** What is held now, without a copy: a series that stays as it is whatever this one takes after. */
  shared(): CandleSeries {
    const series = new CandleSeries(this.timeframe, this.capacity);
    if (this.length === 0) return series;
    series.borrow(this, { first: 0, end: this.length, newestOpenTimeMs: this.newestOpenTimeMs });
    this.isShared = true;
    return series;
  }

  /**
   * Holds the rows `first` to before `end` of recorded columns, the newest `capacity` of them, without a copy and in
   * place of what is held; the last opens at `newestOpenTimeMs`. They are sound, and never written to: the next candle
   * that is appended copies them.
   */
  borrow(
    columns: PriceColumns,
    rows: { readonly first: number; readonly end: number; readonly newestOpenTimeMs: number },
  ): void {
    const { first, end, newestOpenTimeMs } = rows;
    assert(first >= 0 && first < end && end <= columns.close.length, 'The rows lie in the columns.');
    this.lent = [columns.open, columns.high, columns.low, columns.close, columns.volume];
    this.cells = NO_CELLS;
    this.room = 0;
    this.start = Math.max(first, end - this.capacity);
    this.end = end;
    this.views = null;
    this.newestOpenTimeMs = newestOpenTimeMs;
  }

  /** The candle at `index`, 0 being the oldest held. Stops outside the series. */
  at(index: number): Candle {
    return {
      openTimeMs: this.openTimeMsOf(index),
      open: this.cell(OPEN, index),
      high: this.cell(HIGH, index),
      low: this.cell(LOW, index),
      close: this.cell(CLOSE, index),
      volume: this.cell(VOLUME, index),
    };
  }

  /** The newest `countMax` candles, oldest first; all by default. A copy. */
  toCandles(countMax: number = this.length): Candle[] {
    const count = Math.min(countMax, this.length);
    return Array.from({ length: count }, (_, index) => this.at(this.length - count + index));
  }

  private get roomMax(): number {
    return this.capacity + Math.max(1, Math.floor(this.capacity * SLACK_SHARE));
  }

  /** The rows in use; made by the constructor, which costs a third of `subarray`. */
  private view(column: number): Float64Array {
    this.views ??= new Array<Float64Array | undefined>(COLUMN_COUNT);
    const known = this.views[column];
    if (known !== undefined) return known;
    const { cells, lent, room, start } = this;
    const source = lent?.[column] ?? cells;
    const offset = source.byteOffset + (column * room + start) * Float64Array.BYTES_PER_ELEMENT;
    const view = new Float64Array(source.buffer, offset, this.length);
    this.views[column] = view;
    return view;
  }

  private cell(column: number, index: number): number {
    if (!(index >= 0 && index < this.length)) return Number.NaN;
    const { cells, lent, room, start } = this;
    return (lent?.[column] ?? cells)[column * room + start + index] ?? Number.NaN;
  }

  private openTimeMsOf(index: number): number {
    const newest = this.newestOpenTimeMs;
    assert(
      Number.isInteger(index) && index >= 0 && index < this.length,
      `Candle ${index} lies outside a series of ${this.length}.`,
    );
    return newest - (this.length - 1 - index) * this.stepMs;
  }

  private write(candle: Candle): void {
    if (this.end >= this.room) this.makeRoom();
    const { cells, room, end } = this;
    cells[end] = candle.open;
    cells[HIGH * room + end] = candle.high;
    cells[LOW * room + end] = candle.low;
    cells[CLOSE * room + end] = candle.close;
    cells[VOLUME * room + end] = candle.volume;
    this.end = end + 1;
    this.views = null;
    if (this.length > this.capacity) this.start += 1;
    this.newestOpenTimeMs = candle.openTimeMs;
  }

  /** More rows while the series still grows, then those of the dropped candles. Lent columns are copied. */
  private makeRoom(): void {
    const { room, start, end } = this;
    const isKept = room > this.capacity && !this.isShared;
    const held = isKept ? this.cells : new Float64Array(COLUMN_COUNT * this.roomAfter(room));
    this.isShared = false;
    const wider = held.length / COLUMN_COUNT;
    for (let column = 0; column < COLUMN_COUNT; column += 1) {
      const source = this.lent?.[column] ?? this.cells;
      held.set(source.subarray(column * room + start, column * room + end), column * wider);
    }
    this.cells = held;
    this.lent = null;
    this.room = wider;
    this.end = end - start;
    this.start = 0;
  }

  private roomAfter(room: number): number {
    return Math.min(this.roomMax, room === 0 ? this.length + ROOM_START : room * 2);
  }
}

/** True when a candle's time is the one after `newestOpenTimeMs`, or, with NaN, any open time of its length. */
function follows(candle: Candle, newestOpenTimeMs: number, stepMs: number): boolean {
  const { openTimeMs } = candle;
  if (!Number.isNaN(newestOpenTimeMs)) return openTimeMs === newestOpenTimeMs + stepMs;
  return Number.isSafeInteger(openTimeMs) && openTimeMs % stepMs === 0;
}

function assertFollows(candle: Candle, newestOpenTimeMs: number, timeframe: Timeframe): void {
  const fault = candleFault(candle);
  if (fault !== null) assert(false, `The candle at ${candle.openTimeMs} is unsound: ${fault}.`);
  if (!follows(candle, newestOpenTimeMs, timeframeMs(timeframe)))
    assert(false, `The ${timeframe} candle at ${candle.openTimeMs} does not follow ${newestOpenTimeMs}.`);
}
