import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../src/core/base/assert.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { Engine } from '../src/core/engine/engine.ts';
import { DEFAULT_TRADING_SETTINGS } from '../src/core/engine/settings.ts';
import { systemTime } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';
import type { CloseLog, Store } from '../src/store/store.ts';
import { CloseRecorder } from '../src/trading/close-recorder.ts';
import { Recorder } from '../src/trading/recorder.ts';
import { TradingLoop } from '../src/trading/trading-loop.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { goalRow, percentile } from './figures.ts';
import { INSTRUMENTS, syntheticCloses } from './market.ts';
import { candleAt, instrumentIds, introduce, TIMEFRAME } from './scripted-engine.ts';

const WARM_UP = 250;
const STORED_P99_MS_MAX = 100;

/** A close of every instrument through trading loop, engine, filters and recorder into a SQLite file. */
export const closeBench: Bench = { name: 'close', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const home = mkdtempSync(join(tmpdir(), 'infobot-bench-'));
  const store = openStore({ file: join(home, 'trading.db'), time: systemTime });
  try {
    const panic = new Panic(store, instrumentIds(smoke ? 20 : INSTRUMENTS));
    const rounds = smoke ? 3 : 101;
    const decidedMs: number[] = [];
    const storedMs: number[] = [];
    const recordedMs: number[] = [];
    // The first few are compiled, not measured.
    for (let round = -3; round < rounds; round += 1) {
      const times = await panic.close();
      if (round < 0) continue;
      decidedMs.push(times.decidedMs);
      storedMs.push(times.storedMs);
      recordedMs.push(Math.max(times.storedMs, times.recordedMs));
    }
    return tableOf(panic, { decidedMs, storedMs, recordedMs });
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function tableOf(
  { ids, explained }: Panic,
  { decidedMs, storedMs, recordedMs }: Record<keyof CloseTimes, readonly number[]>,
): BenchTable {
  const at = (name: string, figures: readonly number[], percent: number) => ({
    name,
    unit: 'ms',
    figures: [percentile(figures, percent)],
  });
  return {
    title: `One candle close of ${ids.length} instruments, every one at an entry signal, ${decidedMs.length} times`,
    rows: [
      goalRow(at('all decided, p50', decidedMs, 50), null),
      goalRow(at('all decided, p99', decidedMs, 99), null),
      goalRow(at('all decided and stored, p50', storedMs, 50), null),
      goalRow(at('all decided and stored, p99', storedMs, 99), STORED_P99_MS_MAX),
      goalRow(at('... and the close with every verdict, p50', recordedMs, 50), null),
      goalRow(at('... and the close with every verdict, p99', recordedMs, 99), STORED_P99_MS_MAX),
    ],
    notes: [
      `Each time ${explained} explanations with all verdicts, in a SQLite file with synchronous=FULL; the recorder writes when it would.`,
      'A ratio is to the goal of 100 ms.',
    ],
  };
}

/** From the first candle on. */
interface CloseTimes {
  readonly decidedMs: number;
  /** Until the full record of every instrument is durable. */
  readonly storedMs: number;
  /** Until that of the close is, with every verdict. */
  readonly recordedMs: number;
}

/** A market that falls by a third with every candle, so that every close asks for every filter and record. */
class Panic {
  readonly ids: readonly InstrumentId[];
  explained = 0;
  private readonly loop: TradingLoop;
  private readonly store: Store;
  private readonly lastCloses: readonly number[];
  private written: () => void = () => undefined;
  private recorded: () => void = () => undefined;
  private waiting = 0;
  private row = 0;
  private level = 1;

  constructor(store: Store, ids: readonly InstrumentId[]) {
    this.ids = ids;
    this.store = store;
    const engine = new Engine({ settings: DEFAULT_TRADING_SETTINGS, settingsVersion: 0 });
    introduce(engine, ids);
    const columns = syntheticCloses(ids.length, WARM_UP);
    this.lastCloses = columns.map((column) => column.at(-1) ?? 1);
    for (; this.row < WARM_UP; this.row += 1) {
      for (const [place, id] of ids.entries()) {
        engine.step(candleAt(id, this.row, columns[place]?.[this.row] ?? 1));
      }
    }
    this.loop = new TradingLoop({
      engine,
      time: systemTime,
      onBroken: (detail) => assert(false, detail),
    });
    const watched = this.watched();
    this.loop.observe(new Recorder({ store: watched, time: systemTime, report: fail }));
    const closes: CloseLog = this.watchedCloses();
    this.loop.observe(new CloseRecorder({ engine, closes, time: systemTime, report: fail }));
    this.loop.observe({
      onStep: (_sequence, _event, decisions) => {
        for (const { kind } of decisions) if (kind === 'explain') this.waiting += 1;
      },
    });
  }

  /** Closes the next candle of every instrument; resolves when the last record is durable. */
  async close(): Promise<CloseTimes> {
    this.level *= 0.7;
    this.waiting = 0;
    const durable = new Promise<void>((resolve) => {
      this.written = resolve;
    });
    const startMs = systemTime.monotonicMs();
    for (const [place, instrumentId] of this.ids.entries()) {
      const { candle } = candleAt(instrumentId, this.row, this.level * (this.lastCloses[place] ?? 1));
      this.loop.dispatch({ kind: 'candle-closed', instrumentId, timeframe: TIMEFRAME, candle });
    }
    const decidedMs = systemTime.monotonicMs() - startMs;
    this.explained = this.waiting;
    assert(this.explained === this.ids.length, 'Every instrument explains itself.');
    this.row += 1;
    const recorded = new Promise<void>((resolve) => {
      this.recorded = resolve;
    });
    this.loop.dispatch({ kind: 'timer', name: 'entry-pass' });
    // The first close is waited for longer: until then nobody knows how many candles come.
    const isWaitedFor = this.row > WARM_UP + 1;
    const since = () => systemTime.monotonicMs() - startMs;
    const [storedMs, recordedMs] = await Promise.all([
      durable.then(since),
      isWaitedFor ? recorded.then(since) : 0,
    ]);
    return { decidedMs, storedMs, recordedMs };
  }

  /** The closes, telling when one is in them. */
  private watchedCloses(): CloseLog {
    return new Proxy(this.store.closes, {
      get: (closes, name) => {
        if (name !== 'save') return Reflect.get(closes, name, closes);
        return async (...record: Parameters<CloseLog['save']>) => {
          await closes.save(...record);
          this.recorded();
        };
      },
    });
  }

  /** The store, telling when all of a close is in it. */
  private watched(): Store {
    return new Proxy(this.store, {
      get: (store, name) => {
        if (name !== 'addDecisions') return Reflect.get(store, name, store);
        return async (...rows: Parameters<Store['addDecisions']>) => {
          await store.addDecisions(...rows);
          this.waiting -= rows[0].length;
          if (this.waiting === 0) this.written();
        };
      },
    });
  }
}

function fail(message: string): never {
  throw new Error(message);
}
