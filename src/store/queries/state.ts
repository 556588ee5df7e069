import type { Kysely } from 'kysely';
import type { SettingsRow } from '../store.ts';
import type { Tables } from '../tables.ts';

export async function saveTradingState(
  db: Kysely<Tables>,
  row: { readonly accountId: string; readonly stateJson: string; readonly savedMs: number },
): Promise<void> {
  const { stateJson, savedMs } = row;
  await db
    .insertInto('tradingState')
    .values(row)
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ stateJson, savedMs }))
    .execute();
}

export async function loadTradingState(db: Kysely<Tables>, accountId: string): Promise<string | null> {
  const row = await db
    .selectFrom('tradingState')
    .select('stateJson')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return row?.stateJson ?? null;
}

export async function addSettings(db: Kysely<Tables>, row: SettingsRow): Promise<number> {
  const added = await db.insertInto('settings').values(row).returning('version').executeTakeFirstOrThrow();
  return added.version;
}

export async function latestSettings(
  db: Kysely<Tables>,
): Promise<(SettingsRow & { readonly version: number }) | null> {
  const row = await db
    .selectFrom('settings')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}
