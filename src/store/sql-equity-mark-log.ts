import type { EquityMarkLog, EquityMarkRow } from './equity-mark.ts';
import { addEquityMarks, newestEquityMarks } from './queries/equity-marks.ts';
import type { SqlDoor } from './sql-door.ts';

/** What losses are counted from, over SQL: few rows, and stored on a full disk too. */
export class SqlEquityMarkLog implements EquityMarkLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  add(rows: readonly EquityMarkRow[]): Promise<void> {
    return this.door.keep((db) => addEquityMarks(db, rows));
  }

  newest(accountId: string): Promise<readonly EquityMarkRow[]> {
    return this.door.read((db) => newestEquityMarks(db, accountId));
  }
}
