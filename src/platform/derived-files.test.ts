import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DerivedFiles } from './derived-files.ts';

const LATER_MS = 60_000;
const CONTENT = Uint8Array.from({ length: 4_000 }, (_, i) => i % 251);
let folder = '';
let source = '';
let nowMs = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'derived-'));
  source = join(folder, 'source.csv');
  await writeFile(source, 'one');
  nowMs = (await stat(source)).ctimeMs + LATER_MS;
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function files(format = 'plain-1'): DerivedFiles {
  return new DerivedFiles(join(folder, 'kept'), { format, time: { nowMs: () => nowMs } });
}

function found(format?: string): Uint8Array | null {
  const derived = files(format);
  const stamp = derived.stamp(source);
  return stamp === null ? null : derived.find(stamp);
}

async function keep(): Promise<void> {
  const derived = files();
  const stamp = derived.stamp(source);
  if (stamp !== null) await derived.keep(stamp, CONTENT);
}

/** The only file of the folder. */
async function keptPath(): Promise<string> {
  const [name = ''] = await readdir(join(folder, 'kept'));
  return join(folder, 'kept', name);
}

it('gives back what was kept, where numbers can be read in place', async () => {
  expect(found()).toBeNull();
  await keep();
  const content = found();
  expect(content).not.toBeNull();
  expect(Buffer.from(content ?? []).equals(CONTENT)).toBe(true);
  expect((content?.byteOffset ?? 1) % 8).toBe(0);
  expect((await stat(await keptPath())).mode & 0o777).toBe(0o600);
});

it('finds nothing once the file has changed, though its size and its time are put back', async () => {
  const then = new Date(Date.UTC(2025, 0, 1));
  await utimes(source, then, then);
  await keep();
  expect(found()).not.toBeNull();
  await writeFile(source, 'two');
  await utimes(source, then, then);
  expect(found()).toBeNull();
});

it('finds nothing of another format, and nothing of a file that is gone', async () => {
  await keep();
  expect(found('plain-2')).toBeNull();
  expect(found()).not.toBeNull();
  await rm(source);
  expect(files().stamp(source)).toBeNull();
});

it.each([
  ['a bit is wrong', (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)],
  ['the end is missing', (bytes: Buffer) => bytes.subarray(0, bytes.length - 8)],
  ['nothing is left', () => Buffer.alloc(0)],
])('finds nothing where %s', async (_, damage) => {
  await keep();
  const path = await keptPath();
  await writeFile(path, damage(await readFile(path)));
  expect(found()).toBeNull();
});

it('keeps nothing of a file that has just changed: it may change again unseen', async () => {
  nowMs -= LATER_MS;
  await keep();
  nowMs += LATER_MS;
  expect(found()).toBeNull();
});

it('goes on where nothing can be kept', async () => {
  await writeFile(join(folder, 'kept'), 'a file where the folder would be');
  await keep();
  expect(found()).toBeNull();
});
