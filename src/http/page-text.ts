import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { assert } from '../core/base/assert.ts';

/** Stands in the page where this answer's nonce goes. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/**
 * The page as it is built now, for one nonce after the other: a page that was built anew names other files than the
 * one before. While it is being built, or when it cannot be used, the last good one stands. Stops without a first one.
 */
export class PageText {
  private readonly file: string;
  private parts: readonly string[];
  /** Time and size of the file that was last looked into; null: the first, read at start. */
  private seen: string | null = null;

  constructor(file: string) {
    this.file = file;
    const parts = partsOf(readFileSync(file, 'utf8'));
    assert(
      parts !== null,
      `index.html must contain ${NONCE_PLACEHOLDER}: without it the page has no styles.`,
    );
    this.parts = parts;
  }

  /** The text of one answer. */
  async withNonce(nonce: string): Promise<string> {
    await this.refresh();
    return this.parts.join(nonce);
  }

  private async refresh(): Promise<void> {
    try {
      const { mtimeMs, size } = await stat(this.file);
      const seen = `${mtimeMs} ${size}`;
      if (seen === this.seen) return;
      this.parts = partsOf(await readFile(this.file, 'utf8')) ?? this.parts;
      this.seen = seen;
    } catch {
      // Taken away while the page is built: the last one stands.
    }
  }
}

/** Null for what is no whole page of ours. */
function partsOf(text: string): readonly string[] | null {
  const parts = text.split(NONCE_PLACEHOLDER);
  return parts.length > 1 ? parts : null;
}
