import type { Kysely } from 'kysely';
import type { EmaSearchRow } from '../store.ts';
import type { Tables } from '../tables.ts';

export async function saveEmaSearch(db: Kysely<Tables>, row: EmaSearchRow): Promise<void> {
  const { instrumentId, timeframe, ...found } = row;
  await db
    .insertInto('emaSearch')
    .values({ instrumentId, timeframe, ...found })
    .onConflict((conflict) => conflict.columns(['instrumentId', 'timeframe']).doUpdateSet(found))
    .execute();
}

/** In order of instrument. */
export function listEmaSearches(db: Kysely<Tables>, timeframe: string): Promise<EmaSearchRow[]> {
  return db
    .selectFrom('emaSearch')
    .selectAll()
    .where('timeframe', '=', timeframe)
    .orderBy('instrumentId')
    .execute();
}
