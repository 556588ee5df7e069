import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, ensure } from '../src/core/base/assert.ts';
import { decimal } from '../src/core/base/decimal.ts';
import { rng } from '../src/core/base/rng.ts';
import type { InstrumentId } from '../src/core/domain/instrument.ts';
import type { ApprovedOrder } from '../src/core/domain/order.ts';
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
import { IntentJournal } from '../src/trading/intent-journal.ts';
import { OrderExecutor } from '../src/trading/order-executor.ts';
import { Recorder } from '../src/trading/recorder.ts';
import { StateKeeper } from '../src/trading/state-keeper.ts';
import { TradingLoop } from '../src/trading/trading-loop.ts';
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

/** From a decision to the bytes of its order, through a real database with a sync to the disk. */
export const orderPathBench: Bench = {
  name: 'order-path',
  run,
};

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), 'order-path-'));
  const store = openStore({ file: join(folder, 'trading.db'), time: systemTime });
  try {
    const samples = smoke ? 2 : 300;
    const desk = new Desk(store, smoke ? 10 : INSTRUMENTS);
    await desk.trade(smoke ? 1 : 30);
    const [entries, exits] = await desk.trade(samples);
    await desk.close();
    return {
      title: `Decision to bytes handed to the transport, ${samples} entries and exits, SQLite file with fsync`,
      rows: [
        ...rowsOf('entry pass -> state and intent durable -> order bytes', entries, ENTRY_P99_MS_MAX),
        ...rowsOf('price tick -> exit order bytes', exits, null),
      ],
      notes: [
        'Inside the clock: engine, ranking, risk, two durable commits (trading state, intent), signing. Outside: the network; its answers come at once.',
        `The ratio is p99 over ${ENTRY_P99_MS_MAX} ms.`,
      ],
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Everything between the engine and the wire, as the service wires it. */
class Desk {
  private readonly engine: Engine;
  private readonly loop: TradingLoop;
  private readonly time: Time;
  private readonly recorder: Recorder;
  private handed: (body: Record<string, unknown>) => void = () => undefined;
  private readonly ids: readonly InstrumentId[];
  private fallen = 0;
  private fills = 0;

  constructor(store: Store, instruments: number) {
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
    const keeper = new StateKeeper({ engine, store, time, accountId: ACCOUNT, report: broken });
    const executor = new OrderExecutor({
      exchange: this.exchange(),
      journal: new IntentJournal({ store, time, accountId: ACCOUNT, onError: broken }),
      time,
      dispatch,
      instrument: (id) => engine.instrument(id),
      persisted: () => keeper.persisted(),
      requestSync: () => undefined,
      report: broken,
    });
    this.recorder = new Recorder({ store, time, report: broken });
    for (const observer of [this.recorder, keeper, executor]) this.loop.observe(observer);
  }

  /** Milliseconds of each entry and of each exit. */
  async trade(samples: number): Promise<readonly [number[], number[]]> {
    const entries: number[] = [];
    const exits: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      this.loop.dispatch({
        kind: 'account-snapshot',
        asOfMs: this.time.nowMs(),
        balance: BALANCE,
        positions: [],
      });
      this.fall();
      entries.push(await this.timed(() => this.loop.dispatch({ kind: 'timer', name: 'entry-pass' })));
      const held = ensure(this.engine.positions()[0], 'The pass enters one instrument.');
      this.fill(held.instrumentId, 'buy');
      const ruin = { lastPrice: 1e-4, markPrice: 1e-4, turnover24h: 1 };
      exits.push(
        await this.timed(() =>
          this.loop.dispatch({ kind: 'price', instrumentId: held.instrumentId, ...ruin }),
        ),
      );
      this.fill(held.instrumentId, 'sell');
    }
    return [entries, exits];
  }

  close(): Promise<void> {
    return this.recorder.flush();
  }

  /** The next instrument's candle closes far below its usual price, which is an entry signal. */
  private fall(): void {
    const id = ensure(this.ids[this.fallen], 'There is an instrument for every sample.');
    const usual = this.engine.candles(id)?.close.at(-1) ?? 1;
    const { timeMs: _, ...closed } = candleAt(id, WARM_UP, usual * FALL);
    this.loop.dispatch(closed);
    this.fallen += 1;
  }

  /** From the event to the order's bytes, and then until its answer has been taken in. */
  private async timed(event: () => void): Promise<number> {
    const bytes = new Promise<number>((resolve) => {
      this.handed = () => resolve(systemTime.monotonicMs());
    });
    const startMs = systemTime.monotonicMs();
    event();
    assert(this.engine.positions().length === 1, 'Enough instruments signal for every sample.');
    const endMs = await bytes;
    await new Promise((resolve) => setImmediate(resolve));
    return endMs - startMs;
  }

  private fill(instrumentId: InstrumentId, side: 'buy' | 'sell'): void {
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
      budget: new RateBudget({ time, limits, share: 1 }),
      counters,
      log: () => undefined,
    });
    const context = { client, registry: new InstrumentRegistry(), counters };
    const exchange: Pick<Exchange, 'placeOrder' | 'readLeverage'> = {
      placeOrder: (order: ApprovedOrder, instrument) =>
        placeOrder(context, { order, instrument, positionIdx: 0 }),
      readLeverage: async () => known(1, 0, 'bench'),
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
  const settings = tradingSettingsSchema.parse({ risk: { positionsMax: 1, leverage: 1 } });
  const engine = new Engine({ settings, settingsVersion: 0 });
  introduce(engine, ids);
  const closes = byTime(syntheticCloses(ids.length, WARM_UP));
  for (let row = 0; row < WARM_UP; row += 1) {
    for (const [index, id] of ids.entries())
      engine.step(candleAt(id, row, closes[row * ids.length + index] ?? 1));
  }
  return engine;
}

function rowsOf(name: string, timesMs: readonly number[], p99MsMax: number | null): BenchRow[] {
  assert(timesMs.length > 0, 'At least one order was sent.');
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    ensure(sorted[Math.ceil(share * sorted.length) - 1], 'A share of a list.');
  const [min, max] = [at(1 / sorted.length), at(1)];
  const row = { unit: 'ms', min, max, ratio: null, ratioMax: null };
  const tail = p99MsMax === null ? row : { ...row, ratio: at(0.99) / p99MsMax, ratioMax: 1 };
  return [
    { ...row, name: `${name}, p50`, median: at(0.5) },
    { ...tail, name: `${name}, p99`, median: at(0.99) },
  ];
}
