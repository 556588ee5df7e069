/** One difference between the exchange's account and ours, from its first reading to what ended it. */
export interface DifferenceRow {
  readonly accountId: string;
  /** Ours, unique in the account. */
  readonly differenceId: string;
  readonly kind: string;
  /** What it is about, with `about`: one of these is open at a time. */
  readonly scope: string;
  readonly about: string;
  readonly instrumentId: string | null;
  /** As they were stated last. */
  readonly ours: string;
  readonly theirs: string;
  /** When it was seen first and last, by our clock. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Null while it is open. */
  readonly endedMs: number | null;
  /** What ended it; null while it is open. */
  readonly resolution: string | null;
  /** What that stands on, a sentence; empty while it is open. */
  readonly evidence: string;
  /** JSON list of executions that made it or ended it. */
  readonly fillIdsJson: string;
  /** What it means, for a person. */
  readonly explanation: string;
  /** What was done about it, or can be. */
  readonly action: string;
}

/** Which; left out: of all kinds, of all instruments, open and ended. `cursor` is what the page before gave; `limit` 1-500. */
export interface DifferencePage {
  readonly limit: number;
  readonly cursor: string | null;
  readonly accountId: string;
  readonly kind?: string;
  readonly instrumentId?: string;
  readonly isOpen?: boolean;
}

/** Rows of one page; the cursor is null on the last one. */
export interface DifferenceRows {
  readonly rows: readonly DifferenceRow[];
  readonly nextCursor: string | null;
}

/** What differed. Errors are those of the store. */
export interface DifferenceLog {
  /** Adds one, or replaces what is known of it. */
  save(row: DifferenceRow): Promise<void>;
  /** Those that have not ended, oldest first. */
  open(accountId: string): Promise<readonly DifferenceRow[]>;
  /** Newest first. */
  list(page: DifferencePage): Promise<DifferenceRows>;
  /** Drops those that have ended beyond the newest `keptMax` of an account; gives how many. */
  prune(accountId: string, keptMax: number): Promise<number>;
}
