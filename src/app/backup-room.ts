import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../platform/files.ts';

/** While the emergency room of a home is given up, it comes first: what a service needs to set it aside again. */
const RESERVE_RETURN_BYTES = 2 * 16 * 1024 * 1024;
const BYTES_PER_MB = 1_000_000;

/** Rejects with a sentence where a working copy in the home could fill the disk of the service that trades. */
export async function assertBackupRoom(home: string, databaseBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(home);
  const isHeld = await isThere(join(home, 'reserve'));
  const needed = 2 * databaseBytes + (isHeld ? 0 : RESERVE_RETURN_BYTES);
  const free = bavail * bsize;
  if (free >= needed) return;
  const why = isHeld ? '' : ' The emergency reserve of the home is given up: the disk was full.';
  throw new Error(
    `No backup was made: the disk of ${home} has ${megabytes(free)} free, and ${megabytes(needed)} are needed.${why}`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}
