import { assert, ensure } from '../core/base/assert.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Direction } from '../core/domain/order.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type { Trend } from '../core/domain/trend.ts';
import type { SignalKind } from '../core/domain/verdict.ts';
import type { CountedLook } from '../core/engine/blocker-tally.ts';
import type { AccountAtClose, CloseRecord, InstrumentAtClose } from '../core/engine/close-record.ts';
import type { DecisionOutcome } from '../core/engine/decision.ts';
import { PlaceList } from './place-list.ts';

/**
 * Bytes of one instrument in a packed close, little endian. The row of the instrument with number n begins at
 * n x 32; a row of zeros is an instrument that was not known then.
 *
 * ```
 *  0  u8   1 = present, bits 1-2 trend, 3-4 signal, 5-6 position: each a place in its list below
 *  1  u8   outcome: place in the head's `outcomes`
 *  2  u16  blockers: place in the head's `blockers`
 *  4  u16  RSI levels: place in the head's `levels`
 *  6  u16  rank; 0 for none
 *  8  u32  age of the newest candle when it was decided on, ms; the largest number for unknown
 * 12  f32  turnover of 24 hours; NaN for unknown
 * 16  f64  RSI; NaN in warm-up
 * 24  f64  close; NaN without a candle
 * ```
 */
export const INSTRUMENT_BYTES = 32;

const TRENDS: readonly (Trend | null)[] = [null, 'down', 'neutral', 'up'];
const SIGNALS: readonly SignalKind[] = ['wait', 'enter-long', 'enter-short'];
const POSITIONS: readonly (Direction | null)[] = [null, 'long', 'short'];
const AGE_UNKNOWN = 0xff_ff_ff_ff;
const RANK_MAX = 0xff_ff;

/** What the packed rows of a close point into. */
export interface CloseHead {
  readonly account: AccountAtClose;
  readonly outcomes: readonly DecisionOutcome[];
  /** The sets of blockers that occurred. */
  readonly blockers: readonly (readonly string[])[];
  /** Long and short level, RSI points. */
  readonly levels: readonly (readonly [number, number])[];
}

/** A close as it is stored. */
export interface PackedClose {
  readonly headJson: string;
  readonly instruments: Uint8Array;
}

/** Packs a close; `numbers` knows every instrument of it. */
export function packClose(record: CloseRecord, numbers: ReadonlyMap<string, number>): PackedClose {
  const rows = record.instruments.map((instrument) => ({
    instrument,
    number: ensure(numbers.get(instrument.instrumentId), 'Every instrument of a close has its number.'),
  }));
  const places = rows.reduce((most, { number }) => Math.max(most, number + 1), 0);
  const bytes = new Uint8Array(places * INSTRUMENT_BYTES);
  const view = new DataView(bytes.buffer);
  const lists = {
    outcomes: new PlaceList<DecisionOutcome>(0xff),
    blockers: new PlaceList<readonly string[]>(0xff_ff),
    levels: new PlaceList<readonly [number, number]>(0xff_ff),
  };
  for (const { instrument, number } of rows) {
    writeInstrument(view, number * INSTRUMENT_BYTES, instrument, lists);
  }
  const head: CloseHead = {
    account: record.account,
    outcomes: lists.outcomes.values,
    blockers: lists.blockers.values,
    levels: lists.levels.values,
  };
  return { headJson: JSON.stringify(head), instruments: bytes };
}

/** Reads what `packClose` wrote as the head. */
export function parseHead(headJson: string): CloseHead {
  return JSON.parse(headJson) as CloseHead;
}

/** All instruments of a packed close, in the order of their numbers. */
export function unpackClose(
  row: PackedClose & { readonly closeTimeMs: number; readonly timeframe: Timeframe },
  ids: readonly (InstrumentId | undefined)[],
): CloseRecord {
  const head = parseHead(row.headJson);
  const { closeTimeMs, timeframe } = row;
  const instruments: InstrumentAtClose[] = [];
  for (let place = 0; place * INSTRUMENT_BYTES < row.instruments.length; place += 1) {
    const id = ids[place];
    const bytes = row.instruments.subarray(place * INSTRUMENT_BYTES, (place + 1) * INSTRUMENT_BYTES);
    if (id !== undefined && bytes[0] !== 0) instruments.push(unpackInstrument(bytes, head, id));
  }
  return { closeTimeMs, timeframe, account: head.account, instruments };
}

/** One instrument's packed row; stops on one of an instrument that was not known. */
export function unpackInstrument(bytes: Uint8Array, head: CloseHead, id: InstrumentId): InstrumentAtClose {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(0);
  assert(flags !== 0, 'Only the row of a known instrument is unpacked.');
  const [rsiLongMax, rsiShortMin] = at(head.levels, view.getUint16(4, true));
  const age = view.getUint32(8, true);
  const rank = view.getUint16(6, true);
  return {
    instrumentId: id,
    signal: at(SIGNALS, (flags >> 3) & 3),
    outcome: at(head.outcomes, view.getUint8(1)),
    blockers: at(head.blockers, view.getUint16(2, true)),
    trend: at(TRENDS, (flags >> 1) & 3),
    rsi: numberOrNull(view.getFloat64(16, true)),
    close: numberOrNull(view.getFloat64(24, true)),
    rsiLongMax,
    rsiShortMin,
    turnover24h: numberOrNull(view.getFloat32(12, true)),
    dataAgeMs: age === AGE_UNKNOWN ? null : age,
    rank: rank === 0 ? null : rank,
    inPosition: at(POSITIONS, (flags >> 5) & 3),
  };
}

/**
 * What is counted of the rows, of a whole close or of one instrument: every different look once, with how often it
 * occurred. A year has a million rows, and most of a close look alike.
 */
export function looksOf(instruments: Uint8Array, head: CloseHead): readonly CountedLook[] {
  const counts = new Map<number, number>();
  for (let offset = 0; offset < instruments.length; offset += INSTRUMENT_BYTES) {
    const flags = instruments[offset] ?? 0;
    if (flags === 0) continue;
    const set = (instruments[offset + 2] ?? 0) | ((instruments[offset + 3] ?? 0) << 8);
    const key = (set << 10) | ((instruments[offset + 1] ?? 0) << 2) | ((flags >> 3) & 3);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, times]) => ({
    signal: at(SIGNALS, key & 3),
    outcome: at(head.outcomes, (key >> 2) & 0xff),
    blockers: at(head.blockers, key >> 10),
    times,
  }));
}

interface Lists {
  readonly outcomes: PlaceList<DecisionOutcome>;
  readonly blockers: PlaceList<readonly string[]>;
  readonly levels: PlaceList<readonly [number, number]>;
}

function writeInstrument(view: DataView, offset: number, row: InstrumentAtClose, lists: Lists): void {
  const trend = TRENDS.indexOf(row.trend);
  const signal = SIGNALS.indexOf(row.signal);
  const position = POSITIONS.indexOf(row.inPosition);
  view.setUint8(offset, 1 | (trend << 1) | (signal << 3) | (position << 5));
  view.setUint8(offset + 1, lists.outcomes.placeOf(row.outcome));
  view.setUint16(offset + 2, lists.blockers.placeOf(row.blockers), true);
  view.setUint16(offset + 4, lists.levels.placeOf([row.rsiLongMax, row.rsiShortMin]), true);
  view.setUint16(offset + 6, Math.min(row.rank ?? 0, RANK_MAX), true);
  view.setUint32(offset + 8, ageOf(row.dataAgeMs), true);
  view.setFloat32(offset + 12, row.turnover24h ?? Number.NaN, true);
  view.setFloat64(offset + 16, row.rsi ?? Number.NaN, true);
  view.setFloat64(offset + 24, row.close ?? Number.NaN, true);
}

/** A clock may run a little ahead of the exchange's: then the candle is no age old. Seven weeks is the longest told. */
function ageOf(dataAgeMs: number | null): number {
  return dataAgeMs === null ? AGE_UNKNOWN : Math.min(AGE_UNKNOWN - 1, Math.max(0, Math.round(dataAgeMs)));
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function at<T>(list: readonly T[], place: number): T {
  assert(place < list.length, 'A packed row points into its lists.');
  return list[place] as T;
}
