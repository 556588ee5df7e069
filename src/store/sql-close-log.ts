import type { InstrumentId } from '../core/domain/instrument.ts';
import { type BlockerCounts, BlockerTally } from '../core/engine/blocker-tally.ts';
import type { CloseRecord, JudgedAtClose } from '../core/engine/close-record.ts';
import { looksOf, parseHead } from './close-codec.ts';
import type { ClosesKept, InstrumentCloseRow, JudgedCloseRow } from './close-row.ts';
import * as closes from './queries/closes.ts';
import { assertLimit } from './queries/page.ts';
import type { SqlDoor } from './sql-door.ts';
import type { CloseLog, Page, PageRequest } from './store.ts';

/** The closes over SQL. What reads many of them goes in slices; other work goes in between. */
export class SqlCloseLog implements CloseLog {
  private readonly door: SqlDoor;

  constructor(door: SqlDoor) {
    this.door = door;
  }

  save(record: CloseRecord<JudgedAtClose>): Promise<void> {
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

  async judgedOfInstrument(id: InstrumentId, page: PageRequest): Promise<Page<JudgedCloseRow>> {
    assertLimit(page.limit);
    const { rows, nextCursor } = await this.door.read((db) => closes.numberedCloses(db, id, page));
    const judged: JudgedCloseRow[] = [];
    for (let at = 0; at < rows.length; at += closes.JUDGED_PER_SLICE) {
      if (at > 0) await this.door.letOthers();
      const slice = rows.slice(at, at + closes.JUDGED_PER_SLICE);
      judged.push(...(await this.door.read((db) => closes.judgedCloses(db, id, slice))));
    }
    return { rows: judged, nextCursor };
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

  async prune(kept: ClosesKept): Promise<number> {
    let pruned = 0;
    for (let full = true; full; ) {
      const went = await this.door.write((db) => closes.pruneCloses(db, kept));
      pruned += went.closes;
      full = Math.max(went.closes, went.judged) >= closes.CLOSES_PER_SLICE;
      if (full) await this.door.letOthers();
    }
    return pruned;
  }
}
