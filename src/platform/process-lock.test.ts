import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeProcessLock } from './process-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source = fileURLToPath(new URL('./process-lock.ts', import.meta.url));
const HOLD = `
  const { takeProcessLock } = await import(process.argv[1]);
  // A lock nobody refers to is collected, and with it let go.
  globalThis.lock = takeProcessLock(process.argv[2]);
  console.log(globalThis.lock === null ? 'refused' : 'held');
  setInterval(() => undefined, 1000);
`;

describe('takeProcessLock', () => {
  it('gives the lock to one process, and to the next when that one is killed', async () => {
    const file = join(folder, 'a.lock');
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLD, source, file]);
    const [said] = await once(holder.stdout, 'data');
    expect(String(said).trim()).toBe('held');
    expect(takeProcessLock(file)).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = takeProcessLock(file);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it("can be taken again after its release; its file is the owner's alone", () => {
    const file = join(folder, 'b.lock');
    takeProcessLock(file)?.release();
    const lock = takeProcessLock(file);
    expect(lock).not.toBeNull();
    expect(takeProcessLock(file)).toBeNull();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    lock?.release();
  });
});
