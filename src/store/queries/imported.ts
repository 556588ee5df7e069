import type { Kysely } from 'kysely';
import type { ImportedRows } from '../store.ts';
import type { Tables } from '../tables.ts';
import { saveEmaSearch } from './ema-searches.ts';
import { addSettings } from './settings.ts';
import { putTradingState } from './state.ts';

/** One transaction for everything. */
export function addImported(db: Kysely<Tables>, imported: ImportedRows): Promise<number | null> {
  const { settings, state, emaSearches } = imported;
  return db.transaction().execute(async (step) => {
    const version = settings === null ? null : await addSettings(step, settings);
    if (state !== null) await putTradingState(step, state.lease, state);
    for (const row of emaSearches) await saveEmaSearch(step, row);
    return version;
  });
}
