import { assert } from '../base/assert.ts';
import { type Candle, candleFault } from './candle.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** Candles kept per series by default: the longest window any rule looks back on, with room. */
export const CANDLES_KEPT_MAX = 1000;

/** Room a series starts with, and has left after a history; it doubles from here. */
const ROOM_START = 64;
/** Dropped candles are squeezed out when they fill this share of the capacity: four moves per append, not two series of memory. */
const SLACK_SHARE = 0.25;

type PriceColumn = 'open' | 'high' | 'low' | 'close' | 'volume';
const COLUMNS: readonly PriceColumn[] = ['open', 'high', 'low', 'close', 'volume'];

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
  private columns: Record<PriceColumn, Float64Array>;
  private start = 0;
  private end = 0;
  /** Views of the columns as they are held now; made when first asked for, gone with the next candle. */
  private views: Record<PriceColumn, Float64Array> | null = null;
  /** NaN while empty: a field that is always a number is changed in place. */
  private newestOpenTimeMs = Number.NaN;

  constructor(timeframe: Timeframe, capacity: number = CANDLES_KEPT_MAX) {
    assert(Number.isInteger(capacity) && capacity >= 1, 'A series keeps at least one candle.');
    this.timeframe = timeframe;
    this.capacity = capacity;
    this.stepMs = timeframeMs(timeframe);
    this.columns = makeColumns(Math.min(ROOM_START, capacity));
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
    return this.columns.close[this.end - 1] ?? null;
  }

  get open(): Float64Array {
    return this.view('open');
  }

  get high(): Float64Array {
    return this.view('high');
  }

  get low(): Float64Array {
    return this.view('low');
  }

  get close(): Float64Array {
    return this.view('close');
  }

  get volume(): Float64Array {
    return this.view('volume');
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
    this.columns = makeColumns(Math.min(this.roomMax, kept.length + ROOM_START));
    for (const candle of kept) this.write(candle);
  }

  /** The candle at `index`, 0 being the oldest held. Stops outside the series. */
  at(index: number): Candle {
    const row = this.start + index;
    return {
      openTimeMs: this.openTimeMsOf(index),
      open: this.cell('open', row),
      high: this.cell('high', row),
      low: this.cell('low', row),
      close: this.cell('close', row),
      volume: this.cell('volume', row),
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

  private view(column: PriceColumn): Float64Array {
    this.views ??= this.makeViews();
    return this.views[column];
  }

  private makeViews(): Record<PriceColumn, Float64Array> {
    const { columns } = this;
    const open = this.held(columns.open);
    const high = this.held(columns.high);
    const low = this.held(columns.low);
    const close = this.held(columns.close);
    return { open, high, low, close, volume: this.held(columns.volume) };
  }

  /** The rows in use; made by the constructor, which costs a third of `subarray`. */
  private held(column: Float64Array): Float64Array {
    return new Float64Array(column.buffer, this.start * Float64Array.BYTES_PER_ELEMENT, this.length);
  }

  private cell(column: PriceColumn, row: number): number {
    const value = this.columns[column][row];
    assert(value !== undefined, 'The row lies in the column.');
    return value;
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
    this.makeRoom();
    const { columns, end } = this;
    columns.open[end] = candle.open;
    columns.high[end] = candle.high;
    columns.low[end] = candle.low;
    columns.close[end] = candle.close;
    columns.volume[end] = candle.volume;
    this.end = end + 1;
    this.views = null;
    if (this.length > this.capacity) this.start += 1;
    this.newestOpenTimeMs = candle.openTimeMs;
  }

  private makeRoom(): void {
    const room = this.columns.close.length;
    if (this.end < room) return;
    if (room <= this.capacity) this.grow(room);
    else this.squeeze();
  }

  private grow(room: number): void {
    const grown = makeColumns(Math.min(this.roomMax, room * 2));
    for (const column of COLUMNS) grown[column].set(this.columns[column].subarray(this.start, this.end));
    this.end = this.length;
    this.start = 0;
    this.columns = grown;
  }

  private squeeze(): void {
    for (const column of COLUMNS) this.columns[column].copyWithin(0, this.start, this.end);
    this.end = this.length;
    this.start = 0;
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

function makeColumns(room: number): Record<PriceColumn, Float64Array> {
  const column = (): Float64Array => new Float64Array(room);
  return { open: column(), high: column(), low: column(), close: column(), volume: column() };
}
