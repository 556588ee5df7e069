import type { EvidenceRow, IntentFile, IntentRow } from './intent-row.ts';
import { addEvidence } from './queries/intent-evidence.ts';
import { countIntents, findIntent, listIntents, noteValidity } from './queries/intent-log.ts';
import { assertLimit } from './queries/page.ts';
import type { SqlDoor } from './sql-door.ts';
import type { IntentLog, IntentPage, Page } from './store.ts';

/** What is remembered of intents, over SQL. */
export class SqlIntentLog implements IntentLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  async list(page: IntentPage): Promise<Page<IntentRow>> {
    assertLimit(page.limit);
    return this.door.read((db) => listIntents(db, page));
  }

  find(clientOrderId: string): Promise<IntentFile | null> {
    return this.door.read((db) => findIntent(db, clientOrderId));
  }

  countSince(accountId: string, sinceMs: number): Promise<number> {
    return this.door.read((db) => countIntents(db, accountId, sinceMs));
  }

  noteValidity(clientOrderId: string, validUntilMs: number): Promise<void> {
    return this.door.keep((db) => noteValidity(db, clientOrderId, validUntilMs));
  }

  addEvidence(row: EvidenceRow): Promise<void> {
    return this.door.keep((db) => db.transaction().execute((step) => addEvidence(step, row)));
  }
}
