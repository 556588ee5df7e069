import type {
  LedgerBook,
  LedgerBooked,
  LedgerEntry,
  LedgerMark,
  LedgerPage,
  LedgerRows,
  LedgerStanding,
} from './ledger-row.ts';
import { bookEntries, ledgerStanding, listEntries } from './queries/ledger.ts';
import { assertLimit } from './queries/page.ts';
import type { SqlDoor } from './sql-door.ts';

/** The books of accounts over SQL. What a full disk refuses is read from the exchange again. */
export class SqlLedgerBook implements LedgerBook {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  standing(accountId: string): Promise<LedgerStanding | null> {
    return this.door.read((db) => ledgerStanding(db, accountId));
  }

  book(accountId: string, entries: readonly LedgerEntry[], mark: LedgerMark): Promise<LedgerBooked> {
    return this.door.write((db) => bookEntries(db, accountId, entries, mark));
  }

  async list(page: LedgerPage): Promise<LedgerRows> {
    assertLimit(page.limit);
    return this.door.read((db) => listEntries(db, page));
  }
}
