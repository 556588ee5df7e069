import { createHmac } from 'node:crypto';
import { RestClientV5, WebsocketClient } from 'bybit-api';
import ccxt from 'ccxt';
import { instrumentId } from '../../fixture/scripted-market.ts';
import { API_KEY, API_SECRET, type RunningVenue, runVenue, type VenueSetting } from '../venue-fixture.ts';

export type Ccxt = InstanceType<typeof ccxt.pro.bybit>;
type Markets = Awaited<ReturnType<Ccxt['loadMarkets']>>;

/** Limits are off unless the card is about them. */
export type StageOptions = VenueSetting;

/** What a bybit-api stream gives on. */
export interface StreamUpdate {
  readonly topic: string;
  readonly data: readonly Record<string, unknown>[];
}

/** An answer as it stands on the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: Record<string, unknown> & { readonly list?: readonly Record<string, unknown>[] };
  readonly retExtInfo: { readonly list?: readonly { readonly code: number; readonly msg: string }[] };
}

/** A venue of its own for one card, on loopback, and the clients that act on it. */
export interface Stage {
  readonly running: RunningVenue;
  readonly rest: RestClientV5;
  /** Made when it is asked for: markets loaded. */
  ccxt(): Promise<Ccxt>;
  /** A bybit-api stream client of one path, logged in when that is private. */
  stream(path: '/v5/public/linear' | '/v5/private'): WebsocketClient;
  /** One signed request, written out as the protocol's documents have it. */
  send(method: 'GET' | 'POST', path: string, content: object): Promise<WireAnswer>;
  /** Sets the last price and lets the venue act on it. */
  move(price: number, options?: { readonly mark?: number; readonly top?: number }): void;
}

export const BTC = 'BTC/USDT:USDT';
export const category = 'linear';
export const symbol = 'BTCUSDT';

const SILENT = { trace: () => undefined, info: () => undefined, error: () => undefined };
const CCXT_OPTIONS = { fetchMarkets: { types: ['linear'] }, defaultType: 'swap' };

let knownMarkets: Markets | null = null;

/** Plays on a fresh venue and takes everything down afterwards, however it ends. */
export async function onStage(options: StageOptions, play: (stage: Stage) => Promise<void>): Promise<void> {
  const running = await runVenue({ ...options, limits: { isOn: false, ...options.limits } });
  const closers: (() => unknown)[] = [];
  const keys = { key: API_KEY, secret: API_SECRET };
  try {
    await play({
      running,
      rest: new RestClientV5({ ...keys, baseUrl: running.http }),
      ccxt: async () => {
        const client = await connectCcxt(running, CCXT_OPTIONS);
        closers.push(() => client.close());
        await shareMarkets(client, options);
        return client;
      },
      stream: (path) => {
        const client = new WebsocketClient({ ...keys, market: 'v5', wsUrl: running.ws + path }, SILENT);
        client.on('exception', () => undefined);
        closers.push(() => client.closeAll(true));
        return client;
      },
      send: (method, path, content) => sendSigned(running, { method, path, content }),
      move: (price, options = {}) => {
        nextMillisecond(running);
        running.market.setPrice(instrumentId(symbol), price, options);
        running.venue.advance();
      },
    });
  } finally {
    for (const close of closers) await close();
    await running.stop();
  }
}

/** A quote has a time of its own: two within one millisecond would be the same one. */
function nextMillisecond(running: RunningVenue): void {
  const sinceMs = Date.now();
  while (Date.now() <= sinceMs) running.venue.advance();
  running.venue.advance();
}

/** A ccxt that knows the venue instead of the exchange; with options of its own, no coin list is asked for. */
export async function connectCcxt(running: RunningVenue, options: object): Promise<Ccxt> {
  const client = new ccxt.pro.bybit({ apiKey: API_KEY, secret: API_SECRET, enableRateLimit: false, options });
  await client.loadHttpProxyAgent();
  client.urls['api'] = rebase(running, client.urls['api']) as (typeof client.urls)['api'];
  if (Object.keys(options).length > 0) client.has['fetchCurrencies'] = false;
  return client;
}

/** Waits for the next push of a topic that fits. */
export function nextUpdate(
  stream: WebsocketClient,
  matches: (update: StreamUpdate) => boolean,
): Promise<StreamUpdate> {
  return new Promise((resolve) => {
    stream.on('update', (update: StreamUpdate) => {
      if (matches(update)) resolve(update);
    });
  });
}

/** Subscribes and waits until the venue has said so: pushes are not repeated for who comes late. */
export async function subscribed(stream: WebsocketClient, topics: readonly string[]): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    stream.on('response', (response: { readonly op?: string }) => {
      if (response.op === 'subscribe') resolve();
    });
  });
  stream.subscribeV5(
    [...topics],
    category,
    topics.every((topic) => !topic.includes('USDT')),
  );
  await answered;
}

async function sendSigned(
  running: RunningVenue,
  request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly content: object },
): Promise<WireAnswer> {
  const { method, path, content } = request;
  const isGet = method === 'GET';
  const query = Object.entries(content).map(([key, value]) => [key, String(value)]);
  const payload = isGet ? new URLSearchParams(query).toString() : JSON.stringify(content);
  const timestamp = String(Date.now());
  const signed = createHmac('sha256', API_SECRET).update(`${timestamp}${API_KEY}5000${payload}`);
  const response = await fetch(running.http + path + (isGet && payload !== '' ? `?${payload}` : ''), {
    method,
    ...(isGet ? {} : { body: payload }),
    headers: {
      'content-type': 'application/json',
      'X-BAPI-API-KEY': API_KEY,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': signed.digest('hex'),
    },
  });
  const { status, headers } = response;
  const body: Omit<WireAnswer, 'status' | 'headers'> = await response.json();
  return { status, headers, ...body };
}

/** The usual instruments are loaded once for all cards; others are read by the card itself. */
async function shareMarkets(client: Ccxt, options: StageOptions): Promise<void> {
  if (options.instruments !== undefined) {
    await client.loadMarkets();
    return;
  }
  knownMarkets ??= await client.loadMarkets();
  client.setMarkets(knownMarkets);
}

/** Every address ccxt knows, moved to the venue: scheme and host replaced, path kept. */
function rebase(running: RunningVenue, value: unknown): unknown {
  if (typeof value === 'string') {
    const path = value.replace(/^\w+:\/\/[^/]+/, '');
    return (value.startsWith('ws') ? running.ws : running.http) + path;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rebase(running, each)]));
}
