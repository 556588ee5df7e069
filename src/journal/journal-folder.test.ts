import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JournalFolder } from './journal-folder.ts';

test('a journal that cannot be read is not taken for one that is not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-journal-'));
  const unreadable = join(folder, 'file');
  writeFileSync(unreadable, '');
  const said = await new JournalFolder(unreadable).segments().catch(String);
  const missing = await new JournalFolder(join(folder, 'none')).segments();
  rmSync(folder, { recursive: true });
  expect(said).toContain('cannot be read');
  expect(missing).toEqual([]);
});
