import type { Kysely } from 'kysely';
import type { BlockedSignal, BlockedTradeRow, FilterWorthRow } from '../filter-worth-log.ts';
import type { Tables } from '../tables.ts';

/** By time; the instrument settles what is equal. */
export function listBlockedTrades(db: Kysely<Tables>, timeframe: string): Promise<BlockedTradeRow[]> {
  return db
    .selectFrom('blockedTrade')
    .selectAll()
    .where('timeframe', '=', timeframe)
    .orderBy('timeMs')
    .orderBy('instrumentId')
    .execute();
}

export function saveBlockedTrades(db: Kysely<Tables>, rows: readonly BlockedTradeRow[]): Promise<void> {
  return db.transaction().execute(async (step) => {
    for (const row of rows) {
      const { timeframe, timeMs, instrumentId, ...priced } = row;
      await step
        .insertInto('blockedTrade')
        .values({ timeframe, timeMs, instrumentId, ...priced })
        .onConflict((conflict) =>
          conflict.columns(['timeframe', 'timeMs', 'instrumentId']).doUpdateSet(priced),
        )
        .execute();
    }
  });
}

export function removeBlockedTrades(db: Kysely<Tables>, rows: readonly BlockedSignal[]): Promise<void> {
  return db.transaction().execute(async (step) => {
    for (const { timeframe, timeMs, instrumentId } of rows) {
      await step
        .deleteFrom('blockedTrade')
        .where('timeframe', '=', timeframe)
        .where('timeMs', '=', timeMs)
        .where('instrumentId', '=', instrumentId)
        .execute();
    }
  });
}

/** Null before the first judgement. */
export async function filterWorthOf(db: Kysely<Tables>, timeframe: string): Promise<FilterWorthRow | null> {
  const row = await db
    .selectFrom('filterWorth')
    .selectAll()
    .where('timeframe', '=', timeframe)
    .executeTakeFirst();
  return row ?? null;
}

export async function saveFilterWorth(db: Kysely<Tables>, row: FilterWorthRow): Promise<void> {
  const { timeframe, ...judged } = row;
  await db
    .insertInto('filterWorth')
    .values({ timeframe, ...judged })
    .onConflict((conflict) => conflict.column('timeframe').doUpdateSet(judged))
    .execute();
}
