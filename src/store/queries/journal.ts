import type { Kysely } from 'kysely';
import type { DecisionPage, DecisionRow, EventRow, Numbered, Page, PageRequest } from '../store.ts';
import type { Tables } from '../tables.ts';
import { cursorId, pageOf } from './page.ts';

/** Rows of one statement: below the database's limit of 32,766 parameters. */
const ROWS_PER_STATEMENT = 100;
/** Rows deleted in one commit: a few milliseconds, so that an order never waits long for a prune. */
export const ROWS_PER_PRUNE = 1_000;

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

/** Newest first. */
export async function listDecisions(
  db: Kysely<Tables>,
  page: DecisionPage,
): Promise<Page<DecisionRow & Numbered>> {
  const before = cursorId(page.cursor);
  let query = db
    .selectFrom('decision')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (before !== null) query = query.where('id', '<', before);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  if (page.outcome !== undefined) query = query.where('outcome', '=', page.outcome);
  return pageOf(await query.execute(), page.limit, (last) => String(last.id));
}

/** Deletes at most `ROWS_PER_PRUNE` rows older than `beforeMs`; gives how many. */
export async function pruneOnce(
  db: Kysely<Tables>,
  table: 'decision' | 'event',
  beforeMs: number,
): Promise<number> {
  const oldest = db
    .selectFrom(table)
    .select('id')
    .where('timeMs', '<', beforeMs)
    .orderBy('timeMs')
    .limit(ROWS_PER_PRUNE);
  const { numDeletedRows } = await db.deleteFrom(table).where('id', 'in', oldest).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) yield rows.slice(at, at + ROWS_PER_STATEMENT);
}
