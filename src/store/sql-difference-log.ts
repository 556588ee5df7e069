import type { DifferenceLog, DifferencePage, DifferenceRow, DifferenceRows } from './difference-row.ts';
import type { FillLog, FillPage, FillRows } from './fill-row.ts';
import {
  listDifferences,
  listFills,
  openDifferences,
  pruneDifferences,
  saveDifference,
} from './queries/differences.ts';
import { assertLimit } from './queries/page.ts';
import type { SqlDoor } from './sql-door.ts';

/** What differed, over SQL. What a full disk refuses is saved again by who noticed it. */
export class SqlDifferenceLog implements DifferenceLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  save(row: DifferenceRow): Promise<void> {
    return this.door.write((db) => saveDifference(db, row));
  }

  open(accountId: string): Promise<readonly DifferenceRow[]> {
    return this.door.read((db) => openDifferences(db, accountId));
  }

  async list(page: DifferencePage): Promise<DifferenceRows> {
    assertLimit(page.limit);
    return this.door.read((db) => listDifferences(db, page));
  }

  prune(accountId: string, keptMax: number): Promise<number> {
    return this.door.write((db) => pruneDifferences(db, accountId, keptMax));
  }
}

/** Executions, over SQL. */
export class SqlFillLog implements FillLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  async list(page: FillPage): Promise<FillRows> {
    assertLimit(page.limit);
    return this.door.read((db) => listFills(db, page));
  }
}
