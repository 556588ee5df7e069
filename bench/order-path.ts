import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, ensure } from '../src/core/base/assert.ts';
import { decimal } from '../src/core/base/decimal.ts';
import { rng } from '../src/core/base/rng.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { type ApprovedOrder, entrySide, exitSide, type Side } from '../src/core/domain/order.ts';
import { known } from '../src/core/domain/reading.ts';
import { Engine } from '../src/core/engine/engine.ts';
import { tradingSettingsSchema } from '../src/core/engine/settings.ts';
import { BybitClient } from '../src/exchange/bybit/client.ts';
import { InstrumentRegistry } from '../src/exchange/bybit/instrument-registry.ts';
import { placeOrder } from '../src/exchange/bybit/writes.ts';
import { Counters } from '../src/exchange/counters.ts';
import type { Exchange } from '../src/exchange/exchange.ts';
import { RateBudget } from '../src/exchange/rate-budget.ts';
import type { HttpOutcome, HttpRequest, Transport } from '../src/exchange/transport.ts';
import { systemTime, type Time } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { AccountLease } from '../src/trading/account-lease.ts';
import { FileHaltLatch, type HaltLatch, haltOf } from '../src/trading/halt-latch.ts';
import { IntentJournal } from '../src/trading/intent-journal.ts';
import { OrderExecutor } from '../src/trading/order-executor.ts';
import { heldOn } from '../src/trading/order-look.ts';
import { Recorder } from '../src/trading/recorder.ts';
import { StateKeeper } from '../src/trading/state-keeper.ts';
import { TradingLoop, type Unstamped } from '../src/trading/trading-loop.ts';
import type { Bench, BenchOptions, BenchRow, BenchTable } from './bench.ts';
import { byTime, INSTRUMENTS, syntheticCloses } from './market.ts';
import { candleAt, instrumentIds, introduce, START_MS, STEP_MS } from './scripted-engine.ts';

const ACCOUNT = 'bench';
/** Candles before the fall, enough for every filter. */
const WARM_UP = 300;
/** How far the candle that signals an entry falls. */
const FALL = 0.7;
/** What a decision may take until its bytes are handed over, ms, 99 times of 100. */
const ENTRY_P99_MS_MAX = 10;
const PAGE = Buffer.alloc(8192);
const QUOTE = {
  kind: 'price',
  turnover24h: 1e6,
  bidPrice: null,
  askPrice: null,
  fundingRate: null,
} as const;

/** From a decision to the bytes of its order, through a real database with a sync to the disk. */
export const orderPathBench: Bench = {
  name: 'order-path',
  run,
};

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), 'order-path-'));
  const store = openStore({ file: join(folder, 'trading.db'), time: systemTime });
  const disk = openSync(join(folder, 'bare'), 'a');
  try {
    const samples = smoke ? 2 : 300;
    const desk = new Desk(store, smoke ? 10 : INSTRUMENTS, new FileHaltLatch(folder));
    await desk.open();
    await desk.trade(smoke ? 1 : 30, disk);
    const times = await desk.trade(samples, disk);
    return {
      title: `Decision to bytes handed to the transport, ${samples} entries and exits, SQLite file with fsync`,
      rows: [
        ...rowsOf('one bare write and fsync, same disk, same moment', times.bare, times.bare),
        ...rowsOf('entry pass -> state and intent durable -> order bytes', times.entries, times.bare),
        ...rowsOf('price tick -> intent durable -> exit order bytes', times.exits, times.bare),
      ],
      notes: [
        'Inside the clock: engine, ranking, risk, durable commits (state and intent; an exit its intent alone), signing. Outside: the network; its answers come at once.',
        `The goal of an entry is a p99 below ${ENTRY_P99_MS_MAX} ms; an exit is sent after 50 ms whatever the disk does. The ratio is to the bare write.`,
      ],
    };
  } finally {
    closeSync(disk);
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of every sample. */
interface Times {
  readonly bare: number[];
  readonly entries: number[];
  readonly exits: number[];
}

/** What the disk itself takes now for as much as an intent. */
function bareWriteMs(disk: number): number {
  const startMs = systemTime.monotonicMs();
  writeSync(disk, PAGE);
  fsyncSync(disk);
  return systemTime.monotonicMs() - startMs;
}

/** Everything between the engine and the wire, as the service wires it. */
class Desk {
  private readonly engine: Engine;
  private readonly loop: TradingLoop;
  private readonly time: Time;
  private readonly recorder: Recorder;
  private readonly keeper: StateKeeper;
  private readonly lease: AccountLease;
  private handed: (body: Record<string, unknown>) => void = () => undefined;
  private readonly ids: readonly InstrumentId[];
  private fallen = 0;
  private fills = 0;

  constructor(store: Store, instruments: number, latch: HaltLatch) {
    const nowMs = START_MS + (WARM_UP + 1) * STEP_MS;
    this.time = { ...systemTime, nowMs: () => nowMs };
    this.ids = instrumentIds(instruments);
    this.engine = quietEngine(this.ids);
    const { time, engine } = this;
    const broken = (detail: string): never => {
      throw new Error(detail);
    };
    this.loop = new TradingLoop({ engine, time, onBroken: broken });
    const dispatch = this.loop.dispatch.bind(this.loop);
    this.recorder = new Recorder({ store, time, report: broken });
    const before = () => this.recorder.storeClosed();
    this.lease = new AccountLease({ store, time, accountId: ACCOUNT, onLost: broken });
    const { lease } = this;
    this.keeper = new StateKeeper({ engine, store, time, lease, report: broken, before });
    const executor = new OrderExecutor({
      exchange: this.exchange(),
      journal: new IntentJournal({ store, time, lease, onError: broken }),
      time,
      dispatch,
      instrument: (id) => engine.instrument(id),
      halted: () => haltOf(latch),
      held: (id) => heldOn(engine.positions(), id),
      persisted: () => this.keeper.persisted(),
      requestSync: () => undefined,
      report: broken,
    });
    for (const observer of [this.recorder, executor, this.keeper]) this.loop.observe(observer);
  }

  /** An entry is journaled under a lease alone. */
  async open(): Promise<void> {
    await this.lease.take();
    this.keeper.begin();
  }

  async trade(samples: number, disk: number): Promise<Times> {
    const times: Times = { bare: [], entries: [], exits: [] };
    for (let sample = 0; sample < samples; sample += 1) {
      this.loop.dispatch({
        kind: 'account-snapshot',
        asOfMs: this.time.nowMs(),
        balance: BALANCE,
        positions: [],
      });
      this.fall();
      times.bare.push(bareWriteMs(disk));
      times.entries.push(await this.timed({ kind: 'timer', name: 'entry-pass' }));
      const { instrumentId, direction } = ensure(
        this.engine.positions()[0],
        'The pass enters one instrument.',
      );
      this.fill(instrumentId, entrySide(direction));
      const ruin = direction === 'long' ? 1e-6 : 1e6;
      times.exits.push(await this.timed({ ...QUOTE, instrumentId, lastPrice: ruin, markPrice: ruin }));
      this.fill(instrumentId, exitSide(direction));
    }
    await this.settle();
    return times;
  }

  /** Everything said so far is on the disk, so that a sample waits for its own commits alone. */
  private async settle(): Promise<void> {
    await this.keeper.persisted();
    await this.recorder.flush();
  }

  /** The next instrument's candle closes far below its usual price, which is an entry signal. */
  private fall(): void {
    const id = ensure(this.ids[this.fallen], 'There is an instrument for every sample.');
    const usual = this.engine.candles(id)?.close.at(-1) ?? 1;
    const { timeMs: _, ...closed } = candleAt(id, WARM_UP, usual * FALL);
    this.loop.dispatch(closed);
    this.fallen += 1;
  }

  /** From the event to the order's bytes; ends when its answer has been taken in. */
  private async timed(event: Unstamped): Promise<number> {
    await this.settle();
    const bytes = new Promise<number>((resolve) => {
      this.handed = () => resolve(systemTime.monotonicMs());
    });
    const startMs = systemTime.monotonicMs();
    this.loop.dispatch(event);
    assert(this.engine.positions().length === 1, 'Every sample has its one position.');
    const endMs = await bytes;
    await new Promise((resolve) => setImmediate(resolve));
    return endMs - startMs;
  }

  private fill(instrumentId: InstrumentId, side: Side): void {
    const { orders } = this.engine.tradingSnapshot();
    const order = ensure(orders.at(-1), 'An order was sent.');
    this.fills += 1;
    const amounts = { price: decimal(1), quantity: decimal(order.quantity), fee: decimal(0) };
    const fill = {
      ...amounts,
      instrumentId,
      side,
      maker: false,
      cause: 'user',
      timeMs: this.time.nowMs(),
    } as const;
    const clientOrderId = order.clientOrderId;
    const ids = { fillId: `fill${this.fills}`, exchangeOrderId: `order${this.fills}`, clientOrderId };
    this.loop.dispatch({ kind: 'fill', fill: { ...fill, ...ids } });
  }

  /** The adapter's own placement over a wire that answers at once. */
  private exchange(): Exchange {
    const { time } = this;
    const counters = new Counters();
    const limits = { windowMs: 1, requestsPerWindow: 1_000_000, groupsPerSecond: {} };
    const client = new BybitClient({
      transport: this.wire(),
      time,
      rng: rng(1),
      credentials: { apiKey: 'bench', secret: 'bench' },
      budget: new RateBudget({ time, limits, share: 1, usedAtStartRate: 0 }),
      counters,
      log: () => undefined,
    });
    const context = { client, registry: new InstrumentRegistry(), counters };
    const exchange: Pick<Exchange, 'placeOrder' | 'readHeld' | 'readLeverage' | 'readMarginMode'> = {
      placeOrder: (order: ApprovedOrder, instrument) =>
        placeOrder(context, { order, instrument, positionIdx: 0 }),
      readHeld: async () => known([], 0, 'bench'),
      readLeverage: async () => known(1, 0, 'bench'),
      readMarginMode: async () => known('cross', 0, 'bench'),
    };
    return exchange as Exchange;
  }

  private wire(): Transport {
    return {
      request: async (request) => {
        const body = request.body === '' ? {} : (JSON.parse(request.body) as Record<string, unknown>);
        if (request.path === '/v5/order/create') this.handed(body);
        return answerTo(request, body);
      },
      openChannel: () => {
        throw new Error('nothing is streamed here');
      },
    };
  }
}

const BALANCE = { equity: decimal(1e6), walletBalance: decimal(1e6), available: decimal(1e6) };

function answerTo({ path }: HttpRequest, body: Record<string, unknown>): HttpOutcome {
  const result = path === '/v5/order/create' ? { orderId: 'x', orderLinkId: body['orderLinkId'] } : {};
  const text = JSON.stringify({ retCode: 0, retMsg: 'OK', result, time: Math.round(systemTime.nowMs()) });
  return { kind: 'answered', status: 200, headers: {}, body: text };
}

function quietEngine(ids: readonly InstrumentId[]): Engine {
  // A candle that falls out of a calm sky, on a market without volume, is just what these keep out.
  const kept = { rsiTimeEnabled: false, exitScamEnabled: false, rsiRecheckEnabled: false };
  const filter = { ...kept, liquidityTurnoverMinUsdt: null };
  const settings = tradingSettingsSchema.parse({ filter, risk: { positionsMax: 1, leverage: 1 } });
  const engine = new Engine({ settings, settingsVersion: 0 });
  introduce(engine, ids);
  const closes = byTime(syntheticCloses(ids.length, WARM_UP));
  for (let row = 0; row < WARM_UP; row += 1) {
    for (const [index, id] of ids.entries())
      engine.step(candleAt(id, row, closes[row * ids.length + index] ?? 1));
  }
  return engine;
}

function rowsOf(name: string, timesMs: readonly number[], yardstickMs: readonly number[]): BenchRow[] {
  const [min, max] = [share(timesMs, 0), share(timesMs, 1)];
  return [0.5, 0.99].map((part) => ({
    name: `${name}, p${part * 100}`,
    unit: 'ms',
    median: share(timesMs, part),
    min,
    max,
    ratio: share(timesMs, part) / share(yardstickMs, part),
    ratioMax: null,
  }));
}

/** The time that `part` of all samples do not exceed. */
function share(timesMs: readonly number[], part: number): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  return ensure(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)], 'At least one order was sent.');
}
