import type { Kysely } from 'kysely';
import { type IntentRow, type IntentState, StoreError } from '../store.ts';
import type { IntentTable, Tables } from '../tables.ts';
import { assertHeld } from './lease.ts';

/** What the exchange itself stated as the end: nothing reopens it. `not-placed` is our own conclusion. */
const CONCLUDED: readonly IntentState[] = ['filled', 'cancelled', 'rejected'];
/** An order that was cancelled may have filled in part. */
const NEVER_FILLED: readonly IntentState[] = ['rejected', 'not-placed'];
const OPEN: readonly IntentState[] = ['prepared', 'accepted', 'unknown'];

/** With an epoch, the row and the proof that the epoch still stands are one transaction. */
export async function addIntent(db: Kysely<Tables>, intent: IntentRow, epoch: number | null): Promise<void> {
  const row = { ...intent, reduceOnly: intent.reduceOnly ? 1 : 0 };
  if (epoch === null) {
    await db.insertInto('intent').values(row).execute();
    return;
  }
  await db.transaction().execute(async (step) => {
    await assertHeld(step, { accountId: intent.accountId, epoch });
    await step.insertInto('intent').values(row).execute();
  });
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

/** Of equal times the later row counts: ids of one process are numbered upwards. */
export async function lastEntries(db: Kysely<Tables>, accountId: string): Promise<readonly IntentRow[]> {
  const rows = await db
    .selectFrom('intent')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('reduceOnly', '=', 0)
    .where('state', 'not in', NEVER_FILLED)
    .orderBy('createdMs')
    .orderBy('clientOrderId')
    .execute();
  const newest = new Map(rows.map((row) => [row.instrumentId, openerOf(row)]));
  const ended = await endedEntries(db);
  return rows
    .filter((row) => newest.get(row.instrumentId) === openerOf(row) && !ended.has(openerOf(row)))
    .map(intentOf);
}

/** What its position is named after: all rungs of a ladder open one position. */
function openerOf({ ladderId, clientOrderId }: IntentTable): string {
  return ladderId ?? clientOrderId;
}

/** The id of a closed position begins with that of its entry. */
async function endedEntries(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const trades = await db.selectFrom('trade').select('tradeId').execute();
  return new Set(trades.map(({ tradeId }) => tradeId.slice(0, tradeId.indexOf('-'))));
}

function intentOf(row: IntentTable): IntentRow {
  return { ...row, reduceOnly: row.reduceOnly === 1 };
}
