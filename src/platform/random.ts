import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Unguessable text of `bytes` random bytes, base64url: letters, digits, `-` and `_`. For secrets. */
export function secureText(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Unguessable lower-case hex text, two characters a byte. For names of files and ids. */
export function secureHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/**
 * SHA-256 of a text, or of bytes, lower-case hex. Enough for random secrets of 128 bits and more; never for passwords.
 */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Equality of two texts in a time that tells nothing of where they differ, nor of their lengths. */
export function equalSecret(a: string, b: string): boolean {
  const hashOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(hashOf(a), hashOf(b));
}
