import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { preparePrivateFolder } from '../platform/files.ts';
import { type Block, blockAt, isSound, NO_HASH } from './block.ts';
import { readSegment } from './segment-bytes.ts';
import { packedFile, type SegmentName, segmentFile, segmentsOf } from './segment-name.ts';

const PRIVATE_FILE_MODE = 0o600;
/** Behind the name of a segment until the state it begins with is durable. */
const UNNAMED = '.part';
/** Left to what matters more: the journal writes nothing on a disk that is as full as that, bytes. */
const FREE_BYTES_MIN = 128 * 2 ** 20;

/** Where a journal ends. */
export interface JournalEnd {
  /** 0 before the first. */
  readonly segment: number;
  /** Number of the last step that is whole; 0 before the first. */
  readonly sequence: number;
  readonly hash: Buffer;
}

/** How long segments are kept; what is reached first counts. */
export interface JournalRetention {
  readonly beforeMs: number;
  readonly bytesMax: number;
}

/** The files of a journal, readable by their owner alone. Everything rejects with the system's error. */
export class JournalFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** In order; empty where there is no journal. One that may not be read is not one that is not there: rejects. */
  async segments(): Promise<readonly SegmentName[]> {
    try {
      return segmentsOf(await readdir(this.path));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The journal in ${this.path} cannot be read: ${reason}.`, { cause: error });
    }
  }

  /** Makes the folder where it is missing and finds the last whole block of the journal in it. */
  async end(): Promise<JournalEnd> {
    await preparePrivateFolder(this.path);
    await this.dropUnnamed();
    const segments = await this.segments();
    const segment = segments.at(-1)?.segment ?? 0;
    for (const name of segments.toReversed()) {
      const { bytes } = await readSegment(join(this.path, name.file), name);
      const block = lastBlock(bytes);
      if (block !== null) {
        const sequence = block.firstSequence + block.steps - 1;
        return { segment, sequence, hash: Buffer.from(block.hash) };
      }
    }
    return { segment, sequence: 0, hash: NO_HASH };
  }

  /** A file of its own for a segment; it is none of the journal before `nameSegment`. */
  async openSegment(segment: number, startedMs: number): Promise<FileHandle> {
    const file = await open(this.unnamed(segment, startedMs), 'ax', PRIVATE_FILE_MODE);
    await file.chmod(PRIVATE_FILE_MODE);
    return file;
  }

  /** The state a segment begins with is durable: a file with a name that lacks it was tampered with or damaged. */
  async nameSegment(segment: number, startedMs: number): Promise<void> {
    await rename(this.unnamed(segment, startedMs), join(this.path, segmentFile(segment, startedMs)));
  }

  /** True while the disk has room for more than the journal. */
  async hasRoom(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.path);
    return bavail * bsize >= FREE_BYTES_MIN;
  }

  /** Compresses every segment but the one that is being written. The plain file goes when the other is durable. */
  async pack(openSegment: number): Promise<void> {
    for (const { file, segment, packed } of await this.segments()) {
      if (segment >= openSegment) return;
      const plain = join(this.path, file);
      if (packed) await rm(plain.slice(0, -PACKED_LENGTH), { force: true });
      else await packFile(plain);
    }
  }

  /** Removes the oldest segments, whole ones, but never the one that is being written. */
  async prune({ beforeMs, bytesMax }: JournalRetention, openSegment: number): Promise<void> {
    const all = await this.segments();
    const sizes = await Promise.all(all.map(async ({ file }) => (await stat(join(this.path, file))).size));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    for (const [index, { file, segment }] of all.entries()) {
      // A segment ends when the next one begins.
      const endedMs = all[index + 1]?.startedMs ?? Number.POSITIVE_INFINITY;
      if (segment >= openSegment || (endedMs >= beforeMs && bytes <= bytesMax)) return;
      await rm(join(this.path, file));
      bytes -= sizes[index] ?? 0;
    }
  }

  private unnamed(segment: number, startedMs: number): string {
    return join(this.path, `${segmentFile(segment, startedMs)}${UNNAMED}`);
  }

  /** What a process left that died before its segment had a name. */
  private async dropUnnamed(): Promise<void> {
    for (const file of await readdir(this.path))
      if (file.endsWith(`.journal${UNNAMED}`)) await rm(join(this.path, file), { force: true });
  }
}

/** The last block that is whole; null: none is. What a power cut has left at its place may have its length alone. */
function lastBlock(bytes: Buffer): Block | null {
  const blocks: Block[] = [];
  for (let block = blockAt(bytes, 0); typeof block !== 'string'; block = blockAt(bytes, block.end)) {
    blocks.push(block);
  }
  return blocks.findLast((block) => isSound(bytes, block)) ?? null;
}

const PACKED_LENGTH = packedFile('').length;

async function packFile(plain: string): Promise<void> {
  const temporary = `${plain}.tmp`;
  await rm(temporary, { force: true });
  const target = createWriteStream(temporary, { mode: PRIVATE_FILE_MODE, flags: 'wx', flush: true });
  await pipeline(createReadStream(plain), createZstdCompress(), target);
  await rename(temporary, packedFile(plain));
  await rm(plain);
}
