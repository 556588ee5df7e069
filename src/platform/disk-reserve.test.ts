import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DiskReserve } from './disk-reserve.ts';

const BYTES = 300_000;

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-reserve-'));
  path = join(folder, 'reserve');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a disk reserve', () => {
  test('takes its bytes from the disk, for its owner alone', async () => {
    const reserve = new DiskReserve(path, BYTES);
    expect(reserve.isHeld()).toBe(false);
    expect(await reserve.restore()).toBe(true);
    const { size, blocks, mode } = statSync(path);
    expect(size).toBe(BYTES);
    expect(blocks * 512).toBeGreaterThanOrEqual(BYTES);
    expect(mode & 0o777).toBe(0o600);
    expect(new DiskReserve(path, BYTES).isHeld()).toBe(true);
  });

  test('is given up once, and set aside again', async () => {
    const reserve = new DiskReserve(path, BYTES);
    await reserve.restore();
    expect([reserve.release(), reserve.release()]).toEqual([true, false]);
    expect(existsSync(path)).toBe(false);
    expect(reserve.isHeld()).toBe(false);
    expect(await reserve.restore()).toBe(true);
  });

  test('is not set aside where the disk has no room for it twice', async () => {
    const reserve = new DiskReserve(path, 2 ** 50);
    expect(await reserve.restore()).toBe(false);
    expect(reserve.isHeld()).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ['half of it', () => writeFileSync(path, 'x'.repeat(BYTES / 2))],
    [
      'a hole',
      () => {
        writeFileSync(path, '');
        truncateSync(path, BYTES);
      },
    ],
  ])('of an earlier process that is %s does not count', (_what, leave) => {
    leave();
    expect(new DiskReserve(path, BYTES).isHeld()).toBe(false);
  });
});
