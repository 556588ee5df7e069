import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import {
  InputJournal,
  type InputJournalOptions,
  type JournalLimits,
} from '../../src/journal/input-journal.ts';
import { JournalFolder, type JournalRetention } from '../../src/journal/journal-folder.ts';
import { systemTime, type Time } from '../../src/platform/time.ts';

/** A disk that can be full, or not there. */
export class FullDisk extends JournalFolder {
  isFull = false;
  isClosed = false;

  override async hasRoom(): Promise<boolean> {
    return !this.isFull && (await super.hasRoom());
  }

  override async openSegment(segment: number, startedMs: number) {
    if (this.isClosed) throw new Error('EACCES: permission denied');
    return super.openSegment(segment, startedMs);
  }
}

/** An engine whose steps are written to a folder of its own. */
export class JournalDesk {
  readonly folder: JournalFolder;
  readonly reports: string[] = [];
  private journal: InputJournal | null = null;
  private sequence = 0;

  constructor(folder = new JournalFolder(mkdtempSync(join(tmpdir(), 'journal-')))) {
    this.folder = folder;
  }

  /** A start of the service: from the state the engine is in. */
  begin(engine: Engine, limits: Partial<JournalLimits> = {}, time: Time = systemTime): void {
    this.journal = new InputJournal({ ...this.options(time), limits });
    this.sequence = 0;
    this.journal.begin(engine);
  }

  step(engine: Engine, event: EngineEvent): void {
    const decisions = engine.step(event);
    this.sequence += 1;
    this.journal?.onStep(this.sequence, event, decisions);
  }

  /** The engine has thrown. */
  broken(event: EngineEvent, message: string): void {
    this.journal?.onBrokenStep(event, message);
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    await this.journal?.flush();
  }

  async prune(retention: JournalRetention): Promise<void> {
    await this.journal?.prune(retention);
  }

  /** Ends the run in order. */
  async end(): Promise<void> {
    await this.journal?.stop();
    this.journal = null;
  }

  remove(): void {
    rmSync(this.folder.path, { recursive: true, force: true });
  }

  private options(time: Time): InputJournalOptions {
    const report = (message: string): void => {
      this.reports.push(message);
    };
    return { folder: this.folder, time, report, program: '1.0', runtime: 'test' };
  }
}
