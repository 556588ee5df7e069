import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemTime } from '../../src/platform/time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';

const ROUNDS = 5;
const ACKNOWLEDGED_MIN = 200;
const WRITER = fileURLToPath(new URL('./store-writer.ts', import.meta.url));

/** Runs a writer until it has acknowledged enough, kills it with no warning; gives the lines it printed. */
async function killedWriter(file: string, prefix: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [WRITER, file, prefix], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let faults = '';
  child.stderr.on('data', (chunk) => {
    faults += String(chunk);
  });
  child.stdout.on('data', (chunk) => {
    printed += String(chunk);
    if (printed.split('\n').length > ACKNOWLEDGED_MIN) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal, faults).toBe('SIGKILL');
  return printed.split('\n').slice(0, -1);
}

test('S20: kill -9 in mid-write loses no acknowledged intent, and epochs go on rising', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infobot-crash-'));
  const file = join(folder, 'trading.db');
  const acknowledged: string[] = [];
  const epochs: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [first = '', ...rest] = await killedWriter(file, `r${String(round)}n`);
    epochs.push(Number(first.replace('epoch ', '')));
    acknowledged.push(...rest.map((line) => line.replace('intent ', '')));
    const store = openStore({ file, time: systemTime });
    const stored = new Set((await store.openIntents()).map((row) => row.clientOrderId));
    await store.close();
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * (ACKNOWLEDGED_MIN - 1));
  expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  expect(epochs).toHaveLength(ROUNDS);
  rmSync(folder, { recursive: true });
});
