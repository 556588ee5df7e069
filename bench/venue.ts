import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { assert } from '../src/core/base/assert.ts';
import { sleep, systemTime } from '../src/platform/time.ts';
import { VirtualTime } from '../src/platform/virtual-time.ts';
import { createInProcessLink } from '../src/venue/in-process.ts';
import { syntheticMarket } from '../src/venue/market/synthetic.ts';
import { createVenue } from '../src/venue/venue.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { goalRow, percentile } from './figures.ts';
import type { FollowerMessage } from './venue-follower.ts';
import { VENUE_KEY } from './venue-key.ts';
import type { VenueReady, VenueUse } from './venue-server.ts';

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const COINS = 50;
const TICK_MS = 10_000;
const PROMISED_HOURS = 300;
const PROMISED_S = 60;

const INSTRUMENTS = 600;
const UPDATES_PER_SECOND = 10;
const REQUESTS_PER_SECOND = 50;
const P99_MS_MAX = 20;

/** The venue as a simulator in virtual time, and as a server under load. */
export const venueBench: Bench = { name: 'venue', run };

async function run({ smoke }: BenchOptions): Promise<BenchTable> {
  const simulated: number[] = [];
  for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 5); round += 1) {
    const seconds = await secondsFor(smoke ? 0.1 : 10);
    if (round >= 0) simulated.push(seconds);
  }
  const load = await loaded(smoke);
  return {
    title: `The venue: ${COINS} coins in virtual time; ${load.instruments} instruments over sockets`,
    rows: [
      goalRow(
        {
          name: `${PROMISED_HOURS} virtual hours, ${COINS} tickers every ${TICK_MS / 1000} s`,
          unit: 'CPU s',
          figures: simulated,
        },
        PROMISED_S,
      ),
      goalRow({ name: 'REST answer under load, p99', unit: 'ms', figures: load.p99Ms }, P99_MS_MAX),
    ],
    notes: [
      'Virtual time: venue, injected transport and one client of all tickers in one thread; CPU time with that of the collector.',
      `Load: ${Math.round(load.updatesPerSecond)} ticker updates/s to one client, ` +
        `${REQUESTS_PER_SECOND} REST requests/s beside them; the venue uses ${Math.round(load.coreShare * 100)} % of a core.`,
      'Venue, follower and asker are processes of their own: on a machine that is busy otherwise p99 tells of the others.',
      'A tenth of the requests reads all tickers; the others candles, the book, positions, and place and cancel orders.',
    ],
  };
}

/** CPU seconds that the promised hours take, from a part of them. */
async function secondsFor(hours: number): Promise<number> {
  const time = new VirtualTime(START_MS);
  const market = syntheticMarket({
    seed: 7,
    instrumentCount: COINS,
    startMs: START_MS,
    candleScale: 'real',
  });
  const accounts = [{ ...VENUE_KEY, uid: '1001', walletUsdt: 10_000 }];
  const venue = createVenue({ market, time, accounts, seed: 1, stepMs: TICK_MS });
  const link = createInProcessLink({ venue, time, latencyMs: 1 });
  const topics = market.instruments().map((instrument) => `tickers.${instrument.exchangeSymbol}`);
  let told = 0;
  const channel = link.openChannel('/v5/public/linear', {
    onOpen: () => channel.send(JSON.stringify({ op: 'subscribe', args: topics })),
    onMessage: () => {
      told += 1;
    },
    onClose: () => undefined,
  });
  const ping = (): void => {
    channel.send('{"op":"ping"}');
    time.after(20_000, ping);
  };
  time.after(20_000, ping);
  venue.start();
  await time.advance(60_000);
  told = 0;
  const before = process.cpuUsage();
  await time.advance(hours * HOUR_MS);
  const { user, system } = process.cpuUsage(before);
  const tookS = (user + system) / 1e6;
  const ticks = (hours * HOUR_MS * COINS) / TICK_MS;
  assert(told > ticks * 0.9, 'Nearly every tick of every coin is told: prices rest now and then.');
  return (tookS * PROMISED_HOURS) / hours;
}

interface Load {
  readonly instruments: number;
  readonly updatesPerSecond: number;
  readonly p99Ms: readonly number[];
  /** Of one core, by the venue's process. */
  readonly coreShare: number;
}

async function loaded(smoke: boolean): Promise<Load> {
  const instruments = smoke ? 20 : INSTRUMENTS;
  const server = fork(join(import.meta.dirname, 'venue-server.ts'), [String(instruments)]);
  const [ready] = (await once(server, 'message')) as [VenueReady];
  const { port, symbols } = ready;
  const follower = fork(join(import.meta.dirname, 'venue-follower.ts'), [String(port), ...symbols]);
  await once(follower, 'message');
  try {
    const p99Ms: number[] = [];
    const before = { ms: systemTime.monotonicMs(), microseconds: await usedBy(server) };
    for (let round = smoke ? 0 : -1; round < (smoke ? 1 : 3); round += 1) {
      await counted(follower);
      const agesMs = await ask(ready, smoke ? 0.5 : 8);
      if (round >= 0) p99Ms.push(percentile(agesMs, 99));
    }
    const updatesPerSecond = await counted(follower);
    const used = (await usedBy(server)) - before.microseconds;
    const coreShare = used / 1000 / (systemTime.monotonicMs() - before.ms);
    const wanted = symbols.length * UPDATES_PER_SECOND;
    assert(
      smoke || updatesPerSecond > wanted * 0.5,
      `${wanted} updates a second come, not ${updatesPerSecond}.`,
    );
    return { instruments: symbols.length, updatesPerSecond, p99Ms, coreShare };
  } finally {
    for (const child of [server, follower]) child.disconnect();
  }
}

async function usedBy(server: ChildProcess): Promise<number> {
  const answered = once(server, 'message');
  server.send('cpu');
  const [{ microseconds }] = (await answered) as [VenueUse];
  return microseconds;
}

async function counted(follower: ChildProcess): Promise<number> {
  const answered = once(follower, 'message');
  follower.send('count');
  const [message] = (await answered) as [FollowerMessage];
  return message.kind === 'counted' ? message.perSecond : Number.NaN;
}

/** Asks at an even pace whatever the answers do, so that a slow answer does not spare the next one. */
async function ask({ port, symbols }: VenueReady, seconds: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true });
  const agesMs: number[] = [];
  const asked: Promise<void>[] = [];
  const startMs = systemTime.monotonicMs();
  for (let count = 0; count < seconds * REQUESTS_PER_SECOND; count += 1) {
    await sleep(
      systemTime,
      Math.max(0, startMs + (count * 1000) / REQUESTS_PER_SECOND - systemTime.monotonicMs()),
    );
    const sentMs = systemTime.monotonicMs();
    const question = questionOf(count, symbols[count % symbols.length] ?? '');
    asked.push(
      answer(port, agent, question).then(() => {
        agesMs.push(systemTime.monotonicMs() - sentMs);
      }),
    );
  }
  await Promise.all(asked);
  agent.destroy();
  return agesMs;
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly payload: string;
}

function questionOf(count: number, symbol: string): Question {
  const get = (path: string, payload: string): Question => ({ method: 'GET', path, payload });
  const turn = count % 10;
  if (turn === 0) return get('/v5/market/tickers', 'category=linear');
  if (turn < 4) return get('/v5/market/kline', `category=linear&symbol=${symbol}&interval=1&limit=200`);
  if (turn < 6) return get('/v5/market/orderbook', `category=linear&symbol=${symbol}&limit=50`);
  if (turn < 8) return get('/v5/position/list', 'category=linear&settleCoin=USDT');
  if (turn === 8) {
    const order = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.001' };
    return { method: 'POST', path: '/v5/order/create', payload: JSON.stringify(order) };
  }
  const cancel = { category: 'linear', settleCoin: 'USDT' };
  return { method: 'POST', path: '/v5/order/cancel-all', payload: JSON.stringify(cancel) };
}

function answer(port: number, agent: Agent, { method, path, payload }: Question): Promise<void> {
  const timestamp = String(systemTime.nowMs());
  const signed = `${timestamp}${VENUE_KEY.apiKey}5000${payload}`;
  const headers = {
    'X-BAPI-API-KEY': VENUE_KEY.apiKey,
    'X-BAPI-TIMESTAMP': timestamp,
    'X-BAPI-RECV-WINDOW': '5000',
    'X-BAPI-SIGN': createHmac('sha256', VENUE_KEY.apiSecret).update(signed).digest('hex'),
  };
  const url = `http://127.0.0.1:${port}${path}${method === 'GET' ? `?${payload}` : ''}`;
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent }, (response) => {
      assert(response.statusCode === 200, `${path} is answered with ${response.statusCode}.`);
      response.on('data', () => undefined);
      response.on('end', () => resolve());
    });
    asking.on('error', reject);
    asking.end(method === 'POST' ? payload : '');
  });
}
