import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoinBoard } from '../src/app/coin-board.ts';
import { TradingService } from '../src/app/trading-service.ts';
import { assert, ensure } from '../src/core/base/assert.ts';
import { rng } from '../src/core/base/rng.ts';
import { DEFAULT_TRADING_SETTINGS } from '../src/core/engine/settings.ts';
import { createBybitExchange } from '../src/exchange/bybit/bybit-exchange.ts';
import { createSocketTransport } from '../src/exchange/socket-transport.ts';
import type { Transport } from '../src/exchange/transport.ts';
import { sleep, systemTime } from '../src/platform/time.ts';
import { openStore } from '../src/store/sqlite/open-store.ts';
import { FileHaltLatch } from '../src/trading/halt-latch.ts';
import { percentile } from './figures.ts';

/** What one cold start measured. */
export interface ScanMessage {
  readonly instruments: number;
  readonly candles: number;
  readonly readyMs: number;
  readonly requests: number;
  readonly roundTripMs: number;
  readonly cpuMs: number;
  readonly residentMb: number;
  /** Market reads sent while the streams were up for a second, and price messages that came. */
  readonly idleReads: number;
  /** All rows of the scan table rebuilt once. */
  readonly refreshMs: number;
  /** One read of all tickers, and how many requests it took. */
  readonly tickersMs: number;
  readonly tickersReads: number;
}

const SHARE = 0.8;
const ROUND_TRIPS = 5;
const REFRESHES = 21;
/** Looking is work too and counts as the service's own; the start seems longer by less than this. */
const POLL_MS = 25;
const PATIENCE_MS = 60_000;

await main();

/** One cold start against the venue of argument 1, whose key lies in the folder of argument 2. */
async function main(): Promise<void> {
  const [, , base = '', home = ''] = process.argv;
  const counted = countedTransport(base);
  const key = JSON.parse(readFileSync(join(home, 'venue-key.json'), 'utf8')) as {
    apiKey: string;
    apiSecret: string;
  };
  const exchange = createBybitExchange({
    transport: counted.transport,
    time: systemTime,
    rng: rng(1),
    credentials: { apiKey: key.apiKey, secret: key.apiSecret },
    share: SHARE,
    log: () => undefined,
  });
  const store = openStore({ file: join(home, `bench-${process.pid}.db`), time: systemTime });
  const trading = new TradingService({
    instance: '000000',
    exchange,
    store,
    latch: new FileHaltLatch(home),
    time: systemTime,
    rng: rng(2),
    accountId: `bench-${process.pid}`,
    settings: { version: 1, settings: DEFAULT_TRADING_SETTINGS, instruments: new Map() },
    report: (message) => process.stderr.write(`${message}\n`),
    onBroken: (detail) => {
      throw new Error(detail);
    },
  });
  const cpuBefore = process.cpuUsage();
  const startMs = systemTime.monotonicMs();
  const started = trading.start();
  await allReady(trading);
  const readyMs = systemTime.monotonicMs() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  const requests = counted.reads();
  await started;
  const found = await refreshes(trading, exchange.readTickers, counted);
  const roundTripMs = await roundTrip(exchange.readTime);
  const { total } = trading.market.health().progress;
  const first = ensure(trading.engine.scanRows()[0] ?? null, 'There is an instrument.');
  ensure(
    process.send?.bind(process) ?? null,
    'Started by the bench as a child.',
  )({
    instruments: total,
    candles: first.candleCount,
    readyMs,
    requests,
    roundTripMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    residentMb: process.memoryUsage().rss / 1e6,
    ...found,
  } satisfies ScanMessage);
  await trading.stop();
  exchange.close();
  await store.close();
  process.disconnect();
}

interface CountedTransport {
  readonly transport: Transport;
  /** Reads of the market that were sent so far. */
  reads(): number;
}

function countedTransport(httpBase: string): CountedTransport {
  const transport = createSocketTransport({
    httpBase,
    wsBase: httpBase.replace('http', 'ws'),
    allowedHosts: [new URL(httpBase).host],
    time: systemTime,
  });
  let reads = 0;
  return {
    reads: () => reads,
    transport: {
      openChannel: transport.openChannel,
      request: (request) => {
        if (request.path.startsWith('/v5/market/') && request.path !== '/v5/market/time') reads += 1;
        return transport.request(request);
      },
    },
  };
}

async function allReady(trading: TradingService): Promise<void> {
  const deadlineMs = systemTime.monotonicMs() + PATIENCE_MS;
  for (;;) {
    const { ready, failed, total } = trading.market.health().progress;
    if (total > 0 && ready === total) return;
    assert(systemTime.monotonicMs() < deadlineMs, `Of ${total}, ${ready} are ready and ${failed} failed.`);
    await sleep(systemTime, POLL_MS);
  }
}

async function refreshes(
  trading: TradingService,
  readTickers: () => Promise<unknown>,
  counted: CountedTransport,
): Promise<Pick<ScanMessage, 'idleReads' | 'refreshMs' | 'tickersMs' | 'tickersReads'>> {
  const before = counted.reads();
  await sleep(systemTime, 1000);
  const idleReads = counted.reads() - before;
  const timesMs: number[] = [];
  for (let turn = 0; turn < REFRESHES; turn += 1) {
    const board = new CoinBoard({ trading, time: systemTime });
    const startMs = systemTime.monotonicMs();
    board.refresh();
    timesMs.push(systemTime.monotonicMs() - startMs);
  }
  const startMs = systemTime.monotonicMs();
  await readTickers();
  return {
    idleReads,
    refreshMs: percentile(timesMs, 50),
    tickersMs: systemTime.monotonicMs() - startMs,
    tickersReads: counted.reads() - before - idleReads,
  };
}

/** The shortest of a few: the others waited for something else. */
async function roundTrip(readTime: () => Promise<unknown>): Promise<number> {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < ROUND_TRIPS; turn += 1) {
    const startMs = systemTime.monotonicMs();
    await readTime();
    shortestMs = Math.min(shortestMs, systemTime.monotonicMs() - startMs);
  }
  return shortestMs;
}
