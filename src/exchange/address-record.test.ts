import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryUseMark } from '../../test/fixture/memory-use-mark.ts';
import type { Time } from '../platform/time.ts';
import { VirtualTime } from '../platform/virtual-time.ts';
import type { RequestClass } from './exchange.ts';
import { FileUseMark } from './file-use-mark.ts';
import { RateBudget } from './rate-budget.ts';
import type { UseMark } from './use-mark.ts';

const START_MS = 1_800_000_000_000;
const LIMITS = { windowMs: 5_000, requestsPerWindow: 500, groupsPerSecond: {} };

/** Processes one after the other on one clock, each killed without a word when the next begins. */
function lives(mark: UseMark) {
  const time = new VirtualTime(START_MS);
  const sentMs: number[] = [];
  let current = 0;
  const start = () => {
    current += 1;
    const life = current;
    const budget = new RateBudget({ time, share: 1, limits: LIMITS, mark });
    const ask = (requestClass: RequestClass, count: number): void => {
      for (let asked = 0; asked < count; asked += 1) {
        budget
          .acquire(requestClass, 'any')
          .then((grant) => life === current && grant === 'granted' && sentMs.push(time.nowMs()))
          .catch(() => undefined);
      }
    };
    return { budget, ask };
  };
  const most = (): number =>
    Math.max(0, ...sentMs.map((from) => sentMs.filter((at) => at >= from && at < from + 5_000).length));
  return { time, start, sentMs, most };
}

describe('processes killed one after the other', () => {
  it('together never send more than one of them may', async () => {
    const life = fc.record({
      requestClass: fc.constantFrom<RequestClass[]>('scan', 'reconcile', 'protect'),
      asked: fc.integer({ min: 1, max: 700 }),
      livesMs: fc.integer({ min: 0, max: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: 12 }), async (all) => {
        const { time, start, most } = lives(new MemoryUseMark());
        for (const { requestClass, asked, livesMs } of all) {
          start().ask(requestClass, asked);
          await time.advance(livesMs);
        }
        await time.advance(20_000);
        expect(most()).toBeLessThanOrEqual(500);
      }),
      { numRuns: 30 },
    );
  });

  it('leave all but a little of the window to the next one where they used little', async () => {
    const { time, start, sentMs } = lives(new MemoryUseMark());
    start().ask('reconcile', 10);
    await time.advance(100);
    start().ask('protect', 500);
    await time.advance(0);
    expect(sentMs.length).toBeGreaterThanOrEqual(500 - 10 - 16);
  });

  it('leave all of it once a window has passed, or after a whole end', async () => {
    const whole = lives(new MemoryUseMark());
    whole.start().budget.close();
    whole.start().ask('protect', 500);
    await whole.time.advance(0);
    expect(whole.sentMs).toHaveLength(500);
  });

  it('send nothing at all until a ban that one of them heard is over', async () => {
    const { time, start, sentMs } = lives(new MemoryUseMark());
    start().budget.ban(600_000);
    await time.advance(100_000);
    const later = start();
    later.ask('protect', 5);
    await time.advance(499_999);
    expect(sentMs).toEqual([]);
    expect(later.budget.usage().bannedUntilMs).toBe(START_MS + 600_000);
    await time.advance(1);
    later.ask('protect', 5);
    await time.advance(0);
    expect(sentMs).toHaveLength(5);
  });

  it('are held back by a ban no longer than it was when the clock was set back meanwhile', () => {
    const mark = new MemoryUseMark();
    mark.note({ sent: [], ahead: 0, ban: { untilMs: START_MS + 3_600_000 + 600_000, lengthMs: 600_000 } });
    const { start } = lives(mark);
    expect(start().budget.usage().bannedUntilMs).toBe(START_MS + 600_000);
  });

  it('hand on no ban that is over, though the clock that dates it was set back meanwhile', async () => {
    const mark = new MemoryUseMark();
    const clock = { setMs: 0 };
    const { time } = lives(mark);
    const stepped: Time = {
      nowMs: () => time.nowMs() + clock.setMs,
      monotonicMs: () => time.monotonicMs(),
      after: (delayMs, task) => time.after(delayMs, task),
    };
    const start = () => new RateBudget({ time: stepped, share: 1, limits: LIMITS, mark });
    const first = start();
    first.ban(600_000);
    clock.setMs = -3_600_000;
    await time.advance(600_000);
    for (let sent = 0; sent < 20; sent += 1) void first.acquire('protect', 'any');
    await time.advance(100);
    expect(start().usage().bannedUntilMs).toBeNull();
  });

  it('note what they send a few requests at a time, a burst once', async () => {
    const mark = new MemoryUseMark();
    const { time, start } = lives(mark);
    const { ask } = start();
    const before = mark.notes;
    ask('reconcile', 400);
    await time.advance(0);
    expect(mark.notes - before).toBeLessThanOrEqual(2);
    await time.advance(10_000);
    const after = mark.notes;
    for (let second = 0; second < 80; second += 1) {
      ask('reconcile', 1);
      await time.advance(1_000);
    }
    expect(mark.notes - after).toBeLessThanOrEqual(11);
  });
});

describe('the mark in a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'infobot-use-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells the next process the last word, whatever length those before had', async () => {
    const path = join(folder, 'exchange-use.json');
    const first = new FileUseMark(path, () => undefined);
    expect(first.read()).toBeNull();
    const long = Array.from({ length: 50 }, (_, at): [number, number] => [START_MS + at, 9]);
    first.note({ sent: long, ahead: 16, ban: null });
    first.note({ sent: [[START_MS, 3]], ahead: 2, ban: { untilMs: START_MS, lengthMs: 5 } });
    await first.close();
    const use = { sent: [[START_MS, 3]], ahead: 2, ban: { untilMs: START_MS, lengthMs: 5 } };
    expect(new FileUseMark(path, () => undefined).read()).toEqual(use);
  });

  it.each(['', 'no json', '{"sent":[[1]]}'])(
    'is unreadable when it holds %j: then the window counts as used',
    async (content) => {
      const path = join(folder, 'exchange-use.json');
      writeFileSync(path, content);
      const mark = new FileUseMark(path, () => undefined);
      expect(mark.read()).toBe('unreadable');
      const { time, start, sentMs } = lives(mark);
      start().ask('reconcile', 10);
      await time.advance(5_000);
      expect(sentMs).toEqual([]);
      await time.advance(300);
      expect(sentMs).toHaveLength(10);
      await mark.close();
      expect(JSON.parse(readFileSync(path, 'utf8')).sent).not.toEqual([]);
    },
  );

  it('that cannot be written is told once and holds nobody up', async () => {
    const said: string[] = [];
    const mark = new FileUseMark(join(folder, 'nowhere', 'use.json'), (message) => said.push(message));
    mark.note({ sent: [], ahead: 1, ban: null });
    await mark.close();
    mark.note({ sent: [], ahead: 1, ban: null });
    await mark.close();
    expect(said).toEqual([expect.stringContaining('cannot be written')]);
  });
});
