import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { assertBackupRoom } from './backup-room.ts';

test('a backup the disk has no room for twice is refused with numbers', async () => {
  await expect(assertBackupRoom(tmpdir(), 2 ** 50)).rejects.toThrow(/ MB free, and \d+\.\d MB are needed/);
  await assertBackupRoom(tmpdir(), 1);
});
