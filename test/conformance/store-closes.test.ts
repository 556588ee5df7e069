import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensure } from '../../src/core/base/assert.ts';
import { type InstrumentId, parseInstrumentId } from '../../src/core/domain/instrument.ts';
import type { Verdict } from '../../src/core/domain/verdict.ts';
import type { InstrumentAtClose, JudgedAtClose } from '../../src/core/engine/close-record.ts';
import { NO_INDICATORS } from '../../src/core/engine/indicators-at-close.ts';
import { systemTime } from '../../src/platform/time.ts';
import type { InstrumentCloseRow } from '../../src/store/close-row.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { close, decision, instrumentAtClose } from './store-rows.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infobot-closes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function withStore(work: (store: Store, file: string) => Promise<void>): Promise<void> {
  const file = join(folder, 'trading.db');
  const store = openStore({ file, time: systemTime });
  await work(store, file);
  await store.close();
}

function id(text: string): InstrumentId {
  return ensure(parseInstrumentId(text), 'A name.');
}

const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
const anyInstrument = fc.record({
  instrumentId: fc.constantFrom('AUSDT', 'BUSDT', 'CUSDT', 'DUSDT').map(id),
  outcome: fc.constantFrom<InstrumentAtClose['outcome']>('no-signal', 'vetoed', 'ordered', 'hold'),
  signal: fc.constantFrom<InstrumentAtClose['signal']>('wait', 'enter-long', 'enter-short'),
  trend: fc.constantFrom<InstrumentAtClose['trend']>('up', 'down', 'neutral', null),
  rsi: number,
  close: number,
  rsiLongMax: fc.constantFrom(29, 28.3),
  rsiShortMin: fc.constantFrom(71, 70.1),
  turnover24h: fc.option(fc.float({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
  dataAgeMs: fc.option(fc.nat(), { nil: null }),
  rank: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: null }),
  inPosition: fc.constantFrom<InstrumentAtClose['inPosition']>('long', 'short', null),
  blockers: fc.uniqueArray(fc.constantFrom('a.b', 'c.d', 'e.f')),
  judged: fc.record({
    direction: fc.constantFrom<JudgedAtClose['judged']['direction']>('long', 'short', null),
    indicators: fc.constant({ ...NO_INDICATORS, atrPct: 2.5 }),
    verdicts: fc.constantFrom([], [youngVerdict(12)], [youngVerdict(199), youngVerdict(7)]),
  }),
});

function youngVerdict(shown: number): Verdict {
  return {
    filter: 'maturity',
    code: 'filter.maturity.too-young',
    kind: 'veto',
    value: shown,
    threshold: 200,
    margin: shown - 200,
    unit: 'candles',
  };
}

/** Nothing is too old, nothing too much. */
const ALL = { beforeMs: 0, rowsMax: 1_000, judgedMax: 1_000 };

const byId = (a: InstrumentAtClose, b: InstrumentAtClose): number =>
  a.instrumentId < b.instrumentId ? -1 : 1;

describe('the closes of a store', () => {
  test('C1: a close is given back as it was saved, instrument by instrument and whole', async () => {
    const anyClose = fc.uniqueArray(anyInstrument, { selector: (row) => row.instrumentId });
    await fc.assert(
      fc.asyncProperty(fc.array(anyClose, { minLength: 1, maxLength: 4 }), async (lists) => {
        const store = openStore({ file: ':memory:', time: systemTime });
        const saved = lists.map((instruments, index) => close(index, instruments));
        for (const record of saved) await store.closes.save(record);
        const whole = await store.closes.newest(500, null);
        const sorted = whole.map((record) => ({
          ...record,
          instruments: record.instruments.toSorted(byId),
        }));
        const expected = saved.map((record) => ({
          ...record,
          instruments: record.instruments.map(({ judged: _judged, ...row }) => row).toSorted(byId),
        }));
        expect(sorted).toEqual(expected.toReversed());
        const { rows } = await store.closes.ofInstrument(id('AUSDT'), { limit: 500, cursor: null });
        const own = saved.flatMap(({ closeTimeMs, timeframe, instruments }) =>
          instruments
            .filter(({ instrumentId }) => instrumentId === 'AUSDT')
            .map((row) => ({ ...row, closeTimeMs, timeframe })),
        );
        expect(rows).toEqual(own.toReversed().map(({ judged: _judged, ...row }) => row));
        const judged = await store.closes.judgedOfInstrument(id('AUSDT'), { limit: 500, cursor: null });
        expect(judged.rows).toEqual(own.toReversed());
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  test('C2: saving the same close again replaces it', () =>
    withStore(async (store) => {
      await store.closes.save(close(1, [instrumentAtClose()]));
      await store.closes.save(close(1, [instrumentAtClose({ outcome: 'ordered', rank: 1 })]));
      const closes = await store.closes.newest(10, null);
      expect(closes.map(({ instruments }) => instruments.map(({ outcome }) => outcome))).toEqual([
        ['ordered'],
      ]);
    }));

  test('C3: the closes of one instrument come page by page, each once, newest first', () =>
    withStore(async (store) => {
      for (let index = 0; index < 7; index += 1) {
        const other = instrumentAtClose({ instrumentId: id('LATEUSDT') });
        const rows = index === 3 ? [other] : [instrumentAtClose({ close: index })];
        await store.closes.save(close(index, rows));
      }
      const seen: InstrumentCloseRow[] = [];
      let cursor: string | null = null;
      do {
        const page = await store.closes.ofInstrument(id('BTCUSDT'), { limit: 2, cursor });
        seen.push(...page.rows);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen.map((row) => row.close)).toEqual([6, 5, 4, 2, 1, 0]);
      const { nextCursor } = await store.closes.ofInstrument(id('BTCUSDT'), { limit: 2, cursor: null });
      const second = await store.closes.judgedOfInstrument(id('BTCUSDT'), { limit: 2, cursor: nextCursor });
      expect(second.rows.map((row) => row.close)).toEqual([4, 2]);
      const nobody = await store.closes.ofInstrument(id('NOBODYUSDT'), { limit: 2, cursor: null });
      expect(nobody).toEqual({ rows: [], nextCursor: null });
    }));

  test('C4: blockers are counted over more closes than one read takes, of one instrument and of all', () =>
    withStore(async (store) => {
      for (let index = 0; index < 300; index += 1) {
        const quiet = instrumentAtClose({ blockers: ['young'] });
        const signal = instrumentAtClose({
          instrumentId: id('ETHUSDT'),
          signal: 'enter-long',
          outcome: 'vetoed',
          blockers: index % 3 === 0 ? ['trend'] : ['trend', 'young'],
        });
        await store.closes.save(close(index, [quiet, signal]));
      }
      const fromMs = close(150, []).closeTimeMs;
      expect(await store.closes.countBlockers(id('ETHUSDT'), fromMs)).toEqual({
        closes: 150,
        looks: 150,
        signals: 150,
        outcomes: { vetoed: 150 },
        blockers: [
          { code: 'trend', looks: 150, signals: 150, alone: 50 },
          { code: 'young', looks: 100, signals: 100, alone: 0 },
        ],
      });
      expect(await store.closes.countBlockers(null, fromMs)).toEqual({
        closes: 150,
        looks: 300,
        signals: 150,
        outcomes: { 'no-signal': 150, vetoed: 150 },
        blockers: [
          { code: 'trend', looks: 150, signals: 150, alone: 50 },
          { code: 'young', looks: 250, signals: 100, alone: 0 },
        ],
      });
      const unknown = await store.closes.countBlockers(id('NOBODYUSDT'), 0);
      expect(unknown).toMatchObject({ closes: 0, looks: 0, blockers: [] });
    }));

  test('C5: closes that are too old or too many are dropped, the newest stay', () =>
    withStore(async (store) => {
      for (let index = 0; index < 200; index += 1)
        await store.closes.save(close(index, [instrumentAtClose()]));
      expect(await store.closes.prune({ ...ALL, beforeMs: close(10, []).closeTimeMs })).toBe(10);
      expect(await store.closes.prune({ ...ALL, rowsMax: 20 })).toBe(170);
      expect(await store.closes.newest(500, null)).toHaveLength(20);
      const [newest] = await store.closes.newest(1, null);
      expect(newest?.closeTimeMs).toBe(close(199, []).closeTimeMs);
      const [before] = await store.closes.newest(1, close(190, []).closeTimeMs + 1);
      expect(before?.closeTimeMs).toBe(close(190, []).closeTimeMs);
    }));

  test('C6: verdicts beyond the largest number are dropped, the oldest first; their closes stay', () =>
    withStore(async (store) => {
      for (let index = 0; index < 200; index += 1)
        await store.closes.save(close(index, [instrumentAtClose()]));
      expect(await store.closes.prune({ ...ALL, judgedMax: 20 })).toBe(0);
      const { rows } = await store.closes.judgedOfInstrument(id('BTCUSDT'), { limit: 500, cursor: null });
      expect(rows.map(({ judged }) => judged !== null)).toEqual([
        ...Array.from({ length: 20 }, () => true),
        ...Array.from({ length: 180 }, () => false),
      ]);
    }));
});

describe('full records', () => {
  test('P1: are read the same after they were packed, also those packed with another dictionary', () =>
    withStore(async (store) => {
      const year = 365 * 86_400_000;
      const rows = Array.from({ length: 130 }, (_, index) =>
        decision({
          timeMs: index < 70 ? index : year + index,
          recordJson: JSON.stringify({ index, text: 'the same words in every record '.repeat(40) }),
        }),
      );
      await store.addDecisions(rows);
      expect(await store.packDecisions(year + 100)).toBe(100);
      expect(await store.packDecisions(year + 100)).toBe(0);
      const { rows: read } = await store.listDecisions({ limit: 500, cursor: null });
      expect(read.map(({ id: _id, ...row }) => row)).toEqual(rows.toReversed());
    }));

  test('P2: beyond the largest number are dropped, the oldest first', () =>
    withStore(async (store) => {
      await store.addDecisions(Array.from({ length: 2_500 }, (_, timeMs) => decision({ timeMs })));
      expect(await store.prune({ decisionsMs: 0, eventsMs: 0, decisionsMax: 400 })).toBe(2_100);
      const { rows } = await store.listDecisions({ limit: 500, cursor: null });
      expect(rows.map(({ timeMs }) => timeMs)).toEqual(
        Array.from({ length: 400 }, (_, index) => 2_499 - index),
      );
    }));
});
