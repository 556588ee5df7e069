import { TradingService } from '../../src/app/trading-service.ts';
import { rng } from '../../src/core/base/rng.ts';
import { type TradingSettings, tradingSettingsSchema } from '../../src/core/engine/settings.ts';
import { createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import type { Exchange } from '../../src/exchange/exchange.ts';
import type { Transport } from '../../src/exchange/transport.ts';
import type { InputJournal } from '../../src/journal/input-journal.ts';
import type { EmergencyRoom } from '../../src/platform/disk-reserve.ts';
import type { Time } from '../../src/platform/time.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import {
  createInProcessLink,
  type InProcessLink,
  type LinkFault,
  type LinkRequest,
} from '../../src/venue/in-process.ts';
import type { MarketSource } from '../../src/venue/market/market-source.ts';
import { createVenue, type Venue } from '../../src/venue/venue.ts';
import { MemoryLatch } from '../fixture/memory-latch.ts';
import { MemoryUseMark } from '../fixture/memory-use-mark.ts';

const KEY = { apiKey: 'simulationkey', apiSecret: 'simulation-secret-of-no-value' };
const ACCOUNT = 'simulation';

export interface WorldOptions {
  readonly market: (startMs: number) => MarketSource | Promise<MarketSource>;
  readonly settings?: Parameters<typeof tradingSettingsSchema.parse>[0];
  readonly seed: number;
  readonly startMs?: number;
  readonly fault?: (request: LinkRequest) => LinkFault;
  /**
   * Null, or for how long a request of the service is under way although its connection broke at once: it arrives
   * when nobody waits for it any more.
   */
  readonly late?: (request: LinkRequest) => number | null;
  /** Stands between the service and the exchange. */
  readonly wireThrough?: (wire: Transport) => Transport;
  /** A store on a disk, and the room set aside there; in memory when left out. */
  readonly disk?: { readonly file: string; readonly room?: EmergencyRoom };
  /** Writes down what a life of the service learns; one for each life, on its clock. */
  readonly inputs?: (time: Time) => InputJournal;
  /** How far the wall clock of the service's machine is off, ms. */
  readonly clockOffMs?: () => number;
  /** Stands between the service and its store. */
  readonly storeThrough?: (store: Store) => Store;
}

/**
 * Venue, adapter, store and trading in one process under a virtual clock, without a socket. What runs is
 * what runs in the services; only time and transport are other ones.
 */
export interface World {
  readonly time: VirtualTime;
  readonly venue: Venue;
  readonly link: InProcessLink;
  readonly store: Store;
  /** Read by every life of the service. */
  readonly latch: MemoryLatch;
  /** What its address has used, handed from life to life. */
  readonly mark: MemoryUseMark;
  /** The running service; another one after `restart`. */
  readonly trading: () => TradingService;
  /** Every step as one line: what came in and what was decided. */
  readonly journal: readonly string[];
  /** What was reported to the operator. */
  readonly reports: readonly string[];
  /** The same account in a person's hands: what it does, the service learns only from the exchange. */
  readonly person: Exchange;
  /** Lets the service die without a word. */
  readonly die: () => void;
  /** Starts another on the same store and venue, and lets no time pass. */
  readonly start: () => void;
  /** Lets the service die, if it lives, and starts another on the same store and venue. */
  readonly restart: () => Promise<void>;
  /** Starts another service on the same venue while the first lives: on the same store, or on a copy of its own. */
  readonly rival: (copy?: Store) => Promise<TradingService>;
  readonly stop: () => Promise<void>;
}

/** 2026-01-01T00:00:30Z: half a minute into a candle. */
const START_MS = Date.UTC(2026, 0, 1) + 30_000;

export async function createWorld(options: WorldOptions): Promise<World> {
  const time = new VirtualTime(options.startMs ?? START_MS);
  const venue = createVenue({
    market: await options.market(time.nowMs()),
    time,
    accounts: [{ ...KEY, uid: '1001', walletUsdt: '10000' }],
    seed: options.seed,
  });
  venue.start();
  const link = createInProcessLink({
    venue,
    time,
    latencyMs: 20,
    ...(options.fault === undefined ? {} : { fault: options.fault }),
  });
  const opened = openStore({ file: ':memory:', time, ...options.disk });
  const store = options.storeThrough?.(opened) ?? opened;
  const settings = tradingSettingsSchema.parse(options.settings ?? {});
  await store.addSettings({
    settingsJson: JSON.stringify(settings),
    author: 'simulation',
    reason: 'start',
    createdMs: time.nowMs(),
  });
  const latch = new MemoryLatch();
  const journal: string[] = [];
  const reports: string[] = [];
  const timely = options.late === undefined ? link : lateTransport(link, time, options.late);
  const wire = options.wireThrough?.(timely) ?? timely;
  const { seed, inputs, clockOffMs } = options;
  const mark = new MemoryUseMark();
  let lives = 0;
  const newInstance = (): string => {
    lives += 1;
    return String(lives).padStart(6, '0');
  };
  const parts = {
    time,
    wire,
    store,
    latch,
    mark,
    newInstance,
    settings,
    journal,
    reports,
    seed,
    inputs,
    clockOffMs,
  };
  // A person sits elsewhere: faults between the service and the exchange are not theirs.
  const personLink = createInProcessLink({ venue, time, latencyMs: 20, address: 'person' });
  const person = adapter({ transport: personLink, time, seed: options.seed + 2, report: () => undefined });
  await readOnce(person, time);
  let life = launch(parts);
  await time.advance(15_000);
  return {
    time,
    venue,
    link,
    store,
    latch,
    mark,
    journal,
    reports,
    person,
    trading: () => life.trading,
    die: () => {
      life.kill();
      link.cutChannels('the process died');
    },
    start: () => {
      life = launch(parts);
    },
    restart: async () => {
      life.kill();
      link.cutChannels('the process died');
      life = launch(parts);
      await time.advance(15_000);
    },
    rival: async (copy = store) => {
      const { trading } = launch({ ...parts, store: copy });
      await time.advance(15_000);
      return trading;
    },
    stop: async () => {
      const stopped = life.trading.stop();
      await time.advance(5_000);
      await stopped;
      venue.stop();
    },
  };
}

interface Parts {
  readonly time: VirtualTime;
  readonly wire: Transport;
  readonly store: Store;
  readonly latch: MemoryLatch;
  readonly mark: MemoryUseMark;
  readonly newInstance: () => string;
  readonly settings: TradingSettings;
  readonly journal: string[];
  readonly reports: string[];
  readonly seed: number;
  readonly inputs: WorldOptions['inputs'] | undefined;
  readonly clockOffMs: WorldOptions['clockOffMs'] | undefined;
}

interface Life {
  readonly trading: TradingService;
  /** No timer fires and no byte leaves or arrives any more. */
  readonly kill: () => void;
}

function launch(parts: Parts): Life {
  const { store, latch, mark, settings, journal, reports, seed } = parts;
  let alive = true;
  const time = mortalTime(parts.time, () => alive, parts.clockOffMs ?? (() => 0));
  const report = (message: string): void => {
    reports.push(message);
  };
  const exchange = adapter({ transport: mortalTransport(parts.wire, () => alive), time, seed, report, mark });
  const inputs = parts.inputs?.(time);
  const trading = new TradingService({
    exchange,
    store,
    latch,
    time,
    rng: rng(seed + 1),
    accountId: ACCOUNT,
    instance: parts.newInstance(),
    settings: { version: 1, settings, instruments: new Map() },
    report,
    onBroken: (detail) => report(`broken: ${detail}`),
    beforeFirstStep: (engine) => inputs?.begin(engine),
  });
  if (inputs !== undefined) trading.observe(inputs);
  trading.observe({
    onStep: (sequence, event, decisions) => journal.push(JSON.stringify({ sequence, event, decisions })),
  });
  trading.start().catch((error: unknown) => report(`start failed: ${String(error)}`));
  return {
    trading,
    kill: () => {
      alive = false;
    },
  };
}

function adapter(options: {
  readonly transport: Transport;
  readonly time: Time;
  readonly seed: number;
  readonly report: (message: string) => void;
  readonly mark?: MemoryUseMark;
}): Exchange {
  return createBybitExchange({
    transport: options.transport,
    time: options.time,
    rng: rng(options.seed),
    credentials: { apiKey: KEY.apiKey, secret: KEY.apiSecret },
    share: 0.8,
    log: options.report,
    ...(options.mark === undefined ? {} : { mark: options.mark }),
  });
}

/** An adapter knows instruments only once it has read them. */
async function readOnce(exchange: Exchange, time: VirtualTime): Promise<void> {
  const reading = exchange.readInstruments();
  await time.advance(1_000);
  await reading;
}

function mortalTime(time: Time, isAlive: () => boolean, offMs: () => number): Time {
  return {
    nowMs: () => time.nowMs() + offMs(),
    monotonicMs: () => time.monotonicMs(),
    after: (delayMs, task) =>
      time.after(delayMs, () => {
        if (isAlive()) task();
      }),
  };
}

function lateTransport(
  link: Transport,
  time: Time,
  late: (request: LinkRequest) => number | null,
): Transport {
  return {
    openChannel: (path, handlers) => link.openChannel(path, handlers),
    request: async (request) => {
      const delayMs = late(request);
      if (delayMs === null) return link.request(request);
      time.after(delayMs, () => void link.request(request));
      return { kind: 'no-answer', detail: 'the connection broke' };
    },
  };
}

function mortalTransport(link: Transport, isAlive: () => boolean): Transport {
  return {
    request: async (request) => {
      const outcome = isAlive() ? await link.request(request) : null;
      return outcome !== null && isAlive() ? outcome : new Promise(() => undefined);
    },
    openChannel: (path, handlers) =>
      link.openChannel(path, {
        onOpen: () => isAlive() && handlers.onOpen(),
        onMessage: (text) => isAlive() && handlers.onMessage(text),
        onClose: (detail) => isAlive() && handlers.onClose(detail),
      }),
  };
}
