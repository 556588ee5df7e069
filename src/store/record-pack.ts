import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** The window of the compression looks back no further. */
const DICTIONARY_BYTES_MAX = 32_000;

/**
 * Texts that look alike, one after the other: what a record has in common with them costs it nothing. Kept for as
 * long as a record packed with it is.
 */
export function makeDictionary(samples: readonly string[]): Uint8Array {
  const chosen: Buffer[] = [];
  let length = 0;
  for (const sample of samples) {
    const bytes = Buffer.from(sample);
    if (length + bytes.length > DICTIONARY_BYTES_MAX) continue;
    chosen.push(bytes);
    length += bytes.length;
  }
  return new Uint8Array(Buffer.concat(chosen));
}

/** Deflates a text; `unpackRecord` with the same dictionary gives it back. */
export function packRecord(text: string, dictionary: Uint8Array): Uint8Array {
  return deflateRawSync(text, { dictionary });
}

/** Throws on bytes that are damaged or were packed with another dictionary. */
export function unpackRecord(bytes: Uint8Array, dictionary: Uint8Array): string {
  return inflateRawSync(bytes, { dictionary }).toString();
}
