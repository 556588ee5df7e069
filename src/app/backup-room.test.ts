import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { assertBackupRoom } from './backup-room.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  statfs: vi.fn(),
}));

const MIB = 2 ** 20;
let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'infobot-room-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** What the disk of the home has left. */
function leave(bytes: number): void {
  vi.mocked(statfs).mockResolvedValue({ bavail: bytes / 512, bsize: 512 } as Awaited<
    ReturnType<typeof statfs>
  >);
}

test('a backup needs room for the database twice while the reserve is held', async () => {
  writeFileSync(join(home, 'reserve'), '');
  leave(20 * MIB);
  await assertBackupRoom(home, 10 * MIB);
  leave(20 * MIB - 512);
  await expect(assertBackupRoom(home, 10 * MIB)).rejects.toThrow('21.0 MB free, and 21.0 MB are needed.');
});

test('with the reserve given up it leaves the 32 MiB that a service needs to set it aside again', async () => {
  leave(52 * MIB);
  await assertBackupRoom(home, 10 * MIB);
  leave(52 * MIB - 512);
  await expect(assertBackupRoom(home, 10 * MIB)).rejects.toThrow('the disk was full');
});
