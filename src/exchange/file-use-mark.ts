import { constants, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import type { AddressUse, UseMark } from './use-mark.ts';

const count = z.number().int().nonnegative();
const addressUse = z.strictObject({
  sent: z.array(z.tuple([z.number(), count])),
  ahead: count,
  ban: z.strictObject({ untilMs: z.number(), lengthMs: z.number() }).nullable(),
});

/** Always as long, so that a shorter text leaves nothing of a longer one, and no disk has to find room for it. */
const LENGTH = 4_096;
const PRIVATE_FILE_MODE = 0o600;

/**
 * The use of an address as a small file of the home, written over in place. The system keeps what a killed process has
 * written; of a power cut only a ban has to outlive it. One write is under way at a time, of the newest word.
 */
export class FileUseMark implements UseMark {
  private readonly path: string;
  private readonly report: (message: string) => void;
  private file: FileHandle | null = null;
  private newest: AddressUse | null = null;
  private writing: Promise<void> | null = null;
  private hasFailed = false;

  constructor(path: string, report: (message: string) => void) {
    this.path = path;
    this.report = report;
  }

  read(): AddressUse | 'unreadable' | null {
    try {
      return addressUse.safeParse(JSON.parse(readFileSync(this.path, 'utf8'))).data ?? 'unreadable';
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return isMissing ? null : 'unreadable';
    }
  }

  note(use: AddressUse): void {
    this.newest = use;
    this.writing ??= this.writeNewest().finally(() => {
      this.writing = null;
    });
  }

  /** Resolves when the last word is written, or could not be. */
  async close(): Promise<void> {
    await this.writing;
    await this.file?.close();
    this.file = null;
  }

  private async writeNewest(): Promise<void> {
    while (this.newest !== null) {
      const use = this.newest;
      this.newest = null;
      try {
        await this.write(use);
      } catch (error) {
        if (!this.hasFailed) this.report(`${this.path} cannot be written: ${String(error)}`);
        this.hasFailed = true;
      }
    }
  }

  private async write(use: AddressUse): Promise<void> {
    this.file ??= await open(this.path, constants.O_RDWR | constants.O_CREAT, PRIVATE_FILE_MODE);
    await this.file.write(JSON.stringify(use).padEnd(LENGTH), 0, 'utf8');
    if (use.ban !== null) await this.file.datasync();
  }
}
