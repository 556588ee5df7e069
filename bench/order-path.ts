import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, ensure } from '../src/core/base/assert.ts';
import { decimal } from '../src/core/base/decimal.ts';
import { rng } from '../src/core/base/rng.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import { entrySide, exitSide, type Side } from '../src/core/domain/order.ts';
import { known } from '../src/core/domain/reading.ts';
import type { Engine } from '../src/core/engine/engine.ts';
import { BybitClient } from '../src/exchange/bybit/client.ts';
import { InstrumentRegistry } from '../src/exchange/bybit/instrument-registry.ts';
import { placeOrder } from '../src/exchange/bybit/writes.ts';
import { Counters } from '../src/exchange/counters.ts';
import type { Exchange, Ticker } from '../src/exchange/exchange.ts';
import { RateBudget } from '../src/exchange/rate-budget.ts';
import type { HttpOutcome, HttpRequest, Transport } from '../src/exchange/transport.ts';
import { systemTime, type Time } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';
import type { Store } from '../src/store/store.ts';
import type { AccountLease } from '../src/trading/account-lease.ts';
import { FileHaltLatch, type HaltLatch, haltOf } from '../src/trading/halt-latch.ts';
import { IntentJournal } from '../src/trading/intent-journal.ts';
import { OrderExecutor } from '../src/trading/order-executor.ts';
import { OrderGate } from '../src/trading/order-gate.ts';
import { heldOn } from '../src/trading/order-look.ts';
import { Recorder } from '../src/trading/recorder.ts';
import { StateKeeper } from '../src/trading/state-keeper.ts';
import { TradingLoop, type Unstamped } from '../src/trading/trading-loop.ts';
import { testLease } from '../test/fixture/test-lease.ts';
import { bareWriteMs } from './bare-write.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { INSTRUMENTS } from './market.ts';
import { quietEngine, WARM_UP } from './quiet-engine.ts';
import { candleAt, instrumentIds, START_MS, STEP_MS } from './scripted-engine.ts';
import { addHistory, startReaders } from './table-readers.ts';
import { timeRows } from './time-rows.ts';

const ACCOUNT = 'bench';
/** How far the candle that signals an entry falls. */
const FALL = 0.7;
/** What a decision may take until its bytes are handed over, ms, 99 times of 100. */
const ENTRY_P99_MS_MAX = 10;
/** Connections that read while orders are written. */
const READERS = 20;
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
  const alone = await measured(smoke, 0);
  const read = await measured(smoke, READERS);
  return {
    title: `Decision to bytes handed to the transport, ${alone.entries.length} entries and exits, SQLite file with fsync`,
    rows: [
      ...timeRows('one bare write and fsync, same disk, same moment', alone.bare, alone.bare),
      ...timeRows('entry pass -> state and intent durable -> order bytes', alone.entries, alone.bare),
      ...timeRows('price tick -> intent durable -> exit order bytes', alone.exits, alone.bare),
      ...timeRows(`one bare write and fsync, ${READERS} readers`, read.bare, read.bare),
      ...timeRows(`entry, ${READERS} readers on the database`, read.entries, read.bare),
      ...timeRows(`exit, ${READERS} readers on the database`, read.exits, read.bare),
    ],
    notes: [
      'Inside the clock: engine, ranking, risk, durable commits (state and intent; an exit its intent alone), signing. Outside: the network; its answers come at once.',
      `The goal of an entry is a p99 below ${ENTRY_P99_MS_MAX} ms, with readers too; an exit is sent after 50 ms whatever the disk does. The ratio is to the bare write.`,
      `A reader is a thread with a read-only connection of its own: it pages through ${smoke ? 'some' : '200,000'} events, 100 a page, up to 20 times a second.`,
    ],
  };
}

/** The order path over a database of its own that so many others read meanwhile. */
async function measured(smoke: boolean, readers: number): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), 'order-path-'));
  const file = join(folder, 'trading.db');
  const store = openStore({ file, time: systemTime });
  const disk = openSync(join(folder, 'bare'), 'a');
  let threads: Awaited<ReturnType<typeof startReaders>> = [];
  try {
    if (readers > 0) await addHistory(store, smoke ? 500 : 200_000);
    threads = await startReaders(file, readers);
    const desk = new Desk(store, smoke ? 10 : INSTRUMENTS, new FileHaltLatch(folder));
    await desk.open();
    await desk.trade(smoke ? 1 : 30, disk);
    return await desk.trade(smoke ? 2 : 300, disk);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
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

/** Everything between the engine and the wire, as the service wires it. */
class Desk {
  private readonly engine: Engine;
  private readonly loop: TradingLoop;
  private readonly time: Time;
  private readonly recorder: Recorder;
  private readonly keeper: StateKeeper;
  private readonly lease: AccountLease;
  private readonly gate: OrderGate;
  private sampled = 0;
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
    // The engine's time stands: candles that wait for their sample on a slow machine would be too old to enter on.
    const standing = { ...time, monotonicMs: () => 0 };
    this.loop = new TradingLoop({ engine, time: standing, onBroken: broken });
    const dispatch = this.loop.dispatch.bind(this.loop);
    this.recorder = new Recorder({ store, time, report: broken });
    const before = () => this.recorder.storeClosed();
    this.lease = testLease({ store, time, accountId: ACCOUNT, onLost: broken });
    const { lease } = this;
    this.keeper = new StateKeeper({ engine, store, time, lease, report: broken, before });
    const exchange = this.exchange();
    const settings = () => engine.settings().risk;
    // A minute between two samples: what is measured is the way of an order, not how many the gate lets through.
    const spaced = { ...time, monotonicMs: () => systemTime.monotonicMs() + this.sampled * 61_000 };
    const context = { store, exchange, time: spaced, accountId: ACCOUNT, settings };
    this.gate = new OrderGate({ ...context, report: broken });
    const executor = new OrderExecutor({
      ...{ exchange, gate: this.gate },
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
    for (const observer of [this.gate, this.recorder, executor, this.keeper]) this.loop.observe(observer);
  }

  /** An entry is journaled under a lease alone. */
  async open(): Promise<void> {
    await this.lease.take();
    await this.gate.recall([]);
    this.keeper.begin();
  }

  async trade(samples: number, disk: number): Promise<Times> {
    const times: Times = { bare: [], entries: [], exits: [] };
    for (let sample = 0; sample < samples; sample += 1) {
      this.sampled += 1;
      this.loop.dispatch({
        kind: 'account-snapshot',
        asOfMs: this.time.nowMs(),
        balance: BALANCE,
        positions: [],
      });
      this.fall();
      times.bare.push(bareWriteMs(disk));
      times.entries.push(await this.timed({ kind: 'timer', name: 'entry-pass' }));
      const entered = ensure(this.engine.positions()[0], 'The pass enters one instrument.');
      const { instrumentId, direction } = entered;
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
    // A pass may have chosen it before its turn; its price is then still the one it was ruined at.
    const lastPrice = usual * FALL;
    this.loop.dispatch({ ...QUOTE, instrumentId: id, lastPrice, markPrice: lastPrice });
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
      budget: new RateBudget({ time, limits, share: 1, mark: null }),
      counters,
      log: () => undefined,
    });
    const context = { client, registry: new InstrumentRegistry(), counters };
    const exchange: Partial<Exchange> = {
      placeOrder: (sendable, instrument) =>
        placeOrder(context, { sendable, instrument, positionIdx: 0, time }),
      readHeld: async () => known([], 0, 'bench'),
      readMovements: async () => known([], 0, 'bench'),
      readTicker: async ({ id }) => known(this.tickerOf(id), 0, 'bench'),
      readLeverage: async () => known(1, 0, 'bench'),
      readMarginMode: async () => known('cross', 0, 'bench'),
    };
    return exchange as Exchange;
  }

  /** The price an entry is decided at. */
  private tickerOf(instrumentId: InstrumentId): Ticker {
    const price = this.engine.candles(instrumentId)?.close.at(-1) ?? 1;
    const untold = { bidPrice: null, askPrice: null, priceChange24hPct: null, fundingRate: null };
    return { instrumentId, lastPrice: price, markPrice: price, turnover24h: 0, ...untold };
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
