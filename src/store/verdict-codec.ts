import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { assert, ensure } from '../core/base/assert.ts';
import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Direction } from '../core/domain/order.ts';
import type { Verdict } from '../core/domain/verdict.ts';
import type { Judged, JudgedAtClose } from '../core/engine/close-record.ts';
import type { IndicatorsAtClose } from '../core/engine/indicators-at-close.ts';
import { NumberColumns, packNumbers } from './number-column.ts';
import {
  joinVerdict,
  ownsMargin,
  ShapeList,
  type VerdictNumbers,
  type VerdictShape,
} from './verdict-shape.ts';

/**
 * All verdicts of a close, column by column: who reads one instrument unpacks the chunk it is in, not the close.
 *
 * ```
 * u32 bytes of the head; the head, deflated JSON; the chunks, each deflated: 128 instruments by their numbers.
 * A chunk:  u8 x rows          direction: 0 absent, else 1 + its place in its list
 *           u16 x rows         for each verdict of the chain: 1 + place of its shape in the head; 0 none
 *                              (all low bytes, then all high ones)
 *           number column      for each indicator (`number-column.ts`)
 *           3 number columns   for each verdict: value, threshold, margin
 * ```
 */
const CHUNK_ROWS = 128;
const HEAD_AT = 4;

const DIRECTIONS: readonly (Direction | null)[] = [null, 'long', 'short'];
const INDICATORS = [
  'emaShort',
  'emaLong',
  'trendChangePct',
  'trendRisePct',
  'trendFallPct',
  'atrPct',
  'volatilityRate',
] as const satisfies readonly (keyof IndicatorsAtClose)[];

interface VerdictHead {
  readonly shapes: readonly VerdictShape[];
  /** Verdicts of one instrument, at most. */
  readonly verdicts: number;
  readonly indicators: readonly string[];
  /** Bytes of each chunk. */
  readonly chunks: readonly number[];
}

/** Packs what every instrument was judged by; `numbers` knows every instrument of the close. */
export function packJudged(
  instruments: readonly JudgedAtClose[],
  numbers: ReadonlyMap<string, number>,
): Uint8Array {
  const chunked: (JudgedAtClose | undefined)[][] = [];
  for (const instrument of instruments) {
    const number = ensure(
      numbers.get(instrument.instrumentId),
      'Every instrument of a close has its number.',
    );
    const chunk = Math.floor(number / CHUNK_ROWS);
    while (chunked.length <= chunk) chunked.push(Array.from({ length: CHUNK_ROWS }, () => undefined));
    const rows = ensure(chunked[chunk], 'The chunk was added.');
    rows[number % CHUNK_ROWS] = instrument;
  }
  const shapes = new ShapeList();
  const verdicts = instruments.reduce((most, { judged }) => Math.max(most, judged.verdicts.length), 0);
  const chunks = chunked.map((rows) => deflateRawSync(packChunk(rows, verdicts, shapes)));
  const head: VerdictHead = {
    shapes: shapes.values,
    verdicts,
    indicators: INDICATORS,
    chunks: chunks.map(({ length }) => length),
  };
  const headBytes = deflateRawSync(JSON.stringify(head));
  const length = Buffer.alloc(HEAD_AT);
  length.writeUInt32LE(headBytes.length);
  return new Uint8Array(Buffer.concat([length, headBytes, ...chunks]));
}

/** What the instrument of that number was judged by; null when it was not at the close. */
export function unpackJudged(packed: Uint8Array, number: number, id: InstrumentId): Judged | null {
  const headLength = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const head = parseHead(inflateRawSync(packed.subarray(HEAD_AT, HEAD_AT + headLength)).toString());
  const place = Math.floor(number / CHUNK_ROWS);
  const length = head.chunks[place];
  if (length === undefined) return null;
  let from = HEAD_AT + headLength;
  for (const before of head.chunks.slice(0, place)) from += before;
  const chunk = inflateRawSync(packed.subarray(from, from + length));
  return unpackRow(chunk, head, { row: number % CHUNK_ROWS, id });
}

function parseHead(text: string): VerdictHead {
  return JSON.parse(text) as VerdictHead;
}

type Rows = readonly (JudgedAtClose | undefined)[];

function packChunk(rows: Rows, verdicts: number, shapes: ShapeList): Uint8Array {
  const directions = Uint8Array.from(rows, (row) =>
    row === undefined ? 0 : 1 + DIRECTIONS.indexOf(row.judged.direction),
  );
  const indicators = INDICATORS.map((name) =>
    packNumbers(Float64Array.from(rows, (row) => row?.judged.indicators[name] ?? Number.NaN)),
  );
  const places: Uint8Array[] = [];
  const columns: Uint8Array[] = [];
  for (let at = 0; at < verdicts; at += 1) {
    const column = new VerdictColumn();
    for (const [row, instrument] of rows.entries()) column.take(row, instrument, { at, shapes });
    places.push(column.places);
    columns.push(packNumbers(column.values), packNumbers(column.thresholds), packNumbers(column.margins));
  }
  return Buffer.concat([directions, ...places, ...indicators, ...columns]);
}

/** The verdicts of one filter, row by row. */
class VerdictColumn {
  /** All low bytes, then all high ones. */
  readonly places = new Uint8Array(2 * CHUNK_ROWS);
  readonly values = noNumbers();
  readonly thresholds = noNumbers();
  readonly margins = noNumbers();

  take(
    row: number,
    instrument: JudgedAtClose | undefined,
    { at, shapes }: { readonly at: number; readonly shapes: ShapeList },
  ): void {
    const verdict = instrument?.judged.verdicts[at];
    if (instrument === undefined || verdict === undefined) return;
    const place = shapes.placeOf(verdict, instrument.instrumentId);
    this.places[row] = (1 + place) & 0xff;
    this.places[CHUNK_ROWS + row] = (1 + place) >> 8;
    const { value, threshold, margin } = verdict;
    if (typeof value === 'number') this.values[row] = value;
    if (typeof threshold === 'number') this.thresholds[row] = threshold;
    if (margin !== null && ownsMargin(shapes.values[place])) this.margins[row] = margin;
  }
}

function noNumbers(): Float64Array {
  return new Float64Array(CHUNK_ROWS).fill(Number.NaN);
}

function unpackRow(
  chunk: Uint8Array,
  { shapes, verdicts, indicators }: VerdictHead,
  { row, id }: { readonly row: number; readonly id: InstrumentId },
): Judged | null {
  const direction = chunk[row] ?? 0;
  if (direction === 0) return null;
  const offset = CHUNK_ROWS * (1 + 2 * verdicts);
  const numbers = new NumberColumns(chunk, { rows: CHUNK_ROWS, offset });
  const read = new Map(indicators.map((name) => [name, numbers.next(row)]));
  const found: Verdict[] = [];
  for (let at = 0; at < verdicts; at += 1) {
    const parts: VerdictNumbers = {
      value: numbers.next(row),
      threshold: numbers.next(row),
      margin: numbers.next(row),
    };
    const place = placeAt(chunk, CHUNK_ROWS * (1 + 2 * at) + row);
    if (place === 0) continue;
    found.push(joinVerdict(ensure(shapes[place - 1], 'A packed verdict has its shape.'), parts, id));
  }
  assert(direction <= DIRECTIONS.length, 'A packed direction is one of the list.');
  return { direction: DIRECTIONS[direction - 1] ?? null, indicators: indicatorsFrom(read), verdicts: found };
}

function placeAt(chunk: Uint8Array, at: number): number {
  return (chunk[at] ?? 0) | ((chunk[at + CHUNK_ROWS] ?? 0) << 8);
}

/** One that was not kept yet is not known. */
function indicatorsFrom(read: ReadonlyMap<string, number | null>): IndicatorsAtClose {
  return {
    emaShort: read.get('emaShort') ?? null,
    emaLong: read.get('emaLong') ?? null,
    trendChangePct: read.get('trendChangePct') ?? null,
    trendRisePct: read.get('trendRisePct') ?? null,
    trendFallPct: read.get('trendFallPct') ?? null,
    atrPct: read.get('atrPct') ?? null,
    volatilityRate: read.get('volatilityRate') ?? null,
  };
}
