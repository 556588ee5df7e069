import type { InstrumentId } from '../core/domain/instrument.ts';
import { type BlockerCounts, BlockerTally } from '../core/engine/blocker-tally.ts';
import type { CloseRecord } from '../core/engine/close-record.ts';
import { looksOf, parseHead } from './close-codec.ts';
import * as closes from './queries/closes.ts';
import { assertLimit } from './queries/page.ts';
import type { SqlDoor } from './sql-door.ts';
import type { CloseLog, InstrumentCloseRow, Page, PageRequest } from './store.ts';

/** The closes over SQL. What reads many of them goes in slices; other work goes in between. */
export class SqlCloseLog implements CloseLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  save(record: CloseRecord): Promise<void> {
    return this.door.write((db) => closes.saveClose(db, record));
  }

  async newest(limit: number, untilMs: number | null): Promise<readonly CloseRecord[]> {
    assertLimit(limit);
    return this.door.read((db) => closes.newestCloses(db, limit, untilMs));
  }

  async ofInstrument(id: InstrumentId, page: PageRequest): Promise<Page<InstrumentCloseRow>> {
    assertLimit(page.limit);
    return this.door.read((db) => closes.instrumentCloses(db, id, page));
  }

  async countBlockers(instrumentId: InstrumentId | null, fromMs: number): Promise<BlockerCounts> {
    const tally = new BlockerTally();
    const number =
      instrumentId === null ? null : await this.door.read((db) => closes.numberOf(db, instrumentId));
    if (instrumentId !== null && number === null) return tally.counts();
    let after: closes.CloseAfter | null = null;
    do {
      const from: closes.CloseAfter | null = after;
      const slice: closes.CloseSlice = await this.door.read((db) =>
        closes.closeSlice(db, { fromMs, number, after: from }),
      );
      for (const row of slice.rows) tally.addClose(looksOf(row.instruments, parseHead(row.headJson)));
      after = slice.next;
      if (after !== null) await this.door.letOthers();
    } while (after !== null);
    return tally.counts();
  }

  async prune(beforeMs: number, rowsMax: number): Promise<number> {
    let pruned = 0;
    for (let full = true; full; ) {
      const count = await this.door.write((db) => closes.pruneCloses(db, beforeMs, rowsMax));
      pruned += count;
      full = count === closes.CLOSES_PER_SLICE;
      if (full) await this.door.letOthers();
    }
    return pruned;
  }
}
