import type { Kysely } from 'kysely';
import { type IntentRow, type IntentState, StoreError } from '../store.ts';
import type { IntentTable, Tables } from '../tables.ts';

/** What the exchange itself stated as the end: nothing reopens it. `not-placed` is our own conclusion. */
const CONCLUDED: readonly IntentState[] = ['filled', 'cancelled', 'rejected'];
const OPEN: readonly IntentState[] = ['prepared', 'accepted', 'unknown'];

/** Takes the next epoch of an account; one statement, so that two that ask at once get two numbers. */
export async function takeEpoch(db: Kysely<Tables>, accountId: string, nowMs: number): Promise<number> {
  const row = await db
    .insertInto('accountEpoch')
    .values({ accountId, epoch: 1, takenMs: nowMs })
    .onConflict((conflict) =>
      conflict
        .column('accountId')
        .doUpdateSet((at) => ({ epoch: at('accountEpoch.epoch', '+', 1), takenMs: nowMs })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return row.epoch;
}

export async function addIntent(db: Kysely<Tables>, intent: IntentRow): Promise<void> {
  await db
    .insertInto('intent')
    .values({ ...intent, reduceOnly: intent.reduceOnly ? 1 : 0 })
    .execute();
}

/**
 * Moves an intent to `state`. Left alone: an intent that is there already, and a concluded one against a late
 * answer that knows less (the fill arrived before the acknowledgement). Rejects `conflict` without the intent.
 */
export async function settleIntent(
  db: Kysely<Tables>,
  change: Pick<IntentRow, 'clientOrderId' | 'state' | 'detail' | 'updatedMs'>,
): Promise<void> {
  const { clientOrderId, state } = change;
  const reopens = OPEN.includes(state);
  const updated = await db
    .updateTable('intent')
    .set({ state, detail: change.detail, updatedMs: change.updatedMs })
    .where('clientOrderId', '=', clientOrderId)
    .where('state', 'not in', reopens ? [state, ...CONCLUDED] : [state])
    .returning('clientOrderId')
    .executeTakeFirst();
  if (updated !== undefined) return;
  const there = await db
    .selectFrom('intent')
    .select('state')
    .where('clientOrderId', '=', clientOrderId)
    .executeTakeFirst();
  if (there === undefined) throw new StoreError('conflict', `There is no intent ${clientOrderId}.`);
}

export async function openIntents(db: Kysely<Tables>): Promise<readonly IntentRow[]> {
  const rows = await db
    .selectFrom('intent')
    .selectAll()
    .where('state', 'in', OPEN)
    .orderBy('createdMs')
    .orderBy('clientOrderId')
    .execute();
  return rows.map(intentOf);
}

function intentOf(row: IntentTable): IntentRow {
  return { ...row, reduceOnly: row.reduceOnly === 1 };
}
