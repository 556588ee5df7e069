import type { Kysely } from 'kysely';
import type { FillRow } from '../fill-row.ts';
import type { Page, PageRequest } from '../store.ts';
import type { Tables } from '../tables.ts';
import type { FundedTrade, TradeRow } from '../trade-row.ts';
import { fundedTrades } from './funded-trades.ts';
import { settleByFills } from './intents.ts';
import { cursorTime, pageOf } from './page.ts';

/** One statement a fill in one commit: which of them were new is told row by row. */
export function addFills(db: Kysely<Tables>, fills: readonly FillRow[]): Promise<readonly string[]> {
  return db.transaction().execute(async (step) => {
    const added: string[] = [];
    for (const fill of fills) {
      const row = await step
        .insertInto('fill')
        .values({ ...fill, maker: fill.maker ? 1 : 0 })
        .onConflict((conflict) => conflict.column('fillId').doNothing())
        .returning('fillId')
        .executeTakeFirst();
      if (row === undefined) continue;
      added.push(row.fillId);
      if (fill.clientOrderId !== null) await settleByFills(step, fill.clientOrderId, fill.timeMs);
    }
    return added;
  });
}

export async function newestFills(
  db: Kysely<Tables>,
  limit: number,
): Promise<readonly Pick<FillRow, 'fillId' | 'instrumentId'>[]> {
  return db
    .selectFrom('fill')
    .select(['fillId', 'instrumentId'])
    .orderBy('timeMs', 'desc')
    .limit(limit)
    .execute();
}

export async function lastFillMs(db: Kysely<Tables>): Promise<number | null> {
  const row = await db
    .selectFrom('fill')
    .select('timeMs')
    .orderBy('timeMs', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.timeMs ?? null;
}

/**
 * With its steps in one commit. One that is there stays as it is, unless the new one tells of more executions: a process
 * that died between this row and its state is followed by one that closes the position again, and may learn of
 * executions then that belong to it as well.
 */
export function addTrade(db: Kysely<Tables>, trade: TradeRow): Promise<void> {
  const { tradedPnl: pnl, steps, ...columns } = trade;
  const { tradeId } = trade;
  return db.transaction().execute(async (step) => {
    const there = await step
      .selectFrom('trade')
      .leftJoin('tradeStep', 'tradeStep.tradeId', 'trade.tradeId')
      .select(({ fn }) => [fn.count<number>('tradeStep.fillId').as('told'), fn.count('trade.id').as('rows')])
      .where('trade.tradeId', '=', tradeId)
      .executeTakeFirstOrThrow();
    if (Number(there.rows) === 0) {
      await step
        .insertInto('trade')
        .values({ ...columns, pnl })
        .execute();
    } else {
      if (steps.filter(({ fillId }) => fillId !== null).length <= Number(there.told)) return;
      await step
        .updateTable('trade')
        .set({ ...columns, pnl })
        .where('tradeId', '=', tradeId)
        .execute();
      await step.deleteFrom('tradeStep').where('tradeId', '=', tradeId).execute();
    }
    for (const [part, row] of steps.entries())
      await step
        .insertInto('tradeStep')
        .values({ ...row, tradeId, part })
        .execute();
  });
}

/** Newest close first. */
export async function listTrades(db: Kysely<Tables>, page: PageRequest): Promise<Page<FundedTrade>> {
  const before = cursorTime(page.cursor);
  let query = db
    .selectFrom('trade')
    .selectAll()
    .orderBy('closedMs', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (before !== null) {
    query = query.where((row) =>
      row(row.refTuple('closedMs', 'id'), '<', row.tuple(before.timeMs, before.id)),
    );
  }
  const rows = await query.execute();
  const numbered = pageOf(rows, page.limit, (last) => `${String(last.closedMs)}-${String(last.id)}`);
  return { ...numbered, rows: await fundedTrades(db, numbered.rows) };
}
