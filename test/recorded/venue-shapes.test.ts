import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { Credentials } from '../../src/venue/dialect/bybit/credentials.ts';
import { KeyRing } from '../../src/venue/key-ring.ts';
import { instrument, instrumentId } from '../fixture/scripted-market.ts';
import {
  API_KEY,
  API_SECRET,
  type Envelope,
  type VenueClient,
  venueClient,
} from '../fixture/venue-client.ts';

const ROOT = join(process.env['INFOBOT_TEST_DATA'] ?? '', 'fixtures');
const category = 'linear';
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);

interface DocumentedPage {
  readonly responses: readonly { readonly tab: string; readonly json: Record<string, unknown> }[];
}

interface SignatureVector {
  readonly venue: string;
  readonly secret: string;
  readonly stringToSign: string;
  readonly signature: string;
}

interface RecordedCall {
  readonly t: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: Record<string, unknown>;
  readonly msg?: { readonly op: string; readonly args?: readonly unknown[] };
}

type Ask = (client: VenueClient) => Promise<Envelope>;

const REST_PAGES: Readonly<Record<string, Ask>> = {
  market__time: (client) => client.get('/v5/market/time'),
  market__instrument: (client) => client.get('/v5/market/instruments-info', { category }),
  market__tickers: (client) => client.get('/v5/market/tickers', { category }),
  market__kline: (client) => client.get('/v5/market/kline', { category, symbol, interval: '60', limit: 3 }),
  market__orderbook: (client) => client.get('/v5/market/orderbook', { category, symbol }),
  'market__history-fund-rate': (client) => client.get('/v5/market/funding/history', { category, symbol }),
  'account__account-info': (client) => client.get('/v5/account/info'),
  'account__wallet-balance': (client) => client.get('/v5/account/wallet-balance', { accountType: 'UNIFIED' }),
  'user__apikey-info': (client) => client.get('/v5/user/query-api'),
  position__position: (client) => client.get('/v5/position/list', { category, symbol }),
  'position__trading-stop': (client) =>
    client.post('/v5/position/trading-stop', {
      category,
      symbol,
      stopLoss: '70',
      tpslMode: 'Full',
      positionIdx: 0,
    }),
  position__leverage: (client) =>
    client.post('/v5/position/set-leverage', { category, symbol, buyLeverage: '6', sellLeverage: '6' }),
  'position__position-mode': async (client) => {
    await client.post('/v5/order/cancel-all', { category, symbol });
    await client.post('/v5/order/create', { ...marketOrder('Sell'), reduceOnly: true });
    return client.post('/v5/position/switch-mode', { category, symbol, mode: 3 });
  },
  'order__create-order': (client) => client.post('/v5/order/create', limitOrder('shape-2')),
  'order__amend-order': (client) =>
    client.post('/v5/order/amend', { category, symbol, orderLinkId: 'shape-1', price: '81' }),
  'order__cancel-order': (client) =>
    client.post('/v5/order/cancel', { category, symbol, orderLinkId: 'shape-1' }),
  'order__open-order': (client) =>
    client.get('/v5/order/realtime', { category, symbol, orderLinkId: 'shape-1' }),
  order__execution: (client) => client.get('/v5/execution/list', { category, symbol, execType: 'Trade' }),
};

const PUSHES: Readonly<Record<string, string>> = {
  websocket__public__kline: 'kline.5.BTCUSDT',
  websocket__public__ticker: 'tickers.BTCUSDT',
  websocket__private__order: 'order',
  websocket__private__execution: 'execution',
  websocket__private__position: 'position',
  websocket__private__wallet: 'wallet',
};

/** Calls that name an order nobody placed: understood, and answered with "order does not exist". */
const NAMES_NO_ORDER = ['editOrder', 'cancelOrder'];
/** Calls that need a flat account. */
const NEEDS_FLAT = ['setPositionMode', 'switchPositionMode', 'createOrder_market_hedged'];

describe('answers of the venue', () => {
  it('have every key and JSON type of the documented examples', async () => {
    const compared: string[] = [];
    for (const [page, ask] of Object.entries(REST_PAGES)) {
      const answer = await ask(await tradedVenue());
      expect(answer, `${page} is answered`).toMatchObject({ retCode: 0 });
      compareShape(example(page), answer, page);
      compared.push(page);
    }
    expect(compared).toHaveLength(18);
  });

  it('are pushed with every key and JSON type of the documented examples', async () => {
    const client = await tradedVenue();
    const publicStream = await client.channel('/v5/public/linear');
    const args = ['kline.5.BTCUSDT', 'tickers.BTCUSDT'];
    publicStream.channel.send(JSON.stringify({ op: 'subscribe', args }));
    const privateStream = await client.privateChannel(['order', 'execution', 'position', 'wallet']);
    await client.post('/v5/order/create', marketOrder('Buy'));
    await client.move(btcId, 101);
    const messages = [...publicStream.messages, ...privateStream.messages];
    for (const [page, topic] of Object.entries(PUSHES)) {
      const push = messages.find((message) => message['topic'] === topic);
      expect(push, `${topic} is pushed`).toBeDefined();
      compareShape(
        example(page, (json) => json['topic'] !== undefined),
        push,
        page,
      );
    }
  });
});

describe('published signatures', () => {
  it('of Bybit requests are accepted, and refused with one letter changed', () => {
    const vectors = read<readonly SignatureVector[]>('sdk-recorded', 'signature-vectors.json').filter(
      (vector) => vector.venue === 'bybit' && vector.stringToSign.startsWith('1700000000000testkey5000'),
    );
    expect(vectors.length).toBeGreaterThanOrEqual(2);
    for (const { secret, signature, stringToSign } of vectors) {
      const account = { apiKey: 'testkey', apiSecret: secret, uid: '1', walletUsdt: 0 };
      const headers = {
        'x-bapi-api-key': 'testkey',
        'x-bapi-timestamp': '1700000000000',
        'x-bapi-recv-window': '5000',
        'x-bapi-sign': signature,
      };
      const payload = stringToSign.slice('1700000000000testkey5000'.length);
      const credentials = new Credentials([account], new KeyRing([account]));
      const from = { address: '', nowMs: 1_700_000_000_000, needs: 'read' } as const;
      expect(credentials.verify({ headers, payload, ...from })).toBe(account);
      expect(credentials.verify({ headers, payload: `${payload} `, ...from })).toMatchObject({
        retCode: 10004,
      });
    }
  });
});

describe.each(['ccxt-bybit.json', 'bybit-api.json'])('requests recorded in %s', (file) => {
  const recorded = Object.entries(
    read<Record<string, { calls: readonly RecordedCall[] }>>('sdk-recorded', file),
  );

  it('are accepted over REST', async () => {
    let accepted = 0;
    for (const [name, { calls }] of recorded) {
      for (const call of calls.filter((each) => each.t === 'http')) {
        const client = await recordedVenue(name);
        const payload = call.method === 'GET' ? queryText(call.query) : JSON.stringify(call.body);
        const outcome = await client.send(call.method, call.path, payload);
        const answer: Envelope = JSON.parse(outcome.kind === 'answered' ? outcome.body : '{}');
        expect(answer, `${name} ${call.path}`).toMatchObject({
          retCode: NAMES_NO_ORDER.includes(name) ? 110001 : 0,
        });
        accepted += 1;
      }
    }
    expect(accepted).toBeGreaterThanOrEqual(13);
  });

  it('are accepted over WebSocket', async () => {
    let accepted = 0;
    for (const [name, { calls }] of recorded) {
      for (const call of calls.filter((each) => each.t === 'ws-msg')) {
        const client = await recordedVenue(name);
        const { channel, messages } = await client.channel(call.path);
        if (call.path === '/v5/private' && call.msg?.op === 'subscribe') {
          channel.send(JSON.stringify({ op: 'auth', args: streamLogin(client, 'text') }));
        }
        const kind = call.msg?.args?.[1] === '<ms:number>' ? 'number' : 'text';
        const args = call.msg?.op === 'auth' ? streamLogin(client, kind) : call.msg?.args;
        channel.send(JSON.stringify({ ...call.msg, args }));
        await client.time.advance(2);
        const answers = messages.filter((message) => message['conn_id'] !== undefined);
        expect(answers.length, name).toBeGreaterThan(0);
        for (const answer of answers) expect(answer['success'] ?? true, name).toBe(true);
        accepted += 1;
      }
    }
    expect(accepted).toBeGreaterThanOrEqual(4);
  });
});

/** A venue at 100 with a long position, its stop, a resting order and a paid funding. */
async function tradedVenue(): Promise<VenueClient> {
  const client = recordedMarket();
  await client.post('/v5/order/create', { ...marketOrder('Buy'), stopLoss: '80' });
  await client.post('/v5/order/create', limitOrder('shape-1'));
  await client.time.advance(450);
  client.market.setFunding(btcId, 0.0001, client.time.nowMs() + 28_800_000);
  await client.time.advance(1000);
  return client;
}

/** What the recorded call needs to find: a position of 1, unless it must be flat. */
async function recordedVenue(name: string): Promise<VenueClient> {
  const client = recordedMarket();
  if (name === 'createOrder_market_hedged') {
    await client.post('/v5/position/switch-mode', { category, symbol, mode: 3 });
  }
  if (!NEEDS_FLAT.includes(name)) await client.post('/v5/order/create', { ...marketOrder('Buy'), qty: '1' });
  // Leverage 10 is the default and would answer "not modified".
  await client.post('/v5/position/set-leverage', { category, symbol, buyLeverage: '5', sellLeverage: '5' });
  await client.time.advance(1000);
  return client;
}

function recordedMarket(): VenueClient {
  const btc = instrument(symbol, { notionalMin: decimal(1) });
  return venueClient({
    instruments: [btc],
    prepare: (market) => {
      market.setPrice(btcId, 100, { top: 1000 });
      market.setFunding(btcId, 0.0001, 1_700_000_000_500);
    },
  });
}

function marketOrder(side: 'Buy' | 'Sell'): Record<string, unknown> {
  return { category, symbol, side, orderType: 'Market', qty: '2' };
}

function limitOrder(orderLinkId: string): Record<string, unknown> {
  return { category, symbol, side: 'Buy', orderType: 'Limit', qty: '1', price: '82', orderLinkId };
}

function streamLogin(client: VenueClient, kind: 'text' | 'number'): readonly unknown[] {
  const expires = client.time.nowMs() + 5000;
  const signature = createHmac('sha256', API_SECRET).update(`GET/realtime${expires}`).digest('hex');
  return [API_KEY, kind === 'text' ? String(expires) : expires, signature];
}

/** Recorded placeholders of times stand for two hours ago. */
function queryText(query: Record<string, string> = {}): string {
  const values = Object.entries(query).map(([key, value]) => [
    key,
    value === '<ms>' ? '1699992800000' : value,
  ]);
  return new URLSearchParams(values).toString();
}

function example(page: string, matches: (json: Record<string, unknown>) => boolean = () => true): unknown {
  const documented = read<DocumentedPage>('bybit-docs', `${page}.json`);
  return documented.responses.find((response) => matches(response.json))?.json;
}

function read<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8'));
}

/** Every key of the example stands in the answer with the same JSON type; lists are compared by first rows. */
function compareShape(documented: unknown, answered: unknown, path: string): void {
  if (documented === null) return;
  expect(kindOf(answered), `type of ${path}`).toBe(kindOf(documented));
  if (Array.isArray(documented) && Array.isArray(answered)) {
    if (documented.length === 0 || path.endsWith('.ips')) return;
    // An account without regional taxes and without permissions beyond contracts lists none.
    if (/extraFees|permissions/.test(path)) return;
    expect(answered.length, `rows of ${path}`).toBeGreaterThan(0);
    compareShape(documented[0], answered[0], `${path}[0]`);
    return;
  }
  if (typeof documented !== 'object' || path.endsWith('.cumFeeDetail')) return;
  for (const [key, value] of Object.entries(documented as Record<string, unknown>)) {
    expect(answered, `${path} has ${key}`).toHaveProperty([key]);
    compareShape(value, (answered as Record<string, unknown>)[key], `${path}.${key}`);
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
