import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockAt } from '../../src/journal/block.ts';
import { JournalFolder } from '../../src/journal/journal-folder.ts';
import { replay } from '../../src/journal/replay.ts';
import { fresh, World } from '../scenario/any-course.ts';
import { JournalDesk } from './journal-desk.ts';

const WHOLE = { fromMs: null, toMs: null };

/** Three starts of one service, the third of them still plain: a segment each, several blocks in the last. */
const desk = new JournalDesk();
let steps = 0;

async function run(world: World, flushes: boolean): Promise<void> {
  const engine = fresh();
  desk.begin(engine);
  for (const event of world.opening()) {
    desk.step(engine, event);
    steps += 1;
    if (flushes) await desk.flush();
  }
  await desk.end();
}

beforeAll(async () => {
  await run(new World(), false);
  await run(new World(), true);
  await run(new World(), true);
});
afterAll(() => desk.remove());

/** A copy of the journal, spoilt; what a replay says of it. */
async function spoilt(change: (path: (index: number) => string) => void) {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  await cp(desk.folder.path, folder, { recursive: true });
  const files = readdirSync(folder).toSorted();
  change((index) => join(folder, files[index]!));
  const report = await replay({ folder: new JournalFolder(folder), ...WHOLE });
  rmSync(folder, { recursive: true });
  return report;
}

/** The blocks of a plain file. */
function blocksOf(path: string) {
  const bytes = readFileSync(path);
  const blocks = [];
  for (let block = blockAt(bytes, 0); typeof block !== 'string'; block = blockAt(bytes, block.end))
    blocks.push(block);
  return { bytes, blocks };
}

describe('a journal that is not as it was written', () => {
  it('is equal as long as nobody touches it', async () => {
    const files = readdirSync(desk.folder.path);
    expect(files.filter((file) => file.endsWith('.zst'))).toHaveLength(2);
    expect(files).toHaveLength(3);
    expect(await spoilt(() => undefined)).toMatchObject({ verdict: 'equal', steps, segments: 3, torn: [] });
  });

  it('names the record of which any one byte was changed', async () => {
    const { bytes, blocks } = blocksOf(join(desk.folder.path, readdirSync(desk.folder.path).toSorted()[2]!));
    for (const block of [blocks[2]!, blocks.at(-1)!]) {
      const stride = Math.ceil((block.end - block.recordsAt) / 40);
      for (let at = block.offset; at < block.end; at += at < block.recordsAt ? 3 : stride) {
        const report = await spoilt((path) => {
          const copy = Buffer.from(bytes);
          copy[at] = (copy[at] ?? 0) ^ 0x10;
          writeFileSync(path(2), copy);
        });
        expect(report.verdict, `byte ${at}`).toBe('broken');
        expect(report.broken?.sequence).toBe(block.firstSequence);
        expect(report.steps).toBe(block.firstSequence - 1);
      }
    }
  });

  it('is broken where a block, and with it some records, was taken out', async () => {
    for (const out of [1, 4]) {
      const report = await spoilt((path) => {
        const { bytes, blocks } = blocksOf(path(2));
        const { offset, end } = blocks[out]!;
        writeFileSync(path(2), Buffer.concat([bytes.subarray(0, offset), bytes.subarray(end)]));
      });
      expect(report.broken?.detail).toContain('missing in between');
    }
  });

  it('is broken where a file is missing in the middle, and goes on without the oldest', async () => {
    const middle = await spoilt((path) => rmSync(path(1)));
    expect(middle.broken?.detail).toBe('The file of segment 2 is missing.');
    expect(middle).toMatchObject({ verdict: 'broken', steps: steps / 3 });
    const oldest = await spoilt((path) => rmSync(path(0)));
    expect(oldest).toMatchObject({ verdict: 'equal', steps: (steps / 3) * 2, firstSequence: steps / 3 + 1 });
  });

  it('is broken where the last block of a file that is not the last was cut off', async () => {
    const report = await spoilt((path) => {
      const bytes = zstdDecompressSync(readFileSync(path(1)));
      rmSync(path(1));
      const plain = path(1).replace('.zst', '');
      writeFileSync(plain, bytes);
      writeFileSync(plain, bytes.subarray(0, blocksOf(plain).blocks.at(-1)!.offset));
    });
    expect(report.broken).toMatchObject({ detail: expect.stringContaining('missing in between') });
    expect(report.broken?.file).toMatch(/^00000003_/);
  });

  it('is broken where the newest file was emptied, or cut off within the state it begins with', async () => {
    for (const left of [0, 40, 3_000]) {
      const report = await spoilt((path) => truncateSync(path(2), left));
      expect(report).toMatchObject({ verdict: 'broken', torn: [], steps: (steps / 3) * 2 });
      expect(report.broken?.file).toMatch(/^00000003_/);
      expect(report.broken?.detail).toContain('emptied or cut off');
    }
  });

  it('does not know a file before the state it begins with is durable, and clears such away', async () => {
    const small = new JournalDesk();
    writeFileSync(join(small.folder.path, '00000001_2026-11-23T19-20-00.000Z.journal.part'), 'x');
    expect(await small.folder.segments()).toEqual([]);
    small.begin(fresh());
    await small.end();
    expect(readdirSync(small.folder.path).map((file) => file.slice(-8))).toEqual(['.journal']);
    small.remove();
  });

  it('is broken where a compressed file is damaged or cut short', async () => {
    const changed = await spoilt((path) => {
      const bytes = readFileSync(path(0));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
      writeFileSync(path(0), bytes);
    });
    expect(changed.verdict).toBe('broken');
    expect(changed.broken?.file).toMatch(/^00000001_/);
    const cut = await spoilt((path) => truncateSync(path(0), readFileSync(path(0)).length - 9));
    expect(cut.verdict).toBe('broken');
  });

  it('ends at the last whole record wherever the file was torn, and the next start goes on from there', async () => {
    const small = new JournalDesk();
    const engine = fresh();
    small.begin(engine);
    for (const timeMs of [1_000, 2_000, 3_000]) {
      small.step(engine, { kind: 'timer', timeMs, name: 'protect' });
      await small.flush();
    }
    await small.end();
    const path = join(small.folder.path, readdirSync(small.folder.path)[0]!);
    const { bytes, blocks } = blocksOf(path);
    for (let size = blocks[1]!.offset; size <= bytes.length; size += 1) {
      writeFileSync(path, bytes.subarray(0, size));
      const report = await replay({ folder: small.folder, ...WHOLE });
      const whole = blocks.findLast(({ end }) => end <= size)!;
      const steps = whole.firstSequence + whole.steps - 1;
      expect(report).toMatchObject({ verdict: steps === 0 ? 'nothing' : 'equal', steps });
      expect(report.torn.map((torn) => torn.bytes)).toEqual(size === whole.end ? [] : [size - whole.end]);
    }
    writeFileSync(path, bytes.subarray(0, bytes.length - 5));
    small.begin(engine);
    small.step(engine, { kind: 'timer', timeMs: 4_000, name: 'protect' });
    await small.end();
    const report = await replay({ folder: small.folder, ...WHOLE });
    expect(report).toMatchObject({ verdict: 'equal', steps: 3, starts: 2, torn: [{ sequence: 3 }] });
    small.remove();
  });
});
