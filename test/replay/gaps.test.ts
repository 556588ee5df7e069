import { chmodSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import type { ReplayReport } from '../../src/journal/replay.ts';
import { replay } from '../../src/journal/replay.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { fresh, World } from '../scenario/any-course.ts';
import { FullDisk, JournalDesk } from './journal-desk.ts';

const WHOLE = { fromMs: null, toMs: null };
const PROTECT = { kind: 'timer', name: 'protect' } as const;

let desk = new JournalDesk();
afterEach(() => {
  desk.remove();
  desk = new JournalDesk();
});

function ticks(count: number, fromMs: number): readonly EngineEvent[] {
  return Array.from({ length: count }, (_, index) => ({ ...PROTECT, timeMs: fromMs + index }));
}

function gapsOf({ gaps }: ReplayReport) {
  return gaps.map(({ sequence, steps, reason }) => ({ sequence, steps, reason }));
}

describe('a step that breaks an invariant', () => {
  it('is the last of the journal, and breaks the same way in a replay', async () => {
    const world = new World();
    const engine = fresh();
    desk.begin(engine);
    for (const event of world.opening()) desk.step(engine, event);
    const unheardOf = { kind: 'unheard-of', timeMs: world.nowMs } as unknown as EngineEvent;
    let message = '';
    try {
      engine.step(unheardOf);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).not.toBe('');
    desk.broken(unheardOf, message);
    await desk.end();
    const decided: (string | null)[] = [];
    const onStep = ({ now }: { readonly now: string | null }) => decided.push(now);
    const report = await replay({ folder: desk.folder, ...WHOLE, onStep });
    expect(report).toMatchObject({ verdict: 'equal', steps: world.opening().length + 1 });
    expect(decided.at(-1)).toBe(JSON.stringify([{ kind: 'broken', message }]));
  });
});

describe('a journal that cannot keep up', () => {
  it('leaves steps out, says how many and why, and goes on from the state of then', async () => {
    const world = new World();
    const engine = fresh();
    desk.begin(engine, { stepsMax: 40 });
    for (const event of world.opening()) desk.step(engine, event);
    await desk.flush();
    for (const event of ticks(100, world.nowMs)) desk.step(engine, event);
    await desk.flush();
    for (const event of ticks(3, world.nowMs + 200)) desk.step(engine, event);
    await desk.end();

    const opening = world.opening().length;
    const report = await replay({ folder: desk.folder, ...WHOLE });
    expect(report).toMatchObject({ verdict: 'equal', steps: opening + 40 + 3, segments: 2, starts: 1 });
    const reason = 'The disk could not keep up with the steps.';
    expect(gapsOf(report)).toEqual([{ sequence: opening + 101, steps: 60, reason }]);
    expect(report.lastSequence).toBe(opening + 103);
    expect(desk.reports).toEqual([`The journal of inputs leaves out steps: ${reason}`]);
  });

  it('tries again half a minute after a write that failed, and tells of it once', async () => {
    const time = new VirtualTime(Date.UTC(2026, 0, 1));
    const engine = fresh();
    const disk = new FullDisk(desk.folder.path);
    desk = new JournalDesk(disk);
    desk.begin(engine, {}, time);
    for (const event of ticks(5, 1_000)) desk.step(engine, event);
    await desk.flush();
    disk.isFull = true;
    await time.advance(10_000);
    await desk.flush();
    for (const event of ticks(7, 2_000)) desk.step(engine, event);
    await desk.flush();
    await time.advance(40_000);
    await desk.flush();
    disk.isFull = false;
    await time.advance(40_000);
    await desk.flush();
    for (const event of ticks(2, 3_000)) desk.step(engine, event);
    await desk.end();

    const report = await replay({ folder: desk.folder, ...WHOLE });
    expect(report).toMatchObject({ verdict: 'equal', steps: 7, lastSequence: 14 });
    expect(gapsOf(report)).toEqual([{ sequence: 13, steps: 7, reason: 'The disk is nearly full.' }]);
    expect(desk.reports).toEqual(['The journal of inputs leaves out steps: The disk is nearly full.']);
  });

  it('leaves the loop alone where its folder cannot be written at all', async () => {
    chmodSync(desk.folder.path, 0o700);
    const engine = fresh();
    const disk = new FullDisk(desk.folder.path);
    disk.isClosed = true;
    desk = new JournalDesk(disk);
    desk.begin(engine);
    for (const event of ticks(5, 1_000)) desk.step(engine, event);
    await desk.end();
    expect(readdirSync(desk.folder.path)).toEqual([]);
    expect(desk.reports).toHaveLength(1);
  });
});

describe('a journal that is kept for a time', () => {
  it('loses its oldest segments by age and by size, and never the open one', async () => {
    const time = new VirtualTime(Date.UTC(2026, 0, 1));
    const engine = fresh();
    desk.begin(engine, { segmentMs: 60_000 }, time);
    for (let minute = 0; minute < 5; minute += 1) {
      for (const event of ticks(3, time.nowMs())) desk.step(engine, event);
      await time.advance(61_000);
      await desk.flush();
    }
    const before = readdirSync(desk.folder.path).length;
    await desk.prune({ beforeMs: time.nowMs() - 150_000, bytesMax: 1e9 });
    const young = readdirSync(desk.folder.path).length;
    expect(young).toBeLessThan(before);
    expect(young).toBeGreaterThan(1);
    await desk.prune({ beforeMs: 0, bytesMax: 1 });
    expect(readdirSync(desk.folder.path)).toHaveLength(1);
    for (const event of ticks(3, time.nowMs())) desk.step(engine, event);
    await desk.end();
    expect(await replay({ folder: desk.folder, ...WHOLE })).toMatchObject({ verdict: 'equal', steps: 3 });
  });
});
