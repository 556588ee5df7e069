import type { Kysely } from 'kysely';
import type { EquityMarkRow } from '../equity-mark.ts';
import type { Tables } from '../tables.ts';

const ROWS_READ = 72;

export async function addEquityMarks(db: Kysely<Tables>, rows: readonly EquityMarkRow[]): Promise<void> {
  await db
    .insertInto('equityMark')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['accountId', 'hour']).doNothing())
    .execute();
}

export async function newestEquityMarks(
  db: Kysely<Tables>,
  accountId: string,
): Promise<readonly EquityMarkRow[]> {
  const rows = await db
    .selectFrom('equityMark')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('hour', 'desc')
    .limit(ROWS_READ)
    .execute();
  return rows.reverse();
}
