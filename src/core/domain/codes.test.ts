import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODES, codeMeaning } from './codes.ts';

const source = join(import.meta.dirname, '..', '..');
const PREFIXES = ['filter', 'risk', 'gate', 'exit', 'engine'];

/** All sources but the catalogue and the tests, as one text. */
function sources(): string {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const read = files.filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|codes\.ts$/.test(file));
  expect(read.length, 'sources were read').toBeGreaterThan(50);
  return read.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
}

/** Codes composed of a prefix and a word are written as the word alone, quoted. */
function isUsed(code: string, text: string): boolean {
  const word = code.slice(code.lastIndexOf('.') + 1);
  const composed = code.startsWith('engine.entry.') || code === 'exit.manual';
  return text.includes(`'${code}'`) || (composed && text.includes(`'${word}'`));
}

describe('codes', () => {
  it('are lower-case words under a known prefix, each with a sentence', () => {
    for (const [code, meaning] of Object.entries(CODES)) {
      expect(code).toMatch(/^[a-z]+(\.[a-z]+(-[a-z]+)*){1,2}$/);
      expect(PREFIXES).toContain(code.split('.')[0]);
      expect(meaning, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('are all used, and all that are used are there', () => {
    const text = sources();
    for (const code of Object.keys(CODES)) expect(isUsed(code, text), code).toBe(true);
    // An exit may be named by its rule alone; two words of another prefix are a path into the settings.
    const written = text.matchAll(
      /'((?:filter|risk|engine)\.[a-z-]+\.[a-z-]+|exit\.[a-z-]+(?:\.[a-z-]+)?)'/g,
    );
    for (const [, code] of written) expect(codeMeaning(code ?? ''), code).not.toBeNull();
  });

  it('mean nothing when they are not of the catalogue', () => {
    expect(codeMeaning('filter.unheard-of')).toBeNull();
    expect(codeMeaning('toString')).toBeNull();
  });
});
