import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/journal/replay.ts';
import { fresh, moves, World } from '../scenario/any-course.ts';
import { JournalDesk } from './journal-desk.ts';

const WHOLE = { fromMs: null, toMs: null };

describe('a journaled course of events', () => {
  it('replays to byte-equal decisions, over segments and starts of the service', async () => {
    await fc.assert(
      fc.asyncProperty(moves, moves, fc.boolean(), async (before, after, rolls) => {
        const world = new World();
        const desk = new JournalDesk();
        let engine = fresh();
        let steps = 0;
        const run = (event: Parameters<typeof desk.step>[1]): void => {
          desk.step(engine, event);
          steps += 1;
        };
        const limits = rolls ? { segmentBytes: 1 } : {};
        desk.begin(engine, limits);
        for (const event of world.opening()) run(event);
        for (const [index, next] of before.entries()) {
          run(world.event(engine, next));
          if (index % 9 === 4) await desk.flush();
        }
        await desk.end();
        const stored = engine.snapshot();
        engine = fresh();
        engine.restore(stored);
        desk.begin(engine, limits);
        for (const event of world.start()) run(event);
        for (const next of after) run(world.event(engine, next));
        await desk.end();
        expect(desk.reports).toEqual([]);
        const report = await replay({ folder: desk.folder, ...WHOLE });
        expect(report).toMatchObject({ verdict: 'equal', steps, starts: 2, broken: null, difference: null });
        desk.remove();
      }),
      { numRuns: 60 },
    );
  });
});
