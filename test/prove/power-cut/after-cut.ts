import type { Rng } from '../../../src/core/base/rng.ts';
import type { FileOperation } from './recording.ts';

/** A disk writes this much at once or not at all. */
const SECTOR_BYTES = 512;

type Change = Extract<FileOperation, { kind: 'write' | 'truncate' }>;

/** A file on its way to the disk: what is there for certain, and what was only handed over. */
interface Flushing {
  certain: Buffer;
  pending: Change[];
}

/** What the disk holds when the power goes. */
export interface AfterCut {
  readonly files: ReadonlyMap<string, Buffer>;
  /** What had been acknowledged by then. */
  readonly acknowledged: readonly string[];
  /** Changes that were handed over and never flushed: each was kept, dropped or torn. */
  readonly unflushed: number;
}

/**
 * The files as they are after a power cut behind the first `count` operations. What a flush had completed is there;
 * of what came after it every change is kept, dropped or torn by itself, in sectors, whatever the order.
 */
export function afterCut(
  base: ReadonlyMap<string, Buffer>,
  operations: readonly FileOperation[],
  { count, random }: { readonly count: number; readonly random: Rng },
): AfterCut {
  const files = new Map<string, Flushing>();
  for (const [file, bytes] of base) files.set(file, { certain: Buffer.from(bytes), pending: [] });
  const acknowledged: string[] = [];
  for (const operation of operations.slice(0, count)) {
    if (operation.kind === 'acknowledged') acknowledged.push(operation.what);
    else record(files, operation);
  }
  let unflushed = 0;
  const left = new Map<string, Buffer>();
  for (const [file, { certain, pending }] of files) {
    unflushed += pending.length;
    left.set(
      file,
      pending.reduce((bytes, change) => survive(bytes, change, random), certain),
    );
  }
  return { files: left, acknowledged, unflushed };
}

function record(
  files: Map<string, Flushing>,
  operation: Exclude<FileOperation, { kind: 'acknowledged' }>,
): void {
  const flushing = files.get(operation.file) ?? { certain: Buffer.alloc(0), pending: [] };
  files.set(operation.file, flushing);
  if (operation.kind !== 'sync') {
    flushing.pending.push(operation);
    return;
  }
  flushing.certain = flushing.pending.reduce(applied, flushing.certain);
  flushing.pending = [];
}

function survive(bytes: Buffer, change: Change, random: Rng): Buffer {
  const fate = random.next();
  if (fate < 0.35) return bytes;
  if (fate < 0.7 || change.kind === 'truncate') return applied(bytes, change);
  let torn = bytes;
  for (let at = 0; at < change.bytes.length; at += SECTOR_BYTES) {
    const sector = {
      ...change,
      offset: change.offset + at,
      bytes: change.bytes.subarray(at, at + SECTOR_BYTES),
    };
    if (random.next() < 0.5) torn = applied(torn, sector);
  }
  return torn;
}

function applied(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') return resized(bytes, change.bytes);
  const end = change.offset + change.bytes.length;
  const result = end > bytes.length ? resized(bytes, end) : bytes;
  change.bytes.copy(result, change.offset);
  return result;
}

/** What a file gains is zeros, as a file system gives them. */
function resized(bytes: Buffer, length: number): Buffer {
  const result = Buffer.alloc(length);
  bytes.copy(result, 0, 0, Math.min(bytes.length, length));
  return result;
}
