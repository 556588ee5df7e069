import { listEmaSearches, saveEmaSearch } from './queries/ema-searches.ts';
import type { SqlDoor } from './sql-door.ts';
import type { EmaSearchLog, EmaSearchRow } from './store.ts';

/** Results of the search for pairs of averages over SQL. */
export class SqlEmaSearchLog implements EmaSearchLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  save(row: EmaSearchRow): Promise<void> {
    return this.door.write((db) => saveEmaSearch(db, row));
  }

  list(timeframe: string): Promise<readonly EmaSearchRow[]> {
    return this.door.read((db) => listEmaSearches(db, timeframe));
  }
}
