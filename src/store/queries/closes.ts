import { type Kysely, sql } from 'kysely';
import { assert, ensure } from '../../core/base/assert.ts';
import { type InstrumentId, parseInstrumentId } from '../../core/domain/instrument.ts';
import { parseTimeframe } from '../../core/domain/timeframe.ts';
import type { CloseRecord, JudgedAtClose } from '../../core/engine/close-record.ts';
import { INSTRUMENT_BYTES, packClose, parseHead, unpackClose, unpackInstrument } from '../close-codec.ts';
import type { ClosesKept, InstrumentCloseRow, JudgedCloseRow } from '../close-row.ts';
import type { Numbered, Page, PageRequest } from '../store.ts';
import type { DecisionCloseTable, Tables } from '../tables.ts';
import { packJudged, unpackJudged } from '../verdict-codec.ts';
import { cursorTime, pageOf } from './page.ts';

/** Closes read at once where many are: a few milliseconds, so that the trading loop never waits long. */
export const CLOSES_PER_SLICE = 128;

/** Closes whose verdicts are unpacked at once: a few milliseconds, too. */
export const JUDGED_PER_SLICE = 50;

/** Whole rows, and where the next slice begins; null after the last. */
export interface CloseSlice {
  readonly rows: readonly Pick<DecisionCloseTable, 'headJson' | 'instruments'>[];
  readonly next: CloseAfter | null;
}

/** A place in the order of closes. */
export interface CloseAfter {
  readonly timeMs: number;
  readonly id: number;
}

export function saveClose(db: Kysely<Tables>, record: CloseRecord<JudgedAtClose>): Promise<void> {
  const { closeTimeMs, timeframe } = record;
  return db.transaction().execute(async (step) => {
    const numbers = await numbered(step, record);
    const close = packClose(record, numbers);
    const { id } = await step
      .insertInto('decisionClose')
      .values({ closeTimeMs, timeframe, ...close })
      .onConflict((conflict) => conflict.columns(['closeTimeMs', 'timeframe']).doUpdateSet(close))
      .returning('id')
      .executeTakeFirstOrThrow();
    const packed = packJudged(record.instruments, numbers);
    await step
      .insertInto('closeVerdicts')
      .values({ closeId: id, packed })
      .onConflict((conflict) => conflict.column('closeId').doUpdateSet({ packed }))
      .execute();
  });
}

/** Newest first; those that ended at `closeTimeMs` or before where that is given. */
export async function newestCloses(
  db: Kysely<Tables>,
  limit: number,
  closeTimeMs: number | null,
): Promise<readonly CloseRecord[]> {
  let query = db
    .selectFrom('decisionClose')
    .selectAll()
    .orderBy('closeTimeMs', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (closeTimeMs !== null) query = query.where('closeTimeMs', '<=', closeTimeMs);
  const rows = await query.execute();
  const ids = await idsByNumber(db);
  return rows.map((row) => unpackClose({ ...row, timeframe: timeframeOf(row.timeframe) }, ids));
}

/** One instrument's row of every close it was known at, newest first. */
export async function instrumentCloses(
  db: Kysely<Tables>,
  instrumentId: InstrumentId,
  page: PageRequest,
): Promise<Page<InstrumentCloseRow>> {
  const { rows, nextCursor } = await numberedCloses(db, instrumentId, page);
  return { rows: rows.map(({ id: _id, ...row }) => row), nextCursor };
}

/** The same, each with the number of its close. */
export async function numberedCloses(
  db: Kysely<Tables>,
  instrumentId: InstrumentId,
  page: PageRequest,
): Promise<Page<InstrumentCloseRow & Numbered>> {
  const number = await numberOf(db, instrumentId);
  const before = cursorTime(page.cursor);
  if (number === null) return { rows: [], nextCursor: null };
  let query = db
    .selectFrom('decisionClose')
    .select(['id', 'closeTimeMs', 'timeframe', 'headJson', rowOf(number).as('instruments')])
    .where(isPresent(number))
    .orderBy('closeTimeMs', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (before !== null) {
    query = query.where((row) =>
      row(row.refTuple('closeTimeMs', 'id'), '<', row.tuple(before.timeMs, before.id)),
    );
  }
  const { rows, nextCursor } = pageOf(await query.execute(), page.limit, (last) => cursorOf(last));
  const unpacked = rows.map((row) => ({
    id: row.id,
    closeTimeMs: row.closeTimeMs,
    timeframe: timeframeOf(row.timeframe),
    ...unpackInstrument(row.instruments, parseHead(row.headJson), instrumentId),
  }));
  return { rows: unpacked, nextCursor };
}

/** Rows of `numberedCloses` with what the instrument was judged by. */
export async function judgedCloses(
  db: Kysely<Tables>,
  instrumentId: InstrumentId,
  rows: readonly (InstrumentCloseRow & Numbered)[],
): Promise<readonly JudgedCloseRow[]> {
  const number = await numberOf(db, instrumentId);
  if (number === null || rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const kept = await db.selectFrom('closeVerdicts').selectAll().where('closeId', 'in', ids).execute();
  const packed = new Map(kept.map((row) => [row.closeId, row.packed]));
  return rows.map((row) => judgedRow(row, packed.get(row.id), number));
}

function judgedRow(
  { id, ...row }: InstrumentCloseRow & Numbered,
  packed: Uint8Array | undefined,
  number: number,
): JudgedCloseRow {
  return { ...row, judged: packed === undefined ? null : unpackJudged(packed, number, row.instrumentId) };
}

/** The next closes from `fromMs` on, oldest first, after the given place: of one instrument's number, or of all. */
export async function closeSlice(
  db: Kysely<Tables>,
  { fromMs, number, after }: { fromMs: number; number: number | null; after: CloseAfter | null },
): Promise<CloseSlice> {
  let query = db
    .selectFrom('decisionClose')
    .select(['id', 'closeTimeMs', 'headJson'])
    .select((number === null ? sql<Uint8Array>`"instruments"` : rowOf(number)).as('instruments'))
    .where('closeTimeMs', '>=', fromMs)
    .orderBy('closeTimeMs')
    .orderBy('id')
    .limit(CLOSES_PER_SLICE);
  if (number !== null) query = query.where(isPresent(number));
  if (after !== null) {
    query = query.where((row) =>
      row(row.refTuple('closeTimeMs', 'id'), '>', row.tuple(after.timeMs, after.id)),
    );
  }
  const rows = await query.execute();
  const last = rows.length < CLOSES_PER_SLICE ? undefined : rows.at(-1);
  return { rows, next: last === undefined ? null : { timeMs: last.closeTimeMs, id: last.id } };
}

/** The number an instrument is packed under; null for one that was never at a close. */
export async function numberOf(db: Kysely<Tables>, instrumentId: string): Promise<number | null> {
  const row = await db
    .selectFrom('instrumentNumber')
    .select('number')
    .where('instrumentId', '=', instrumentId)
    .executeTakeFirst();
  return row?.number ?? null;
}

/** Deletes what is not to be kept, at most a slice of it. Gives how many closes and how many verdicts of one went. */
export async function pruneCloses(
  db: Kysely<Tables>,
  { beforeMs, rowsMax, judgedMax }: ClosesKept,
): Promise<{ readonly closes: number; readonly judged: number }> {
  const { count } = await db
    .selectFrom('decisionClose')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const surplus = Math.max(0, count - rowsMax);
  const old = await db
    .selectFrom('decisionClose')
    .select(['id', 'closeTimeMs'])
    .orderBy('closeTimeMs')
    .orderBy('id')
    .limit(CLOSES_PER_SLICE)
    .execute();
  const ids = old.filter((row, place) => place < surplus || row.closeTimeMs < beforeMs).map(({ id }) => id);
  const judged = (await surplusVerdicts(db, judgedMax)).concat(ids);
  if (judged.length > 0) await db.deleteFrom('closeVerdicts').where('closeId', 'in', judged).execute();
  if (ids.length > 0) await db.deleteFrom('decisionClose').where('id', 'in', ids).execute();
  return { closes: ids.length, judged: judged.length };
}

/** Closes whose verdicts are beyond those to be kept; at most a slice of them, oldest first. */
async function surplusVerdicts(db: Kysely<Tables>, judgedMax: number): Promise<number[]> {
  const { count } = await db
    .selectFrom('closeVerdicts')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const surplus = Math.min(CLOSES_PER_SLICE, Math.max(0, count - judgedMax));
  if (surplus === 0) return [];
  const oldest = await db
    .selectFrom('closeVerdicts')
    .select('closeId')
    .orderBy('closeId')
    .limit(surplus)
    .execute();
  return oldest.map(({ closeId }) => closeId);
}

/** Numbers of all instruments known; those of the record that have none are given one. */
async function numbered(db: Kysely<Tables>, record: CloseRecord): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('instrumentNumber').selectAll().execute();
  const numbers = new Map(rows.map(({ instrumentId, number }) => [instrumentId, number]));
  let next = rows.reduce((most, { number }) => Math.max(most, number + 1), 0);
  for (const { instrumentId } of record.instruments) {
    if (numbers.has(instrumentId)) continue;
    await db.insertInto('instrumentNumber').values({ number: next, instrumentId }).execute();
    numbers.set(instrumentId, next);
    next += 1;
  }
  return numbers;
}

async function idsByNumber(db: Kysely<Tables>): Promise<readonly (InstrumentId | undefined)[]> {
  const ids: (InstrumentId | undefined)[] = [];
  for (const { number, instrumentId } of await db.selectFrom('instrumentNumber').selectAll().execute()) {
    ids[number] = ensure(parseInstrumentId(instrumentId), 'A numbered instrument has a name of ours.');
  }
  return ids;
}

function rowOf(number: number) {
  return sql<Uint8Array>`substr("instruments", ${number * INSTRUMENT_BYTES + 1}, ${INSTRUMENT_BYTES})`;
}

/** A row of zeros, or none at all, sorts before or at a zero byte. */
function isPresent(number: number) {
  return sql<boolean>`substr("instruments", ${number * INSTRUMENT_BYTES + 1}, 1) > x'00'`;
}

function cursorOf({ closeTimeMs, id }: { readonly closeTimeMs: number; readonly id: number }): string {
  return `${String(closeTimeMs)}-${String(id)}`;
}

function timeframeOf(text: string) {
  const timeframe = parseTimeframe(text);
  assert(timeframe !== null, 'A close is stored with a timeframe of ours.');
  return timeframe;
}
