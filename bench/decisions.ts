import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, ensure } from '../src/core/base/assert.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { type CloseRecord, instrumentAtClose, type JudgedAtClose } from '../src/core/engine/close-record.ts';
import type { Decision, DecisionRecord } from '../src/core/engine/decision.ts';
import { Engine } from '../src/core/engine/engine.ts';
import { DEFAULT_TRADING_SETTINGS } from '../src/core/engine/settings.ts';
import { systemTime } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';
import type { DecisionRow, Store } from '../src/store/store.ts';
import { decisionRowOf } from '../src/trading/rows.ts';
import type { Bench, BenchOptions, BenchRow, BenchTable } from './bench.ts';
import { goalRow, percentile } from './figures.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS, syntheticCloses } from './market.ts';
import { candleAt, instrumentIds, introduce, START_MS, STEP_MS, TIMEFRAME } from './scripted-engine.ts';

const DAY_MS = 86_400_000;
const QUERY_MS_MAX = 100;
const DISK_MIB_MAX = 150;
const MIB = 2 ** 20;
/** RSI needs a past: closes before this are not recorded. */
const WARM_UP = 250;

/** A year of decision records of every instrument: what it takes on disk, to write and to ask. */
export const decisionsBench: Bench = { name: 'decisions', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const home = mkdtempSync(join(tmpdir(), 'infobot-bench-'));
  const file = join(home, 'trading.db');
  const store = openStore({ file, time: systemTime });
  try {
    const sizes = smoke
      ? { instruments: 20, closes: 8 }
      : { instruments: INSTRUMENTS, closes: CANDLES_OF_YEAR };
    const year = await writeYear(store, sizes);
    const rows = [...year.rows, ...(await queryRows(store, year, smoke ? 1 : 21))];
    await store.close();
    const mib = statSync(file).size / MIB;
    const disk = goalRow({ name: 'on disk, with indexes', unit: 'MiB', figures: [mib] }, DISK_MIB_MAX);
    return {
      title: `Decision records of ${sizes.closes} closes of ${sizes.instruments} instruments`,
      rows: [disk, ...rows],
      notes: [
        `${sizes.closes * sizes.instruments} records, every instrument at every close; ${year.full} of them also whole, with every verdict.`,
        'A SQLite file with synchronous=FULL; full records are packed once they are older than the newest close. A ratio is to the goal: 150 MiB, 100 ms.',
      ],
    };
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

interface Year {
  readonly ids: readonly InstrumentId[];
  readonly lastMs: number;
  /** Full records stored. */
  readonly full: number;
  readonly rows: readonly BenchRow[];
  readonly engine: Engine;
}

async function writeYear(store: Store, sizes: { instruments: number; closes: number }): Promise<Year> {
  const ids = instrumentIds(sizes.instruments);
  const columns = syntheticCloses(sizes.instruments, WARM_UP + sizes.closes);
  const engine = new Engine({ settings: DEFAULT_TRADING_SETTINGS, settingsVersion: 0 });
  introduce(engine, ids);
  const madeMs: number[] = [];
  const savedMs: number[] = [];
  let full = 0;
  let packedMs = 0;
  for (let row = 0; row < WARM_UP + sizes.closes; row += 1) {
    const records = stepClose(engine, ids, { columns, row });
    if (row < WARM_UP) continue;
    const startMs = systemTime.monotonicMs();
    const close = closeOf(engine, { row, records });
    madeMs.push(systemTime.monotonicMs() - startMs);
    const rows: DecisionRow[] = records.map(decisionRowOf);
    full += rows.length;
    await store.addDecisions(rows);
    savedMs.push(await timed(() => store.closes.save(close)));
    packedMs += await timed(() => store.packDecisions(close.closeTimeMs));
  }
  const at = (name: string, figures: readonly number[], percent: number): BenchRow =>
    goalRow({ name, unit: 'ms', figures: [percentile(figures, percent)] }, null);
  return {
    ids,
    engine,
    full,
    lastMs: START_MS + (WARM_UP + sizes.closes) * STEP_MS,
    rows: [
      at('a close put together, p50', madeMs, 50),
      at('a close put together, p99', madeMs, 99),
      at('a close stored, p50', savedMs, 50),
      at('a close stored, p99', savedMs, 99),
      at('a full record packed, on average', [packedMs / full], 50),
    ],
  };
}

/** Every instrument's candle and the pass after it; gives what the engine explained. */
function stepClose(
  engine: Engine,
  ids: readonly InstrumentId[],
  { columns, row }: { readonly columns: readonly Float64Array[]; readonly row: number },
): readonly DecisionRecord[] {
  const records: DecisionRecord[] = [];
  const keep = (decisions: readonly Decision[]): void => {
    for (const decision of decisions) if (decision.kind === 'explain') records.push(decision.record);
  };
  for (const [place, id] of ids.entries()) keep(engine.step(candleAt(id, row, columns[place]?.[row] ?? 1)));
  keep(engine.step({ kind: 'timer', timeMs: START_MS + (row + 1) * STEP_MS, name: 'entry-pass' }));
  return records;
}

function closeOf(
  engine: Engine,
  { row, records }: { readonly row: number; readonly records: readonly DecisionRecord[] },
): CloseRecord<JudgedAtClose> {
  const closeTimeMs = START_MS + (row + 1) * STEP_MS;
  const explained = new Map(records.map((record) => [record.instrumentId, record]));
  const instruments = engine.instrumentFacts().map((facts) => {
    const { instrumentId } = facts;
    const record = explained.get(instrumentId) ?? engine.explain(instrumentId, closeTimeMs);
    return instrumentAtClose(facts, record, engine.indicators(instrumentId, closeTimeMs));
  });
  return { timeframe: TIMEFRAME, closeTimeMs, account: engine.accountAtClose(), instruments };
}

async function queryRows(store: Store, year: Year, rounds: number): Promise<readonly BenchRow[]> {
  const { ids, lastMs, engine } = year;
  const id = ensure(ids[ids.length >> 1], 'A year has instruments.');
  const first = { limit: 500, cursor: null };
  const newest = { ...first, limit: 20 };
  const queries: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['why was one not traded: its newest 500 closes', () => store.closes.ofInstrument(id, first)],
    ['... with every verdict', () => store.closes.judgedOfInstrument(id, first)],
    ['... the newest 20 with every verdict', () => store.closes.judgedOfInstrument(id, newest)],
    ['... its whole year, page by page', () => wholeYear(store, id)],
    ['... its newest 500 full records', () => store.listDecisions({ ...first, instrumentId: id })],
    ['who blocked one in 30 days', () => store.closes.countBlockers(id, lastMs - 30 * DAY_MS)],
    ['who blocked one in a year', () => store.closes.countBlockers(id, 0)],
    ['who blocked anyone in 30 days', () => store.closes.countBlockers(null, lastMs - 30 * DAY_MS)],
    ['who blocked anyone in a year', () => store.closes.countBlockers(null, 0)],
    ['what changed since the last close: both read', () => store.closes.newest(2, null)],
    ['funnel of one close: read', () => store.closes.newest(1, lastMs - 180 * DAY_MS)],
    ['closest to entry, 20 of all', async () => engine.closestToEntry(20, lastMs)],
  ];
  const rows: BenchRow[] = [];
  for (const [name, ask] of queries) {
    const figures: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const ms = await timed(ask);
      if (round >= 0) figures.push(ms);
    }
    rows.push(goalRow({ name, unit: 'ms', figures }, QUERY_MS_MAX));
  }
  return rows;
}

async function wholeYear(store: Store, id: InstrumentId): Promise<void> {
  let cursor: string | null = null;
  let seen = 0;
  do {
    const page: Awaited<ReturnType<Store['closes']['ofInstrument']>> = await store.closes.ofInstrument(id, {
      limit: 500,
      cursor,
    });
    seen += page.rows.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  assert(seen > 0, 'A year of an instrument has closes.');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = systemTime.monotonicMs();
  await work();
  return systemTime.monotonicMs() - startMs;
}
