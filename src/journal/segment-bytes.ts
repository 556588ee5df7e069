import { readFile } from 'node:fs/promises';
import { createZstdDecompress } from 'node:zlib';
import type { SegmentName } from './segment-name.ts';

/** What a file of the journal holds, as far as it can be read. */
export interface SegmentBytes {
  readonly bytes: Buffer;
  /** A sentence where a compressed file is damaged: `bytes` are what came before that place. */
  readonly fault: string | null;
}

/** Reads a segment, the open one too: of that, what was written by now. */
export async function readSegment(
  path: string,
  { packed }: Pick<SegmentName, 'packed'>,
): Promise<SegmentBytes> {
  const content = await readFile(path);
  return packed ? unpack(content) : { bytes: content, fault: null };
}

function unpack(content: Buffer): Promise<SegmentBytes> {
  const parts: Buffer[] = [];
  const stream = createZstdDecompress();
  return new Promise((resolve) => {
    const give = (fault: string | null): void => resolve({ bytes: Buffer.concat(parts), fault });
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', (error) => give(`it cannot be unpacked further: ${error.message}`));
    stream.on('end', () => {
      const behind = content.length - stream.bytesWritten;
      give(behind === 0 ? null : `${behind} bytes stand behind what was packed`);
    });
    stream.end(content);
  });
}
