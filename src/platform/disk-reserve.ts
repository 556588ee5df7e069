import { randomBytes } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolderSync } from './files.ts';

/** Exits, fills and the trading state of weeks fit in. */
const RESERVE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** What the system counts used space in. @see https://man7.org/linux/man-pages/man3/stat.3type.html */
const STAT_BLOCK_BYTES = 512;

/** Room on a disk that is set aside while there is some, and given up when there is none. */
export interface EmergencyRoom {
  isHeld(): boolean;
  /** Gives it up at once; false when it was given up before. */
  release(): boolean;
  /** Sets it aside, where the disk has room for it twice: once for it and once for work. True when it is held. */
  restore(): Promise<boolean>;
}

/** Emergency room as a file that is really there, byte for byte. */
export class DiskReserve implements EmergencyRoom {
  private readonly path: string;
  private readonly bytes: number;
  private held: boolean;
  private restoring: Promise<boolean> | null = null;

  /** Takes over the file of an earlier process; makes none. */
  constructor(path: string, bytes: number = RESERVE_BYTES) {
    this.path = path;
    this.bytes = bytes;
    this.held = isWhole(path, bytes);
  }

  isHeld(): boolean {
    return this.held;
  }

  release(): boolean {
    const wasHeld = this.held;
    this.held = false;
    rmSync(this.path, { force: true });
    return wasHeld;
  }

  async restore(): Promise<boolean> {
    if (this.held) return true;
    this.restoring ??= this.tryRestore().finally(() => {
      this.restoring = null;
    });
    return this.restoring;
  }

  private async tryRestore(): Promise<boolean> {
    const { bavail, bsize } = await statfs(dirname(this.path));
    if (bavail * bsize < 2 * this.bytes) return false;
    this.held = await this.make();
    return this.held;
  }

  private async make(): Promise<boolean> {
    const temporary = `${this.path}.tmp`;
    try {
      await fill(temporary, this.bytes);
      await rename(temporary, this.path);
      flushFolderSync(dirname(this.path));
      return true;
    } catch (error) {
      await rm(temporary, { force: true });
      if (error instanceof Error && 'code' in error && FULL_CODES.has(String(error.code))) return false;
      throw error;
    }
  }
}

/** The disk, or what this user may use of it. */
const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A file system that keeps zeros as holes, or packs what repeats, would set nothing aside: random bytes it is. */
async function fill(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
      await file.writeFile(randomBytes(Math.min(left, CHUNK_BYTES)));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function isWhole(path: string, bytes: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.size === bytes && found.blocks * STAT_BLOCK_BYTES >= bytes;
}
