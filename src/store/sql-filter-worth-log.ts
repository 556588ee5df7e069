import type { BlockedSignal, BlockedTradeRow, FilterWorthLog, FilterWorthRow } from './filter-worth-log.ts';
import * as worths from './queries/filter-worths.ts';
import type { SqlDoor } from './sql-door.ts';

/** The worth of filters over SQL. */
export class SqlFilterWorthLog implements FilterWorthLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  trades(timeframe: string): Promise<readonly BlockedTradeRow[]> {
    return this.door.read((db) => worths.listBlockedTrades(db, timeframe));
  }

  async saveTrades(rows: readonly BlockedTradeRow[]): Promise<void> {
    if (rows.length > 0) await this.door.write((db) => worths.saveBlockedTrades(db, rows));
  }

  async removeTrades(rows: readonly BlockedSignal[]): Promise<void> {
    if (rows.length > 0) await this.door.write((db) => worths.removeBlockedTrades(db, rows));
  }

  worth(timeframe: string): Promise<FilterWorthRow | null> {
    return this.door.read((db) => worths.filterWorthOf(db, timeframe));
  }

  saveWorth(row: FilterWorthRow): Promise<void> {
    return this.door.write((db) => worths.saveFilterWorth(db, row));
  }
}
