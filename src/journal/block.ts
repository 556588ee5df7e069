import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** In front of every block: mark, length of its records, number and count of its steps, hash before it, sum, own hash. */
const MARK = Buffer.from('IBJ1', 'latin1');
const HASH_BYTES = 32;
const PREVIOUS_AT = 20;
/** Of everything before it: a length that was changed is no torn end. */
const SUM_AT = PREVIOUS_AT + HASH_BYTES;
const HASH_AT = SUM_AT + 4;
const HEADER_BYTES = HASH_AT + HASH_BYTES;

/** What the first block of a journal goes on from. */
export const NO_HASH = Buffer.alloc(HASH_BYTES);

/** Where a block stands. */
export interface BlockPlace {
  /** Number of its first step, or of the one that follows where it holds none. */
  readonly firstSequence: number;
  readonly steps: number;
  /** Hash of the block before it. */
  readonly previous: Buffer;
}

/** Records with what proves that they are those that were written, and what was written before them. */
export interface Block extends BlockPlace {
  /** Of the whole block in its file. */
  readonly offset: number;
  /** Of its first record in its file. */
  readonly recordsAt: number;
  /** Of the byte behind it. */
  readonly end: number;
  readonly records: Buffer;
  readonly hash: Buffer;
}

/** The bytes of a block. */
export function sealBlock(
  records: Buffer,
  { firstSequence, steps, previous }: BlockPlace,
): { readonly bytes: Buffer; readonly hash: Buffer } {
  const header = Buffer.alloc(HEADER_BYTES);
  MARK.copy(header);
  header.writeUInt32LE(records.length, 4);
  header.writeDoubleLE(firstSequence, 8);
  header.writeUInt32LE(steps, 16);
  previous.copy(header, PREVIOUS_AT);
  header.writeUInt32LE(crc32(header.subarray(0, SUM_AT)), SUM_AT);
  const bytes = Buffer.concat([header, records]);
  const sealed = hashOf(bytes);
  sealed.copy(bytes, HASH_AT);
  return { bytes, hash: sealed };
}

/** The block at `offset`; `torn` where the file ends within it, `damaged` where none begins there. */
export function blockAt(file: Buffer, offset: number): Block | 'torn' | 'damaged' {
  const header = file.subarray(offset, offset + HEADER_BYTES);
  const mark = header.subarray(0, MARK.length);
  if (!mark.equals(MARK.subarray(0, mark.length))) return 'damaged';
  if (header.length < HEADER_BYTES) return 'torn';
  if (crc32(header.subarray(0, SUM_AT)) !== header.readUInt32LE(SUM_AT)) return 'damaged';
  const size = header.readUInt32LE(4);
  const recordsAt = offset + HEADER_BYTES;
  const end = recordsAt + size;
  // A block that was being written is the last of its file.
  if (end > file.length) return file.indexOf(MARK, offset + 1) === -1 ? 'torn' : 'damaged';
  return {
    offset,
    recordsAt,
    end,
    firstSequence: header.readDoubleLE(8),
    steps: header.readUInt32LE(16),
    previous: header.subarray(PREVIOUS_AT, SUM_AT),
    records: file.subarray(recordsAt, end),
    hash: header.subarray(HASH_AT),
  };
}

/** True when the block of a file is as it was written. */
export function isSound(file: Buffer, { offset, end, hash: written }: Block): boolean {
  return hashOf(file.subarray(offset, end)).equals(written);
}

/** Of everything but the place of the hash itself. */
function hashOf(block: Buffer): Buffer {
  const parts = [block.subarray(0, HASH_AT), hash('sha256', block.subarray(HEADER_BYTES), 'buffer')];
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
