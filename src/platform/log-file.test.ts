import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { logFile } from './log-file.ts';
import { VirtualTime } from './virtual-time.ts';

test('a file that cannot be written goes on when it can, and says how many lines are missing', async () => {
  const home = mkdtempSync(join(tmpdir(), 'infobot-log-'));
  const file = join(home, 'logs', 'bots.log');
  // What is no file cannot be written.
  mkdirSync(file, { recursive: true });
  const time = new VirtualTime(1_000_000);
  const said: string[] = [];
  const sink = logFile({ home, name: 'bots', time, say: (text) => said.push(text) });
  sink.write('first\n');
  sink.write('second\n');
  await vi.waitFor(() => expect(said).toHaveLength(1));
  sink.write('third\n');
  rmdirSync(file);
  sink.write('too early\n');
  await time.advance(10_001);
  sink.write('fifth\n');
  sink.write('sixth\n');
  await vi.waitFor(() => expect(said).toHaveLength(2));
  await sink.close();
  const [blank, missing, ...rest] = readFileSync(file, 'utf8').split('\n');
  rmSync(home, { recursive: true });
  expect(blank).toBe('');
  expect(JSON.parse(missing ?? '')).toEqual({
    level: 40,
    time: 1_010_001,
    name: 'bots',
    msg: 'Here at most 4 lines are missing: the file could not be written.',
  });
  expect(rest).toEqual(['fifth', 'sixth', '']);
  expect(said).toEqual([
    expect.stringContaining('cannot be written'),
    expect.stringContaining('4 lines are'),
  ]);
});
