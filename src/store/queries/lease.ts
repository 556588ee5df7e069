import { type Kysely, sql } from 'kysely';
import { epochFloor } from '../../core/engine/client-order-id.ts';
import { type HeldLease, StoreError } from '../store.ts';
import type { Tables } from '../tables.ts';

/** Takes the next epoch of an account; one statement, so that two that ask at once get two numbers. */
export async function takeEpoch(db: Kysely<Tables>, accountId: string, nowMs: number): Promise<number> {
  const floor = epochFloor(nowMs);
  const row = await db
    .insertInto('accountEpoch')
    .values({ accountId, epoch: floor, takenMs: nowMs })
    .onConflict((conflict) =>
      conflict.column('accountId').doUpdateSet((at) => ({
        epoch: sql<number>`max(${at('accountEpoch.epoch', '+', 1)}, ${floor})`,
        takenMs: nowMs,
      })),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow();
  return row.epoch;
}

/** Call it inside the transaction that writes. Throws `lease-lost` unless this epoch is the account's newest. */
export async function assertHeld(db: Kysely<Tables>, { accountId, epoch }: HeldLease): Promise<void> {
  const row = await db
    .selectFrom('accountEpoch')
    .select('epoch')
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  if (row?.epoch === epoch) return;
  const stands = row === undefined ? 'none is stored' : `epoch ${row.epoch} was taken`;
  throw new StoreError('lease-lost', `Epoch ${epoch} of account ${accountId} does not stand: ${stands}.`);
}
