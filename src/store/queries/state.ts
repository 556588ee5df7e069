import type { Kysely, Transaction } from 'kysely';
import type { HeldLease } from '../store.ts';
import type { Tables } from '../tables.ts';
import { assertHeld } from './lease.ts';

export async function saveTradingState(
  db: Kysely<Tables>,
  lease: HeldLease,
  { stateJson, savedMs }: { readonly stateJson: string; readonly savedMs: number },
): Promise<void> {
  await db.transaction().execute((step) => putTradingState(step, lease, { stateJson, savedMs }));
}

/** Call it inside a transaction. */
export async function putTradingState(
  step: Transaction<Tables>,
  lease: HeldLease,
  { stateJson, savedMs }: { readonly stateJson: string; readonly savedMs: number },
): Promise<void> {
  const { accountId } = lease;
  await assertHeld(step, lease);
  await step
    .insertInto('tradingState')
    .values({ accountId, stateJson, savedMs })
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

export async function newestAccount(db: Kysely<Tables>): Promise<string | null> {
  const row = await db
    .selectFrom('tradingState')
    .select('accountId')
    .orderBy('savedMs', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.accountId ?? null;
}
