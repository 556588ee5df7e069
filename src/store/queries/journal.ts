import type { Kysely } from 'kysely';
import type { DecisionPage, DecisionRow, EventRow, Numbered, Page, PageRequest } from '../store.ts';
import type { Tables } from '../tables.ts';
import { unpackRows } from './packing.ts';
import { cursorId, pageOf } from './page.ts';

/** Rows of one statement: below the database's limit of 32,766 parameters. */
const ROWS_PER_STATEMENT = 100;
/** Rows deleted in one commit: a few milliseconds, so that an order never waits long for a prune. */
export const ROWS_PER_PRUNE = 1_000;

/** Where decisions are, the whole ones and the packed ones. */
export const DECISION_TABLES = ['decision', 'packedDecision'] as const;
type DecisionTable = (typeof DECISION_TABLES)[number];
/** What grows old. */
export type PrunedTable = DecisionTable | 'event';
type EventPage = PageRequest & { readonly instrumentId?: string };

export function addEvents(db: Kysely<Tables>, events: readonly EventRow[]): Promise<void> {
  return db.transaction().execute(async (step) => {
    for (const rows of chunks(events)) await step.insertInto('event').values(rows).execute();
  });
}

export function addDecisions(db: Kysely<Tables>, records: readonly DecisionRow[]): Promise<void> {
  return db.transaction().execute(async (step) => {
    for (const rows of chunks(records)) await step.insertInto('decision').values(rows).execute();
  });
}

/** Newest first. */
export async function listEvents(db: Kysely<Tables>, page: EventPage): Promise<Page<EventRow & Numbered>> {
  const before = cursorId(page.cursor);
  let query = db
    .selectFrom('event')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (before !== null) query = query.where('id', '<', before);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  return pageOf(await query.execute(), page.limit, (last) => String(last.id));
}

/** Newest first: those that are still whole, then the packed ones, whose ids are all lower. */
export async function listDecisions(
  db: Kysely<Tables>,
  page: DecisionPage,
): Promise<Page<DecisionRow & Numbered>> {
  const wanted = page.limit + 1;
  const before = cursorId(page.cursor) ?? Number.MAX_SAFE_INTEGER;
  const { instrumentId, outcome } = page;
  const asked = {
    ...(instrumentId === undefined ? {} : { instrumentId }),
    ...(outcome === undefined ? {} : { outcome }),
  };
  const rows: (DecisionRow & Numbered)[] = await db
    .selectFrom('decision')
    .selectAll()
    .where((row) => row.and(asked))
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(wanted)
    .execute();
  const rest = wanted - rows.length;
  if (rest > 0) {
    const packed = await db
      .selectFrom('packedDecision')
      .selectAll()
      .where((row) => row.and(asked))
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(rest)
      .execute();
    rows.push(...(await unpackRows(db, packed)));
  }
  return pageOf(rows, page.limit, (last) => String(last.id));
}

/** Deletes at most `ROWS_PER_PRUNE` rows older than `beforeMs`; gives how many. */
export async function pruneOnce(db: Kysely<Tables>, table: PrunedTable, beforeMs: number): Promise<number> {
  const oldest = db
    .selectFrom(table)
    .select('id')
    .where('timeMs', '<', beforeMs)
    .orderBy('timeMs')
    .limit(ROWS_PER_PRUNE);
  const { numDeletedRows } = await db.deleteFrom(table).where('id', 'in', oldest).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** The id of the newest decision, whole or packed; 0 without one. Ids are counted up, without gaps. */
export async function newestDecisionId(db: Kysely<Tables>): Promise<number> {
  const ids = await Promise.all([newestId(db, 'decision'), newestId(db, 'packedDecision')]);
  return Math.max(...ids);
}

/** Deletes at most `ROWS_PER_PRUNE` rows up to an id; gives how many. */
export async function pruneUpToOnce(db: Kysely<Tables>, table: DecisionTable, id: number): Promise<number> {
  const oldest = db.selectFrom(table).select('id').where('id', '<=', id).orderBy('id').limit(ROWS_PER_PRUNE);
  const { numDeletedRows } = await db.deleteFrom(table).where('id', 'in', oldest).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function newestId(db: Kysely<Tables>, table: DecisionTable): Promise<number> {
  const row = await db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) yield rows.slice(at, at + ROWS_PER_STATEMENT);
}
