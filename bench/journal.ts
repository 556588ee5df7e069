import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../src/core/base/assert.ts';
import { decimal } from '../src/core/base/decimal.ts';
import { rng } from '../src/core/base/rng.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import type { Decision } from '../src/core/engine/decision.ts';
import { Engine } from '../src/core/engine/engine.ts';
import { InputJournal } from '../src/journal/input-journal.ts';
import { JournalFolder } from '../src/journal/journal-folder.ts';
import { replay } from '../src/journal/replay.ts';
import { systemTime, type Time } from '../src/platform/time.ts';
import { TradingLoop, type Unstamped } from '../src/trading/trading-loop.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { FIRST_RULES } from './engine.ts';
import { comparedRow, goalRow } from './figures.ts';
import { INSTRUMENTS, syntheticCloses } from './market.ts';
import { candleAt, instrumentIds, introduce, START_MS, STEP_MS } from './scripted-engine.ts';

/** Candles before the first tick. */
const WARM_UP = 300;
/** Instruments whose prices are streamed in a lively market: positions and candidates. */
const FOLLOWED = 12;
const TICKS_PER_SECOND = 4;
/** A twentieth of what the service may take while nothing happens, ms of CPU a second. */
const SECOND_MS_MAX = 1;

/** What it costs to write down every input and decision. */
export const journalBench: Bench = { name: 'journal', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const seconds = smoke ? 20 : 8_000;
  const rounds = smoke ? 1 : 5;
  const folder = mkdtempSync(join(tmpdir(), 'journal-bench-'));
  try {
    const figures = {
      bare: [] as number[],
      written: [] as number[],
      second: [] as number[],
      capture: [] as number[],
    };
    let steps = 0;
    for (let round = -1; round < rounds; round += 1) {
      const bare = await lively(new Desk(smoke), seconds, null);
      const journal = journalIn(join(folder, `bulk${round}`));
      const desk = new Desk(smoke);
      const startMs = systemTime.monotonicMs();
      desk.engine.capture();
      const captureMs = systemTime.monotonicMs() - startMs;
      const written = await lively(desk, seconds, { journal, perFlush: 20 });
      const quiet = journalIn(join(folder, `live${round}`));
      const live = await alone(new Desk(smoke), smoke ? 5 : 120, quiet);
      if (round < 0) continue;
      steps = desk.steps;
      figures.bare.push((bare * 1e6) / steps);
      figures.written.push((written * 1e6) / steps);
      figures.second.push(live);
      figures.capture.push(captureMs);
    }
    const bytes = await sizes(new JournalFolder(join(folder, 'bulk0')));
    return tableOf(figures, { ...bytes, steps });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface JournalFigures {
  readonly bare: readonly number[];
  readonly written: readonly number[];
  readonly second: readonly number[];
  readonly capture: readonly number[];
}

function tableOf(
  { bare, written, second, capture }: JournalFigures,
  { bytes, steps, replayMs }: { readonly bytes: number; readonly steps: number; readonly replayMs: number },
): BenchTable {
  return {
    title: `Every input and decision journaled: ${FOLLOWED} instruments x ${TICKS_PER_SECOND} ticks a second, passes, readings`,
    rows: [
      comparedRow({ name: 'trading loop and engine alone', unit: 'ns/step', figures: bare }, bare, null),
      comparedRow({ name: 'the same, journaled to files', unit: 'ns/step', figures: written }, bare, null),
      goalRow({ name: 'journal, at the pace of life', unit: 'ms/s', figures: second }, SECOND_MS_MAX),
      goalRow({ name: 'capture a segment starts from', unit: 'ms', figures: capture }, null),
    ],
    notes: [
      'Promised is a twentieth of what the idle service may take, 1 ms of CPU a second; at full speed, which no market asks for, nothing is.',
      'CPU of the whole process, threads of the runtime included: encoding, hashing, writing, fsync. All steps as fast as they go; a write every 20 seconds of them.',
      `At the pace of life a block is hashed and written every second: that is the second figure, CPU a second; the service may take 20 ms a second while nothing happens.`,
      `${steps} steps took ${(bytes / steps).toFixed(1)} bytes each, the start included; replayed at ${Math.round(steps / replayMs)} steps a millisecond.`,
    ],
  };
}

function journalIn(path: string): InputJournal {
  const report = (message: string): never => {
    throw new Error(message);
  };
  const limits = { stepsMax: 1_000_000, segmentMs: Number.POSITIVE_INFINITY };
  const versions = { program: 'bench', runtime: process.version };
  // No timer of its own: the bench says when it writes.
  const time: Time = {
    ...systemTime,
    after: (delayMs, task) => (delayMs > 1 ? () => undefined : systemTime.after(delayMs, task)),
  };
  return new InputJournal({ folder: new JournalFolder(path), time, report, ...versions, limits });
}

/** CPU of so many seconds of life, as fast as they go, ms. */
async function lively(
  desk: Desk,
  seconds: number,
  written: { readonly journal: InputJournal; readonly perFlush: number } | null,
): Promise<number> {
  if (written !== null) await desk.journalTo(written.journal);
  const before = process.cpuUsage();
  for (let second = 0; second < seconds; second += 1) {
    desk.second();
    if (written !== null && second % written.perFlush === 0) await written.journal.flush();
  }
  await written?.journal.flush();
  const { user, system } = process.cpuUsage(before);
  await written?.journal.stop();
  return (user + system) / 1_000;
}

/** CPU that writing a second of life every second takes, ms: with the journal less without. */
async function alone(desk: Desk, seconds: number, journal: InputJournal): Promise<number> {
  await desk.journalTo(journal);
  let usedMicros = 0;
  for (let second = 0; second < seconds; second += 1) {
    desk.second();
    const before = process.cpuUsage();
    await journal.flush();
    const { user, system } = process.cpuUsage(before);
    usedMicros += user + system;
  }
  await journal.stop();
  return usedMicros / 1_000 / seconds;
}

async function sizes(folder: JournalFolder): Promise<{ readonly bytes: number; readonly replayMs: number }> {
  const files = await folder.segments();
  const bytes = files.reduce((sum, { file }) => sum + statSync(join(folder.path, file)).size, 0);
  const startMs = systemTime.monotonicMs();
  const { verdict } = await replay({ folder, fromMs: null, toMs: null });
  assert(verdict === 'equal', 'What was journaled replays to the same.');
  return { bytes, replayMs: systemTime.monotonicMs() - startMs };
}

/** A loop with positions open, in a market that moves. */
class Desk {
  readonly engine = new Engine({ settings: FIRST_RULES, settingsVersion: 0 });
  steps = 0;
  private readonly loop: TradingLoop;
  private readonly followed: readonly InstrumentId[];
  private readonly prices = new Map<InstrumentId, number>();
  private readonly dice = rng(1);
  private nowMs = START_MS + (WARM_UP + 1) * STEP_MS;
  private fills = 0;

  constructor(smoke: boolean) {
    const ids = instrumentIds(smoke ? FOLLOWED : INSTRUMENTS);
    introduce(this.engine, ids);
    for (const [index, closes] of syntheticCloses(ids.length, WARM_UP).entries()) {
      const id = ids[index] as InstrumentId;
      for (const [row, close] of closes.entries()) this.engine.step(candleAt(id, row, close));
      this.prices.set(id, closes.at(-1) ?? 1);
    }
    const time: Time = { ...systemTime, nowMs: () => this.nowMs };
    const onBroken = (detail: string): never => {
      throw new Error(detail);
    };
    this.loop = new TradingLoop({ engine: this.engine, time, onBroken });
    this.loop.observe({ onStep: (_sequence, _event, decisions) => this.count(decisions) });
    this.followed = ids.slice(0, FOLLOWED);
    this.enter();
  }

  /** From the next step on. */
  async journalTo(journal: InputJournal): Promise<void> {
    journal.begin(this.engine);
    await journal.flush();
    this.loop.observe(journal);
  }

  second(): void {
    for (let tick = 0; tick < TICKS_PER_SECOND; tick += 1) {
      this.nowMs += 1_000 / TICKS_PER_SECOND;
      for (const id of this.followed) this.tick(id);
    }
    const second = Math.floor(this.nowMs / 1_000);
    if (second % 2 === 0) {
      this.loop.dispatch({ kind: 'timer', name: 'entry-pass' });
      this.loop.dispatch({ kind: 'timer', name: 'protect' });
    }
    if (second % 10 === 0) this.read();
  }

  private count(_decisions: readonly Decision[]): void {
    this.steps += 1;
  }

  private tick(instrumentId: InstrumentId): void {
    const usual = this.prices.get(instrumentId) ?? 1;
    const price = rounded(usual * (1 + (this.dice.next() - 0.5) / 500));
    const quote = {
      bidPrice: rounded(price * 0.9999),
      askPrice: rounded(price * 1.0001),
      fundingRate: 0.0001,
    };
    const turnover24h = rounded(5e6 + this.dice.integer(100_000));
    this.loop.dispatch({
      kind: 'price',
      instrumentId,
      lastPrice: price,
      markPrice: price,
      turnover24h,
      ...quote,
    });
  }

  private read(): void {
    const balance = { equity: decimal(1e6), walletBalance: decimal(1e6), available: decimal(1e6) };
    const positions = this.engine
      .positions()
      .map(({ instrumentId, direction, quantity, stopPrice, takeProfitPrice }) => ({
        ...{ instrumentId, direction, leverage: 1, liquidationPrice: null, unrealisedPnl: decimal(0) },
        quantity: decimal(quantity),
        entryPrice: decimal(this.prices.get(instrumentId) ?? 1),
        markPrice: decimal(this.prices.get(instrumentId) ?? 1),
        stopPrice: decimal(stopPrice),
        takeProfitPrice: takeProfitPrice === null ? null : decimal(takeProfitPrice),
      }));
    this.loop.dispatch({ kind: 'account-snapshot', asOfMs: this.nowMs, balance, positions });
  }

  /** The followed instruments fall to an entry signal; what is ordered fills at once. */
  private enter(): void {
    this.read();
    for (const id of this.followed) {
      const close = rounded((this.prices.get(id) ?? 1) * 0.7);
      this.prices.set(id, close);
      const { timeMs: _, ...closed } = candleAt(id, WARM_UP, close);
      this.loop.dispatch(closed);
    }
    this.loop.dispatch({ kind: 'timer', name: 'entry-pass' });
    for (const { clientOrderId, instrumentId, quantity, direction } of this.engine.tradingSnapshot().orders) {
      this.fills += 1;
      const ids = { fillId: `fill${this.fills}`, exchangeOrderId: `order${this.fills}`, clientOrderId };
      const price = decimal(this.prices.get(instrumentId as InstrumentId) ?? 1);
      const amounts = { price, quantity: decimal(quantity), fee: decimal(0), timeMs: this.nowMs };
      const side = direction === 'long' ? 'buy' : 'sell';
      const said = { instrumentId: instrumentId as InstrumentId, side, maker: false, cause: 'user' } as const;
      const event: Unstamped = { kind: 'fill', fill: { ...ids, ...amounts, ...said } };
      this.loop.dispatch(event);
    }
    assert(this.engine.positions().length > 0, 'Positions are open.');
    this.read();
  }
}

/** As many digits as an exchange gives a price. */
function rounded(price: number): number {
  return Number(price.toPrecision(6));
}
