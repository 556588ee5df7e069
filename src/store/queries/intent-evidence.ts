import type { Transaction } from 'kysely';
import type { EvidenceRow } from '../intent-row.ts';
import type { Tables } from '../tables.ts';

/** Evidence kept of one intent: a lookup that cannot be answered for hours must not fill the disk. */
export const EVIDENCE_KEPT_MAX = 50;

/** Adds what was found out about an intent, and lets go of the oldest beyond the bound. */
export async function addEvidence(step: Transaction<Tables>, row: EvidenceRow): Promise<void> {
  await step.insertInto('intentEvidence').values(row).execute();
  const surplus = step
    .selectFrom('intentEvidence')
    .select('id')
    .where('clientOrderId', '=', row.clientOrderId)
    .orderBy('id', 'desc')
    .limit(Number.MAX_SAFE_INTEGER)
    .offset(EVIDENCE_KEPT_MAX);
  await step.deleteFrom('intentEvidence').where('id', 'in', surplus).execute();
}
