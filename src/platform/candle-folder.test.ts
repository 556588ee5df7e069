import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listCandleFiles, readCandleFile } from './candle-folder.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candle-folder-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('listCandleFiles', () => {
  it('lists packed and plain files by name and passes others over', async () => {
    for (const file of ['ETHUSDT.csv', 'BTCUSDT.csv.gz', 'README.md', 'notes.csv.bak']) {
      await writeFile(join(folder, file), '');
    }
    const listed = await listCandleFiles(folder);
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(['BTCUSDT', 'ETHUSDT']);
  });

  it('says that a folder holds no candle file', async () => {
    expect(await listCandleFiles(folder)).toMatchObject({
      ok: false,
      error: { kind: 'no-files', path: folder },
    });
  });

  it('says that a folder cannot be read', async () => {
    const path = join(folder, 'absent');
    expect(await listCandleFiles(path)).toMatchObject({
      ok: false,
      error: { kind: 'unreadable', path, detail: 'does not exist' },
    });
  });
});

describe('readCandleFile', () => {
  it('unpacks what is packed', async () => {
    await writeFile(join(folder, 'A.csv.gz'), gzipSync('one\ntwo'));
    await writeFile(join(folder, 'B.csv'), 'three');
    expect(await readCandleFile(join(folder, 'A.csv.gz'))).toEqual({ ok: true, value: 'one\ntwo' });
    expect(await readCandleFile(join(folder, 'B.csv'))).toEqual({ ok: true, value: 'three' });
  });

  it('says that a damaged file cannot be read', async () => {
    const path = join(folder, 'A.csv.gz');
    await writeFile(path, gzipSync('one\ntwo').subarray(0, 12));
    expect(await readCandleFile(path)).toMatchObject({ ok: false, error: { kind: 'unreadable', path } });
  });
});
