/** The equity of an account at its first reading in an hour of the exchange's clock. */
export interface EquityMarkRow {
  readonly accountId: string;
  /** Hours since 1970. */
  readonly hour: number;
  readonly markMs: number;
  readonly equity: string;
}

/** What losses are counted from, as a port. Errors are those of the store. */
export interface EquityMarkLog {
  /** The first of an hour stands. */
  add(rows: readonly EquityMarkRow[]): Promise<void>;
  /** Of the newest three days that have any, oldest first. */
  newest(accountId: string): Promise<readonly EquityMarkRow[]>;
}
