import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { JournalFolder } from './journal-folder.ts';
import { readJournal } from './read-journal.ts';
import { readSegment } from './segment-bytes.ts';
import { segmentFile } from './segment-name.ts';

test('bytes behind a packed segment are a fault, an emptied one is no torn end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-segment-'));
  const path = join(folder, 'packed');
  const packed = zstdCompressSync(Buffer.alloc(300_000, 'ab'));
  writeFileSync(path, packed);
  const whole = await readSegment(path, { packed: true });
  writeFileSync(path, Buffer.concat([packed, Buffer.from('appended')]));
  const appended = await readSegment(path, { packed: true });
  writeFileSync(join(folder, segmentFile(1, 0)), '');
  const parts: unknown[] = [];
  for await (const part of readJournal(new JournalFolder(folder), { fromMs: null, toMs: null }))
    parts.push(part);
  rmSync(folder, { recursive: true });
  expect(whole.fault).toBeNull();
  expect(appended.fault).not.toBeNull();
  expect(parts).toMatchObject([{ kind: 'broken', offset: 0, file: segmentFile(1, 0) }]);
});
