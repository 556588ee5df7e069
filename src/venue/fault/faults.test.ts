import { describe, expect, it } from 'vitest';
import { instrument, instrumentId } from '../../../test/fixture/scripted-market.ts';
import { type VenueClient, venueClient } from '../../../test/fixture/venue-client.ts';

const category = 'linear';
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);
const TIME = '/v5/market/time';
const CREATE = '/v5/order/create';
const limitOrder = { category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: '58000' };
const marketOrder = { category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01' };

function faulty(
  fault: Record<string, unknown>,
  options: Parameters<typeof venueClient>[0] = {},
): VenueClient {
  const client = venueClient({ limits: { isOn: false }, ...options });
  const added = client.venue.faults.add(fault);
  if (!added.ok) throw new Error(added.error);
  return client;
}

async function patient(client: VenueClient, method: 'GET' | 'POST', path: string, payload: string) {
  const asked = client.send(method, path, payload);
  await client.time.advance(20_000);
  return asked;
}

async function openOrders({ get }: VenueClient): Promise<number> {
  const { result } = await get('/v5/order/realtime', { category, symbol, openOnly: 0 });
  return result.list?.length ?? -1;
}

const strikesOf = ({ venue }: VenueClient): number => venue.faults.strikes().length;

describe('faults of requests', () => {
  it.each([
    ['request-lost', 'no-answer', 0],
    ['reply-lost', 'no-answer', 1],
    ['connection-reset', 'no-answer', 1],
    ['request-late', 'no-answer', 1],
    ['reply-duplicated', 'answered', 1],
  ])('%s gives %s and leaves %d orders', async (name, kind, orders) => {
    const client = faulty({ name, path: CREATE });
    expect((await patient(client, 'POST', CREATE, JSON.stringify(limitOrder))).kind).toBe(kind);
    expect(await openOrders(client)).toBe(orders);
    expect(strikesOf(client)).toBe(1);
  });

  it('request-duplicated places once and answers for the second arrival', async () => {
    const client = faulty({ name: 'request-duplicated', path: CREATE });
    expect((await client.post(CREATE, { ...limitOrder, orderLinkId: 'a1' })).retCode).toBe(110072);
    expect(await openOrders(client)).toBe(1);
  });

  it('reply-late answers between half of the delay and all of it', async () => {
    const client = faulty({ name: 'reply-late', delay: '4s' });
    const startMs = client.time.nowMs();
    let answeredMs = 0;
    void client.send('GET', TIME, '').then(() => {
      answeredMs = client.time.nowMs();
    });
    await client.time.advance(20_000);
    expect(answeredMs - startMs).toBeGreaterThanOrEqual(2000);
    expect(answeredMs - startMs).toBeLessThanOrEqual(4002);
  });

  it.each([
    [{ name: 'http-error', status: 504 }, { status: 504 }],
    [{ name: 'html-body' }, { status: 200, body: expect.stringContaining('<html>') }],
    [{ name: 'error-code' }, { status: 200, body: expect.stringContaining('"retCode":10000,') }],
    [{ name: 'unknown-code' }, { status: 200, body: expect.stringMatching(/"retCode":7\d{6},/) }],
    [{ name: 'rate-limited' }, { body: expect.stringContaining('"retCode":10006,') }],
    [{ name: 'address-banned' }, { status: 403 }],
    [{ name: 'key-refused', reason: 'expired' }, { body: expect.stringContaining('"retCode":33004,') }],
    [{ name: 'maintenance' }, { status: 503 }],
    [{ name: 'halt' }, { body: expect.stringContaining('"retCode":110066,') }],
  ])('%o is told', async (fault, answer) => {
    const client = faulty(fault);
    expect(await client.send('POST', CREATE, JSON.stringify(limitOrder))).toMatchObject(answer);
  });

  it.each([
    ['never', 0],
    ['always', 1],
  ])('a spoilt answer is one to an order that was %s carried out', async (executed, orders) => {
    const client = faulty({ name: 'html-body', path: CREATE, executed });
    await client.send('POST', CREATE, JSON.stringify(limitOrder));
    expect(await openOrders(client)).toBe(orders);
  });

  it('json-truncated cuts the answer in the middle', async () => {
    const outcome = await faulty({ name: 'json-truncated' }).send('GET', TIME, '');
    if (outcome.kind !== 'answered') throw new Error('it is answered');
    expect(() => JSON.parse(outcome.body)).toThrow();
  });

  it('halt for entries lets exits through', async () => {
    const client = venueClient();
    await client.post(CREATE, marketOrder);
    client.venue.faults.add({ name: 'halt', mode: 'entries' });
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(110066);
    expect((await client.post(CREATE, { ...marketOrder, side: 'Sell', reduceOnly: true })).retCode).toBe(0);
  });
});

describe('faults of what is read', () => {
  const path = '/v5/order/realtime';
  const query = { category, symbol };

  it.each([
    ['read-empty', []],
    ['read-partial', [{ price: '57002.0' }]],
  ])('%s hides orders', async (name, list) => {
    const client = venueClient();
    for (const price of ['57000', '57001', '57002']) await client.post(CREATE, { ...limitOrder, price });
    client.venue.faults.add({ name });
    const { result } = await client.get(path, query);
    expect(result.list).toMatchObject(list);
    expect(result['nextPageCursor']).toBe('');
  });

  it.each(['html-body', 'json-truncated', 'http-error', 'maintenance'])(
    'are spoilt by several faults at once without harm, %s among them',
    async (name) => {
      const spoilers = ['read-empty', 'read-partial', 'read-listless', 'read-previous', 'read-stale'];
      const client = faulty({ name });
      for (const other of spoilers) client.venue.faults.add({ name: other });
      client.venue.faults.add({ name: 'contract-drift', pack: 'side-upper-case' });
      for (let count = 0; count < 3; count += 1) {
        const outcome = await client.send('GET', path, 'category=linear&symbol=BTCUSDT');
        expect(outcome.kind).toBe('answered');
      }
    },
  );

  it('leave market reads alone unless a path says otherwise', async () => {
    const client = faulty({ name: 'read-empty' });
    const tickers = async () => (await client.get('/v5/market/tickers', { category })).result.list;
    expect(await tickers()).toHaveLength(1);
    client.venue.faults.add({ name: 'read-empty', path: '/v5/market/tickers' });
    expect(await tickers()).toEqual([]);
  });

  it('read-listless has no list at all', async () => {
    const client = faulty({ name: 'read-listless' });
    expect((await client.get(path, query)).result.list ?? null).toBeNull();
  });

  it('read-stale tells for ever what it told first', async () => {
    const client = faulty({ name: 'read-stale' });
    expect((await client.get(path, query)).result.list).toEqual([]);
    await client.post(CREATE, limitOrder);
    expect((await client.get(path, query)).result.list).toEqual([]);
    client.venue.faults.removeAll();
    expect((await client.get(path, query)).result.list).toHaveLength(1);
  });

  it('read-previous is one reading behind, under a fresh time', async () => {
    const client = faulty({ name: 'read-previous' });
    await client.get(path, query);
    await client.post(CREATE, limitOrder);
    await client.time.advance(1000);
    const behind = await client.send('GET', path, 'category=linear&symbol=BTCUSDT');
    expect(behind).toMatchObject({
      body: expect.stringMatching(new RegExp(`"list":\\[\\].*"time":${client.time.nowMs() - 1}`)),
    });
    expect((await client.get(path, query)).result.list).toHaveLength(1);
  });
});

describe('faults of orders and stops', () => {
  it('order-rejected-late acknowledges an order and rejects it by push', async () => {
    const client = faulty({ name: 'order-rejected-late' });
    const { messages } = await client.privateChannel(['order']);
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(0);
    await client.time.advance(10);
    expect(messages.at(-1)).toMatchObject({
      topic: 'order',
      data: [{ orderStatus: 'Rejected', cumExecQty: '0.000' }],
    });
    expect((await client.get('/v5/position/list', { category, symbol })).result.list).toMatchObject([
      { size: '0.000' },
    ]);
  });

  it('fill-partial fills a share and cancels the rest', async () => {
    const client = faulty({ name: 'fill-partial', share: 0.3 });
    await client.post(CREATE, { ...marketOrder, qty: '0.02' });
    expect((await client.get('/v5/position/list', { category, symbol })).result.list).toMatchObject([
      { size: '0.006' },
    ]);
    const [order] = (await client.get('/v5/order/history', { category, symbol })).result.list ?? [];
    expect(order).toMatchObject({ cumExecQty: '0.006', leavesQty: expect.stringMatching(/^0(\.0+)?$/) });
  });

  it('cancel-race fills the order a cancel was meant for, and tells it twice', async () => {
    const client = venueClient();
    const { messages } = await client.privateChannel(['order']);
    await client.post(CREATE, { ...limitOrder, orderLinkId: 'raced' });
    client.venue.faults.add({ name: 'cancel-race' });
    expect((await client.post('/v5/order/cancel', { category, symbol, orderLinkId: 'raced' })).retCode).toBe(
      0,
    );
    await client.time.advance(10);
    const told = messages.flatMap(
      (message) => (message['data'] as { orderStatus: string }[] | undefined) ?? [],
    );
    expect(told.filter(({ orderStatus }) => orderStatus === 'Filled')).toHaveLength(2);
  });

  it('stop-refused refuses stops with an order and for a position, but not taking one off', async () => {
    const client = venueClient();
    await client.post(CREATE, { ...marketOrder, stopLoss: '50000' });
    client.venue.faults.add({ name: 'stop-refused', reason: 'would-trigger' });
    expect((await client.post(CREATE, { ...marketOrder, stopLoss: '51000' })).retCode).toBe(110093);
    const stop = { category, symbol, tpslMode: 'Full', positionIdx: 0 };
    expect((await client.post('/v5/position/trading-stop', { ...stop, stopLoss: '52000' })).retCode).toBe(
      110093,
    );
    expect((await client.post('/v5/position/trading-stop', { ...stop, stopLoss: '0' })).retCode).toBe(0);
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(0);
  });

  it('stop-ignored says yes and does nothing', async () => {
    const client = venueClient();
    await client.post(CREATE, marketOrder);
    client.venue.faults.add({ name: 'stop-ignored' });
    const stop = { category, symbol, tpslMode: 'Full', positionIdx: 0, stopLoss: '52000' };
    expect((await client.post('/v5/position/trading-stop', stop)).retCode).toBe(0);
    expect(client.venue.state().accounts[0]?.positions).toMatchObject([{ stopPrice: null }]);
  });

  it.each([
    ['stop-dropped', 0],
    ['stop-cancelled', 1],
  ])('%s takes a stop away and pushes %d orders about it', async (name, told) => {
    const client = venueClient();
    const { messages } = await client.privateChannel(['order']);
    await client.post(CREATE, { ...marketOrder, stopLoss: '50000' });
    await client.time.advance(10);
    const before = messages.length;
    client.venue.faults.add({ name, after: '2s' });
    await client.time.advance(1500);
    expect(client.venue.state().accounts[0]?.positions).toMatchObject([{ stopPrice: '50000' }]);
    await client.time.advance(1500);
    expect(client.venue.state().accounts[0]?.positions).toMatchObject([{ stopPrice: null }]);
    expect(messages.length - before).toBe(told);
  });
});

describe('faults of prices', () => {
  const last = async ({ get }: VenueClient): Promise<string> => {
    const { result } = await get('/v5/market/tickers', { category, symbol });
    return String(result.list?.[0]?.['lastPrice']);
  };

  it('wick goes away and comes back, in tickers, candles and stops', async () => {
    const client = venueClient();
    await client.post(CREATE, { ...marketOrder, stopLoss: '55000' });
    client.venue.faults.add({ name: 'wick', symbol, pct: -30, over: '2s', hold: '1s', back: '2s' });
    await client.time.advance(2500);
    expect(await last(client)).toBe('42000.0');
    expect(client.venue.state().accounts[0]?.positions).toEqual([]);
    await client.time.advance(3000);
    expect(await last(client)).toBe('60000.0');
    const candles = await client.get('/v5/market/kline', { category, symbol, interval: '1', limit: 1 });
    expect(candles.result.list?.[0]).toMatchObject([
      String(Math.floor(client.time.nowMs() / 60_000) * 60_000),
      '60000.0',
      '60000.0',
      '42000.0',
      '60000.0',
      expect.anything(),
      expect.anything(),
    ]);
    const hours = await client.get('/v5/market/kline', { category, symbol, interval: '60', limit: 1 });
    expect(Object(hours.result.list?.[0])[3]).toBe('42000.0');
    expect(client.venue.faults.report().active).toEqual([]);
  });

  it('flash-crash takes the whole market and gives a part back', async () => {
    const client = faulty(
      { name: 'flash-crash', pct: -50, over: '1s', hold: '0s', back: '1s', returned: 0.5 },
      { instruments: [instrument('BTCUSDT'), instrument('ETHUSDT')] },
    );
    await client.time.advance(5000);
    const { result } = await client.get('/v5/market/tickers', { category });
    expect(result.list?.map((row) => row['lastPrice'])).toEqual(['45000.0', '45000.0']);
  });

  it('mark-far moves the mark price alone, and stops by mark fire', async () => {
    const client = venueClient();
    await client.post(CREATE, { ...marketOrder, stopLoss: '58000', slTriggerBy: 'MarkPrice' });
    client.venue.faults.add({ name: 'mark-far', symbol, pct: -5 });
    await client.time.advance(500);
    expect((await client.get('/v5/market/tickers', { category, symbol })).result.list).toMatchObject([
      { lastPrice: '60000.0', markPrice: '57000.0' },
    ]);
    expect(client.venue.state().accounts[0]?.positions).toEqual([]);
  });

  it.each([
    ['zero', '0'],
    ['nan', 'NaN'],
    ['absurd', '1e308'],
    ['empty', ''],
  ])('price-nonsense tells %s', async (value, text) => {
    expect(await last(faulty({ name: 'price-nonsense', value }))).toBe(text);
  });

  it('clock-skew makes the venue refuse what is signed by the true time', async () => {
    const client = faulty({ name: 'clock-skew', by: '30s', for: '1m' });
    expect((await client.get('/v5/account/info')).retCode).toBe(10002);
    await client.time.advance(60_000);
    expect((await client.get('/v5/account/info')).retCode).toBe(0);
  });

  it('clock-drift gains by the parts of a million', async () => {
    const client = faulty({ name: 'clock-drift', ppm: 1000 });
    const startMs = client.time.nowMs();
    await client.time.advance(1_000_000);
    const { result } = await client.get(TIME);
    const gainedMs = Number(result['timeSecond']) * 1000 - startMs - 1_000_000;
    expect(Math.abs(gainedMs - 1000)).toBeLessThan(1001);
    expect(gainedMs).toBeGreaterThan(-1);
  });
});

describe('faults of an instrument in its life', () => {
  const listed = async ({ get }: VenueClient) =>
    (await get('/v5/market/instruments-info', { category, symbol })).result.list?.[0];

  it('delisting is announced, settles, closes the instrument and takes it away', async () => {
    const client = faulty(
      { name: 'delisting', symbol, in: '2m', settles: '30s', gone: '1m' },
      { instruments: [instrument('BTCUSDT'), instrument('ETHUSDT')] },
    );
    const deliveryTime = String(client.time.nowMs() + 120_000);
    await client.time.advance(1000);
    expect(await listed(client)).toMatchObject({ status: 'Trading', deliveryTime });
    await client.time.advance(120_000);
    expect(await listed(client)).toMatchObject({ status: 'Delivering', deliveryTime });
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(110063);
    await client.time.advance(30_000);
    expect(await listed(client)).toMatchObject({ status: 'Closed', deliveryTime });
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(110074);
    await client.time.advance(30_000);
    expect(await listed(client)).toBeUndefined();
  });

  it('rules-changed changes the step while the instrument runs', async () => {
    const client = faulty({ name: 'rules-changed', symbol, step: 10 });
    await client.time.advance(200);
    expect(await listed(client)).toMatchObject({ lotSizeFilter: { qtyStep: '0.01', minOrderQty: '0.01' } });
    expect((await client.post(CREATE, { ...limitOrder, qty: '0.011' })).retCode).toBe(10001);
    client.venue.faults.removeAll();
    await client.time.advance(200);
    expect((await client.post(CREATE, { ...limitOrder, qty: '0.011' })).retCode).toBe(0);
  });

  it('instrument-renamed spells it otherwise', async () => {
    const client = faulty({ name: 'instrument-renamed', symbol, to: 'XBTUSDT' });
    await client.time.advance(200);
    const { result } = await client.get('/v5/market/instruments-info', { category });
    expect(result.list?.map((row) => row['symbol'])).toEqual(['XBTUSDT']);
  });
});

describe('contract drift', () => {
  it.each([
    ['position-size-renamed', '/v5/position/list', { qty: '0.010' }],
    ['side-upper-case', '/v5/position/list', { side: 'BUY' }],
    ['position-index-text', '/v5/position/list', { positionIdx: '0' }],
    ['fill-price-number', '/v5/execution/list', { execPrice: expect.any(Number) }],
    ['fill-type-added', '/v5/execution/list', { execType: 'Match' }],
  ])('%s changes the rows of %s', async (pack, path, row) => {
    const client = venueClient();
    await client.post(CREATE, marketOrder);
    client.venue.faults.add({ name: 'contract-drift', pack });
    expect((await client.get(path, { category, symbol })).result.list).toMatchObject([row]);
  });

  it('stop-type-refused refuses orders with a stop and takes others', async () => {
    const client = faulty({ name: 'contract-drift', pack: 'stop-type-refused' });
    expect((await client.post(CREATE, { ...marketOrder, stopLoss: '50000' })).retCode).toBe(10001);
    expect((await client.post(CREATE, marketOrder)).retCode).toBe(0);
  });

  it('a moved endpoint is not found', async () => {
    const client = faulty({ name: 'contract-drift', pack: 'order-endpoint-moved' });
    expect(await client.send('POST', CREATE, JSON.stringify(marketOrder))).toMatchObject({ status: 404 });
  });
});

describe('people at the account', () => {
  const position = ({ venue }: VenueClient) => venue.state().accounts[0]?.positions[0];
  const held = async (): Promise<VenueClient> => {
    const client = venueClient();
    await client.post(CREATE, { ...marketOrder, qty: '0.1', stopLoss: '50000' });
    return client;
  };

  it.each([
    [{ name: 'person-closes' }, undefined],
    [
      { name: 'person-reduces', share: 0.5 },
      { direction: 'long', quantity: '0.05' },
    ],
    [
      { name: 'person-adds', share: 0.5 },
      { direction: 'long', quantity: '0.15' },
    ],
    [{ name: 'person-flips' }, { direction: 'short', quantity: '0.1' }],
    [{ name: 'person-removes-stop' }, { stopPrice: null }],
    [
      { name: 'thief-orders', side: 'Sell', notional: 1200 },
      { direction: 'long', quantity: '0.08' },
    ],
  ])('%o', async (fault, expected) => {
    const client = await held();
    client.venue.faults.add(fault);
    if (expected === undefined) expect(position(client)).toBeUndefined();
    else expect(position(client)).toMatchObject(expected);
  });

  it('person-sets-leverage and again after an interval, until it is over', async () => {
    const client = await held();
    client.venue.faults.add({ name: 'person-reduces', share: 0.01, every: '1s', for: '2500ms' });
    await client.time.advance(10_000);
    expect(client.venue.faults.strikes()).toHaveLength(3);
    client.venue.faults.add({ name: 'person-sets-leverage', leverage: 7 });
    const { result } = await client.get('/v5/position/list', { category, symbol });
    expect(result.list).toMatchObject([{ leverage: '7' }]);
  });

  it('person-cancels-orders leaves nothing resting', async () => {
    const client = await held();
    await client.post(CREATE, limitOrder);
    client.venue.faults.add({ name: 'person-cancels-orders' });
    expect(await openOrders(client)).toBe(0);
    expect(btcId).toBe(symbol);
  });
});
