import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { equalSecret, secureHex, secureText, sha256Hex } from './random.ts';
import { productVersion } from './version.ts';

test('secure texts have their bits and never repeat', () => {
  const texts = Array.from({ length: 1_000 }, () => secureText(32));
  expect(new Set(texts).size).toBe(1_000);
  for (const text of texts) expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(secureHex(8)).toMatch(/^[0-9a-f]{16}$/);
});

test('SHA-256 is that of FIPS 180-2, appendix B.1', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('secrets are equal only when all of them is', () => {
  expect(equalSecret('abcd', 'abcd')).toBe(true);
  expect(equalSecret('abcd', 'abce')).toBe(false);
  expect(equalSecret('abcd', 'abc')).toBe(false);
  expect(equalSecret('', 'a')).toBe(false);
});

test('the version is that of the package', async () => {
  const product: { version: string } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(productVersion()).toBe(product.version);
});
