import type { Kysely, Transaction } from 'kysely';
import { decimal, ZERO } from '../../core/base/decimal.ts';
import { isTaken, type OrderMove, orderMove } from '../../core/domain/order-state.ts';
import type { IntentRow, IntentState } from '../intent-row.ts';
import { StoreError } from '../store.ts';
import type { IntentTable, Tables } from '../tables.ts';
import { addEvidence } from './intent-evidence.ts';
import { assertHeld } from './lease.ts';

const OPEN: readonly IntentState[] = ['prepared', 'accepted', 'unknown'];

type IntentChange = Pick<IntentRow, 'clientOrderId' | 'state' | 'detail' | 'updatedMs'>;

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
 * Moves an intent to `state` where `orderMove` lets it; gives what the move is. A word that surprises leaves its time, and
 * one that contradicts what is known leaves itself as evidence. Rejects `conflict` without the intent.
 */
export function settleIntent(db: Kysely<Tables>, change: IntentChange): Promise<OrderMove> {
  return db.transaction().execute(async (step) => {
    const intent = await intentNamed(step, change.clientOrderId);
    if (intent === undefined) throw new StoreError('conflict', `There is no intent ${change.clientOrderId}.`);
    return settle(step, intent.state, change);
  });
}

/** An intent whose stored fills add up to all of it is filled, whether or not a word said so. */
export async function settleByFills(
  step: Transaction<Tables>,
  clientOrderId: string,
  nowMs: number,
): Promise<void> {
  const intent = await intentNamed(step, clientOrderId);
  if (intent === undefined || intent.state === 'filled') return;
  const fills = await step
    .selectFrom('fill')
    .select('quantity')
    .where('clientOrderId', '=', clientOrderId)
    .execute();
  const filled = fills.reduce((sum, { quantity }) => sum.plus(decimal(quantity)), ZERO);
  if (filled.lessThan(decimal(intent.quantity))) return;
  const detail = 'Its fills add up to all of it.';
  await settle(step, intent.state, { clientOrderId, state: 'filled', detail, updatedMs: nowMs });
}

async function settle(
  step: Transaction<Tables>,
  was: IntentState,
  { clientOrderId, state, detail, updatedMs }: IntentChange,
): Promise<OrderMove> {
  const move = orderMove(was, state);
  if (isTaken(move)) {
    const surprise = move === 'surprise' ? { surpriseMs: updatedMs } : {};
    await step
      .updateTable('intent')
      .set({ state, detail, updatedMs, ...surprise })
      .where('clientOrderId', '=', clientOrderId)
      .execute();
  }
  if (move === 'surprise' || move === 'forbidden') {
    const evidenceJson = JSON.stringify({ was, told: state, detail, move });
    await addEvidence(step, { clientOrderId, timeMs: updatedMs, kind: 'word', evidenceJson });
  }
  return move;
}

function intentNamed(
  step: Transaction<Tables>,
  clientOrderId: string,
): Promise<Pick<IntentTable, 'state' | 'quantity'> | undefined> {
  return step
    .selectFrom('intent')
    .select(['state', 'quantity'])
    .where('clientOrderId', '=', clientOrderId)
    .executeTakeFirst();
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

/** An intent as the port gives it. */
export function intentOf(row: Omit<IntentTable, 'rowid'>): IntentRow {
  return { ...row, reduceOnly: row.reduceOnly === 1 };
}
