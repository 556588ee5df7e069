import type { Kysely } from 'kysely';
import type { DifferencePage, DifferenceRow, DifferenceRows } from '../difference-row.ts';
import type { FillPage, FillRows } from '../fill-row.ts';
import type { Tables } from '../tables.ts';
import { cursorId, cursorTime, pageOf } from './page.ts';

export async function saveDifference(db: Kysely<Tables>, row: DifferenceRow): Promise<void> {
  const { accountId: _account, differenceId: _id, ...changes } = row;
  await db
    .insertInto('difference')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accountId', 'differenceId']).doUpdateSet(changes))
    .execute();
}

export async function openDifferences(
  db: Kysely<Tables>,
  accountId: string,
): Promise<readonly DifferenceRow[]> {
  const rows = await db
    .selectFrom('difference')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('endedMs', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id: _, ...row }) => row);
}

/** Newest first: rows are numbered as they come. */
export async function listDifferences(db: Kysely<Tables>, page: DifferencePage): Promise<DifferenceRows> {
  const before = cursorId(page.cursor);
  let query = db
    .selectFrom('difference')
    .selectAll()
    .where('accountId', '=', page.accountId)
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (before !== null) query = query.where('id', '<', before);
  if (page.kind !== undefined) query = query.where('kind', '=', page.kind);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  if (page.isOpen !== undefined) query = query.where('endedMs', page.isOpen ? 'is' : 'is not', null);
  const numbered = pageOf(await query.execute(), page.limit, (last) => String(last.id));
  return { ...numbered, rows: numbered.rows.map(({ id: _, ...row }) => row) };
}

export async function pruneDifferences(
  db: Kysely<Tables>,
  accountId: string,
  keptMax: number,
): Promise<number> {
  const ended = db
    .selectFrom('difference')
    .where('accountId', '=', accountId)
    .where('endedMs', 'is not', null);
  const oldest = await ended.select('id').orderBy('id', 'desc').limit(1).offset(keptMax).executeTakeFirst();
  if (oldest === undefined) return 0;
  const result = await db
    .deleteFrom('difference')
    .where('accountId', '=', accountId)
    .where('endedMs', 'is not', null)
    .where('id', '<=', oldest.id)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Newest first; of the same time in the order they were told. */
export async function listFills(db: Kysely<Tables>, page: FillPage): Promise<FillRows> {
  const before = cursorTime(page.cursor);
  let query = db
    .selectFrom('fill')
    .selectAll()
    .select('rowid')
    .orderBy('timeMs', 'desc')
    .orderBy('rowid', 'desc')
    .limit(page.limit + 1);
  if (page.instrumentId !== undefined) query = query.where('instrumentId', '=', page.instrumentId);
  if (page.clientOrderId !== undefined) query = query.where('clientOrderId', '=', page.clientOrderId);
  if (before !== null) {
    query = query.where((row) =>
      row(row.refTuple('timeMs', 'rowid'), '<', row.tuple(before.timeMs, before.id)),
    );
  }
  const numbered = pageOf(
    await query.execute(),
    page.limit,
    (last) => `${String(last.timeMs)}-${String(last.rowid)}`,
  );
  return {
    ...numbered,
    rows: numbered.rows.map(({ rowid: _, maker, ...row }) => ({ ...row, maker: maker === 1 })),
  };
}
