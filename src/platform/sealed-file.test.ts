import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSealHeader, sealFile, unsealFile } from './sealed-file.ts';

const PASSPHRASE = 'correct horse battery staple';
const CHUNK_BYTES = 1024 * 1024;

let folder = '';
let number = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-sealed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fresh(): string {
  number += 1;
  return join(folder, `f${number}`);
}

async function sealed(content: Uint8Array): Promise<string> {
  const from = fresh();
  const to = fresh();
  writeFileSync(from, content);
  await sealFile(from, to, { passphrase: PASSPHRASE, facts: { made: 5, by: 'test' }, costLog2: 4 });
  return to;
}

/** The content, or the sentence. */
async function opened(path: string, passphrase = PASSPHRASE): Promise<Buffer | string> {
  const to = fresh();
  const result = await unsealFile(path, to, passphrase);
  return result.ok ? readFileSync(to) : result.error;
}

function changed(path: string, change: (bytes: Buffer) => Uint8Array): string {
  const to = fresh();
  writeFileSync(to, change(Buffer.from(readFileSync(path))));
  return to;
}

/** No two chunks alike. */
function content(bytes: number): Buffer {
  const all = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4_096) all.writeUInt8((at / 4_096) % 251, at);
  return all;
}

describe('a sealed file', () => {
  test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])(
    'of %i bytes gives back what was put in',
    async (bytes) => {
      expect(content(bytes).equals((await opened(await sealed(content(bytes)))) as Buffer)).toBe(true);
    },
  );

  test('is its owner’s alone, says what it is, and holds nothing of its content in clear', async () => {
    const path = await sealed(Buffer.from('the content of the file'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).includes('content of')).toBe(false);
    const header = await readSealHeader(path);
    expect(header.ok && header.value.facts).toEqual({ made: 5, by: 'test' });
  });

  test('does not open with another passphrase', async () => {
    const path = await sealed(content(100));
    expect(await opened(path, 'correct horse battery stapler')).toContain('does not open');
  });

  test('is refused with any byte of it changed', async () => {
    const path = await sealed(Buffer.from('twenty bytes or more'));
    const { length } = readFileSync(path);
    for (let at = 0; at < length; at += 1) {
      const spoiled = changed(path, (bytes) => bytes.fill((bytes[at] ?? 0) ^ 1, at, at + 1));
      expect(await opened(spoiled), `byte ${at}`).toMatch(/damaged|no backup|format|does not open/);
    }
  });

  test('is refused when it was cut off anywhere', async () => {
    const path = await sealed(Buffer.from('twenty bytes or more'));
    const { length } = readFileSync(path);
    for (let end = 0; end < length; end += 1) {
      const cut = changed(path, (bytes) => bytes.subarray(0, end));
      expect(await opened(cut), `${end} bytes`).toMatch(/damaged|no backup/);
    }
  });

  test('is refused when a chunk is missing, twice there or in another place', async () => {
    const path = await sealed(content(3 * CHUNK_BYTES));
    const bytes = readFileSync(path);
    const step = CHUNK_BYTES + 16;
    const start = bytes.length - 3 * step;
    const chunk = (index: number): Buffer => bytes.subarray(start + index * step, start + (index + 1) * step);
    for (const order of [
      [0, 1],
      [0, 2],
      [1, 0, 2],
      [0, 1, 1, 2],
      [0, 1, 2, 2],
    ]) {
      const mixed = changed(path, () => Buffer.concat([bytes.subarray(0, start), ...order.map(chunk)]));
      expect(await opened(mixed), order.join()).toContain('damaged');
    }
  });

  test('never takes the place of another file', async () => {
    const from = fresh();
    const to = fresh();
    writeFileSync(from, 'x');
    writeFileSync(to, 'precious');
    await expect(sealFile(from, to, { passphrase: PASSPHRASE, facts: {}, costLog2: 4 })).rejects.toThrow(
      'EEXIST',
    );
    expect(readFileSync(to, 'utf8')).toBe('precious');
    expect(existsSync(to)).toBe(true);
  });
});
