import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { secureHex, sha256Hex } from './random.ts';
import type { Time } from './time.ts';

const PRIVATE_FILE_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;
/** A file changed less long ago than this may change again within the same tick of its clock, ms. */
const SETTLED_MS = 2_000;
/** Ends the line in front of what is kept. */
const NEWLINE = 10;
/** The line is filled up to a multiple of it, so that numbers of 8 bytes lie where they can be read in place. */
const ALIGNMENT = 8;

/** A file as it stood at one moment. */
interface FileStamp {
  readonly path: string;
  /** Format, size, times of change and place on the disk, as one text. */
  readonly text: string;
  /** False right after a change. */
  readonly settled: boolean;
}

/**
 * Keeps in a folder what was made of other files, so that it need not be made again. Each is kept under the path of
 * its source, with the stamp of it and a checksum. Losing the folder costs time and nothing else.
 */
export class DerivedFiles {
  private readonly folder: string;
  private readonly format: string;
  private readonly time: Pick<Time, 'nowMs'>;

  /** `format` names what is kept and how: what was kept in another is not found. */
  constructor(
    folder: string,
    { format, time }: { readonly format: string; readonly time: Pick<Time, 'nowMs'> },
  ) {
    this.folder = folder;
    this.format = format;
    this.time = time;
  }

  /** The file as it stands now; null when it cannot be seen. To be taken before the file is read. */
  stamp(path: string): FileStamp | null {
    const seen = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (seen === undefined) return null;
    const text = [this.format, seen.size, seen.mtimeNs, seen.ctimeNs, seen.ino].join(' ');
    return { path, text, settled: Number(seen.ctimeMs) < this.time.nowMs() - SETTLED_MS };
  }

  /** What was kept for the file as it stands; null when nothing was, the file has changed, or what was kept is damaged. */
  find(stamp: FileStamp): Uint8Array | null {
    try {
      const kept = readFileSync(this.placeOf(stamp.path));
      const start = kept.indexOf(NEWLINE) + 1;
      const content = kept.subarray(start);
      return kept.toString('utf8', 0, start).trimEnd() === lineOf(stamp, content) ? content : null;
    } catch {
      return null;
    }
  }

  /** Keeps what was made of a file. Whatever stands in the way of it is no fault: it will be made again. */
  async keep(stamp: FileStamp, content: Uint8Array): Promise<void> {
    if (!stamp.settled) return;
    const place = this.placeOf(stamp.path);
    const temporary = `${place}.${secureHex(8)}.tmp`;
    const line = lineOf(stamp, content);
    const length = Math.ceil((Buffer.byteLength(line) + 1) / ALIGNMENT) * ALIGNMENT;
    const head = Buffer.alloc(length, ' ');
    head.write(line);
    head[length - 1] = NEWLINE;
    try {
      mkdirSync(this.folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
      await writeFile(temporary, Buffer.concat([head, content]), { mode: PRIVATE_FILE_MODE });
      await rename(temporary, place);
    } catch {
      await rm(temporary, { force: true }).catch(() => null);
    }
  }

  private placeOf(path: string): string {
    return join(this.folder, sha256Hex(path).slice(0, 32));
  }
}

function lineOf({ text }: FileStamp, content: Uint8Array): string {
  return `${text} ${content.length} ${crc32(content)}`;
}
