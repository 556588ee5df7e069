import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { flushFolderSync, privateEmptyFileSync, readJsonFile, writeFileAtomic } from '../platform/files.ts';

const haltSchema = z.strictObject({ sinceMs: z.number().int(), by: z.string(), reason: z.string() });
/** Since when nothing is entered, who said so and why. `reason` may be empty. */
export type Halt = z.infer<typeof haltSchema>;

const resumptionSchema = z.strictObject({
  resumedMs: z.number().int(),
  by: z.string(),
  reason: z.string(),
  halt: haltSchema,
});
/** Who lifted a halt, when and why. */
export type Resumption = z.infer<typeof resumptionSchema>;

/** What every sender of orders reads right before an order that can add exposure leaves. */
export interface HaltLatch {
  /** Null: nobody has halted trading. What cannot be read halts. Cheap enough for every entry. */
  read(): Halt | null;
  /** Halts; a halt in force stays as it is. True: it outlives this process. */
  latch(halt: Halt): Promise<boolean>;
  /** Writes a halt that could not be written yet. */
  persist(): Promise<void>;
  /** Who lifted the last halt, until `dropResumption`; null: nobody, or it was told already. */
  resumption(): Promise<Resumption | null>;
  dropResumption(): Promise<void>;
}

/** Why the latch tells nothing. */
interface Fault {
  readonly fault: string;
}
const UNREADABLE: Fault = { fault: 'the halt latch is there and cannot be read' };
const HOME_GONE: Fault = { fault: 'the home folder cannot be looked into' };

/**
 * The latch as `halt.json` in the home: there, nothing is entered, whatever it holds. It needs no service and no database.
 * A halt that cannot be written is in force in this process all the same.
 */
export class FileHaltLatch implements HaltLatch {
  private readonly path: string;
  private readonly resumedPath: string;
  private unwritten: Halt | null = null;
  /** What a file without room for its words would say. */
  private latest: Halt | null = null;

  constructor(home: string) {
    this.path = join(home, 'halt.json');
    this.resumedPath = join(home, 'resumed.json');
  }

  read(): Halt | null {
    const found = this.look();
    if (found === null) return this.unwritten;
    return isFault(found) ? (this.unwritten ?? this.latest ?? unexplained(found.fault)) : found;
  }

  async latch(halt: Halt): Promise<boolean> {
    const found = this.look();
    if (found === null || isFault(found)) this.unwritten ??= halt;
    await this.persist();
    return this.isThere();
  }

  async persist(): Promise<void> {
    if (this.unwritten === null) return;
    if (!this.isThere()) await this.write(this.unwritten);
    if (!this.isThere()) return;
    this.latest = this.unwritten;
    this.unwritten = null;
  }

  /** Lifts the halt, having written down who did; gives what was lifted, null: nothing. Rejects with the system's error. */
  async lift(resumed: Omit<Resumption, 'halt'>): Promise<Halt | null> {
    const halt = this.read();
    if (halt === null) return null;
    await writeFileAtomic(this.resumedPath, `${JSON.stringify({ ...resumed, halt }, null, 2)}\n`);
    await rm(this.path, { force: true });
    flushFolderSync(dirname(this.path));
    return halt;
  }

  async resumption(): Promise<Resumption | null> {
    const file = await readJsonFile(this.resumedPath);
    if (!file.ok) return null;
    return resumptionSchema.safeParse(file.value).data ?? null;
  }

  async dropResumption(): Promise<void> {
    await rm(this.resumedPath, { force: true });
  }

  /** On a disk without room for a byte an empty file still finds a place, and halts as well. */
  private async write(halt: Halt): Promise<void> {
    try {
      return await writeFileAtomic(this.path, `${JSON.stringify(halt, null, 2)}\n`);
    } catch {
      // The disk is full or cannot be written: the smallest thing that halts is tried next.
    }
    try {
      privateEmptyFileSync(this.path);
      flushFolderSync(dirname(this.path));
    } catch {
      // Another process may have halted meanwhile; what is there now is what counts.
    }
  }

  private isThere(): boolean {
    try {
      return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return false;
    }
  }

  /** Null: the home is there and holds no latch. */
  private look(): Halt | Fault | null {
    try {
      const content: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      return haltSchema.safeParse(content).data ?? UNREADABLE;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return UNREADABLE;
    }
    const home = statSync(dirname(this.path), { throwIfNoEntry: false });
    return home?.isDirectory() === true ? null : HOME_GONE;
  }
}

function isFault(found: Halt | Fault): found is Fault {
  return 'fault' in found;
}

/** A halt whose time and author cannot be known. */
function unexplained(reason: string): Halt {
  return { sinceMs: 0, by: 'unknown', reason };
}

/** A sentence for a person: since when, by whom, why. */
export function haltText({ sinceMs, by, reason }: Halt): string {
  const since =
    sinceMs === 0 ? '' : ` since ${new Date(sinceMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const who = by === 'unknown' ? '' : ` by ${by}`;
  const why = reason === '' ? '' : ` (${reason})`;
  return `Trading is halted${since}${who}${why}: nothing is entered, exits and stops go on. "infobot resume" lifts it.`;
}

/** Why nothing is entered, a sentence for a person; null: nobody has halted trading. */
export function haltOf(latch: HaltLatch): string | null {
  const halt = latch.read();
  return halt === null ? null : haltText(halt);
}
