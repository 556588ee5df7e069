import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { InputJournal } from '../../src/journal/input-journal.ts';
import { JournalFolder } from '../../src/journal/journal-folder.ts';
import { type ReplayedStep, replay } from '../../src/journal/replay.ts';
import { syntheticMarket } from '../../src/venue/market/synthetic.ts';
import { OPEN_FILTERS } from '../fixture/open-filters.ts';
import { createWorld } from './world.ts';

const MINUTE = 60_000;

it('what the whole service learns and decides, with lost replies and deaths, replays to byte-equal decisions', async () => {
  const path = mkdtempSync(join(tmpdir(), 'journal-'));
  const folder = new JournalFolder(path);
  const lives: InputJournal[] = [];
  const reports: string[] = [];
  let asked = 0;
  const world = await createWorld({
    seed: 17,
    settings: { timeframe: '1m', signal: { rsiLongMax: 40, rsiShortMin: 60 }, filter: OPEN_FILTERS },
    market: (startMs) => syntheticMarket({ seed: 17, instrumentCount: 20, startMs, candleScale: 'demo' }),
    fault: () => {
      asked += 1;
      return asked % 50 === 0 ? 'lose-reply' : 'pass';
    },
    inputs: (time) => {
      const limits = { segmentMs: 4 * MINUTE };
      const report = (message: string) => reports.push(message);
      const journal = new InputJournal({ folder, time, report, program: '1', runtime: 'test', limits });
      lives.push(journal);
      return journal;
    },
  });
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) {
      await world.time.advance(MINUTE);
      await lives.at(-1)?.flush();
    }
  };
  for (let life = 0; life < 3; life += 1) {
    world.trading().command({ kind: 'enable-auto-bot' }, 'test', 'simulation');
    await minutes(9);
    // What was learned since the last write dies with the service.
    await world.time.advance(400);
    // A dead process compresses nothing; here it would, so it has to be done with that.
    await lives.at(-1)?.prune({ beforeMs: 0, bytesMax: Number.POSITIVE_INFINITY });
    if (life < 2) await world.restart();
  }
  await world.stop();
  await lives.at(-1)?.stop();

  const seen: ReplayedStep[] = [];
  const report = await replay({ folder, fromMs: null, toMs: null, onStep: (step) => seen.push(step) });
  expect(reports).toEqual([]);
  expect(report).toMatchObject({ verdict: 'equal', starts: 3, gaps: [], difference: null, broken: null });
  expect(report.segments).toBeGreaterThan(6);
  expect(readdirSync(path).length).toBe(report.segments);
  // Nothing of the last life is missing: its end was in order.
  const told = world.journal.slice(-50).map((line) => JSON.parse(line).event);
  expect(JSON.parse(JSON.stringify(seen.slice(-50).map(({ event }) => event)))).toEqual(told);
  expect(seen.filter(({ decided }) => decided?.includes('"place-order"')).length).toBeGreaterThan(5);

  // A stretch in the middle is replayed from the segment it lies in.
  const fromMs = (report.firstMs ?? 0) + 15 * MINUTE;
  const stretch = await replay({ folder, fromMs, toMs: fromMs + 3 * MINUTE });
  expect(stretch.verdict).toBe('equal');
  expect(stretch.firstMs).toBeGreaterThanOrEqual(fromMs);
  expect(stretch.lastMs).toBeLessThanOrEqual(fromMs + 3 * MINUTE);
  expect(stretch.segments).toBeLessThanOrEqual(2);
  rmSync(path, { recursive: true });
}, 60_000);
