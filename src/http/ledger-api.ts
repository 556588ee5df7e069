import type { LedgerEntryView, LedgerStandingView } from '../api/ledger.ts';
import type { PageRequest, Rows } from './caller.ts';

/** Which entries; null for all coins. */
export interface LedgerRequest extends PageRequest {
  readonly symbol: string | null;
}

/** The account's money by double entry. */
export interface LedgerApi {
  /** Null before the ledger is opened. */
  standing(): Promise<LedgerStandingView | null>;
  /** Newest first. Null: not a cursor this list gave. A coin that is not known has none. */
  list(page: LedgerRequest): Promise<Rows<LedgerEntryView> | null>;
  /** All postings as CSV text, newest first, piece by piece. */
  csv(): AsyncIterable<string>;
}
