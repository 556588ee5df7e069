import type { Kysely } from 'kysely';
import type { IntentFile, IntentRow } from '../intent-row.ts';
import type { IntentPage, Page } from '../store.ts';
import type { Tables } from '../tables.ts';
import { intentOf } from './intents.ts';
import { cursorId, pageOf } from './page.ts';

/** Newest first: rows are numbered as they come. */
export async function listIntents(db: Kysely<Tables>, page: IntentPage): Promise<Page<IntentRow>> {
  const before = cursorId(page.cursor);
  let query = db
    .selectFrom('intent')
    .selectAll()
    .select('rowid')
    .orderBy('rowid', 'desc')
    .limit(page.limit + 1);
  if (before !== null) query = query.where('rowid', '<', before);
  if (page.state !== undefined) query = query.where('state', '=', page.state);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  const numbered = pageOf(await query.execute(), page.limit, (last) => String(last.rowid));
  return { ...numbered, rows: numbered.rows.map(({ rowid, ...row }) => intentOf(row)) };
}

export async function findIntent(db: Kysely<Tables>, clientOrderId: string): Promise<IntentFile | null> {
  const row = await db
    .selectFrom('intent')
    .selectAll()
    .where('clientOrderId', '=', clientOrderId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const evidence = await db
    .selectFrom('intentEvidence')
    .select(['clientOrderId', 'timeMs', 'kind', 'evidenceJson'])
    .where('clientOrderId', '=', clientOrderId)
    .orderBy('id')
    .execute();
  return { intent: intentOf(row), evidence };
}

export async function countIntents(db: Kysely<Tables>, accountId: string, sinceMs: number): Promise<number> {
  const row = await db
    .selectFrom('intent')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('accountId', '=', accountId)
    .where('createdMs', '>=', sinceMs)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function noteValidity(
  db: Kysely<Tables>,
  clientOrderId: string,
  validUntilMs: number,
): Promise<void> {
  await db.updateTable('intent').set({ validUntilMs }).where('clientOrderId', '=', clientOrderId).execute();
}
