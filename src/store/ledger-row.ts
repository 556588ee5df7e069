/** One change of the wallet as the exchange told it; `opening` is the kind of what was there before. */
export interface MovementRow {
  /** The exchange's own. */
  readonly movementId: string;
  readonly kind: string;
  /** The exchange's word for it. */
  readonly word: string;
  readonly timeMs: number;
  readonly instrumentId: string | null;
  readonly fillId: string | null;
  readonly change: string;
  readonly cashFlow: string | null;
  readonly funding: string | null;
  readonly fee: string | null;
  /** What the account held after it, short below zero; null: not told, or booked before it was kept. */
  readonly heldAfter: string | null;
}

/** Money from `credit` to `debit`; the amount is above zero. */
export interface PostingRow {
  readonly debit: string;
  readonly credit: string;
  readonly amount: string;
}

/** A movement with what it was booked as. */
export interface LedgerEntry extends MovementRow {
  readonly postings: readonly PostingRow[];
}

/** How far the exchange's list was read. Exchange times. */
export interface LedgerMark {
  /** What was before is in the opening balance. */
  readonly openedMs: number;
  readonly readToMs: number;
  /** When ledger and wallet were last seen to be equal. */
  readonly agreedMs: number;
}

/** Where a ledger stands. */
export interface LedgerStanding extends LedgerMark {
  /** Of each account that was ever posted to. */
  readonly balances: ReadonlyMap<string, string>;
}

/** What became of a booking. */
export interface LedgerBooked {
  /** Ids of the movements that were new. */
  readonly added: readonly string[];
  /** Ids of movements that are booked with other amounts than told now; they stay as they are. */
  readonly contradicted: readonly string[];
  readonly standing: LedgerStanding;
}

/** Which entries; `instrumentId` left out: of all. `cursor` is what the page before gave; `limit` 1-500. */
export interface LedgerPage {
  readonly accountId: string;
  readonly instrumentId?: string;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Entries of one page; the cursor is null on the last one. */
export interface LedgerRows {
  readonly rows: readonly LedgerEntry[];
  readonly nextCursor: string | null;
}

/** The books of an account. Errors are those of the store. */
export interface LedgerBook {
  /** Null before the ledger was opened. */
  standing(accountId: string): Promise<LedgerStanding | null>;
  /** All of it in one commit: what is new is booked, what is there is left alone, and the mark is replaced. */
  book(accountId: string, entries: readonly LedgerEntry[], mark: LedgerMark): Promise<LedgerBooked>;
  /** Newest first, by the exchange's time. */
  list(page: LedgerPage): Promise<LedgerRows>;
}
