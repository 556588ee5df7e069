import type { Kysely } from 'kysely';
import type { SettingsRow, SettingsVersionRow } from '../settings-row.ts';
import type { Page, PageRequest } from '../store.ts';
import type { Tables } from '../tables.ts';
import { cursorId, pageOf } from './page.ts';

/** Versions are only ever added: there is no statement here that changes or drops one. */
export async function addSettings(db: Kysely<Tables>, row: SettingsRow): Promise<number> {
  const added = await db.insertInto('settings').values(row).returning('version').executeTakeFirstOrThrow();
  return added.version;
}

export async function latestSettings(db: Kysely<Tables>): Promise<SettingsVersionRow | null> {
  const row = await db
    .selectFrom('settings')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

export async function settingsVersion(
  db: Kysely<Tables>,
  version: number,
): Promise<SettingsVersionRow | null> {
  const row = await db.selectFrom('settings').selectAll().where('version', '=', version).executeTakeFirst();
  return row ?? null;
}

export async function listSettings(
  db: Kysely<Tables>,
  { limit, cursor }: PageRequest,
): Promise<Page<SettingsVersionRow>> {
  const before = cursorId(cursor);
  let query = db
    .selectFrom('settings')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(limit + 1);
  if (before !== null) query = query.where('version', '<', before);
  return pageOf(await query.execute(), limit, (last) => String(last.version));
}
