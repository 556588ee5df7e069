import { describe, expect, it } from 'vitest';
import { instrument, instrumentId } from '../../test/fixture/scripted-market.ts';
import { START_MS, venueClient } from '../../test/fixture/venue-client.ts';

const category = 'linear';
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);
const limitOrder = { category, symbol, side: 'Buy', orderType: 'Limit', qty: '0.01', price: '50000' };
const marketOrder = { category, symbol, side: 'Buy', orderType: 'Market', qty: '0.01' };

describe('the gate of the venue', () => {
  it.each([
    ['an unknown key', { 'X-BAPI-API-KEY': 'nobody' }, 10003],
    ['a wrong signature', { 'X-BAPI-SIGN': 'f'.repeat(64) }, 10004],
    ['a signature cut short', { 'X-BAPI-SIGN': 'f' }, 10004],
    ['no signature', { 'X-BAPI-SIGN': '' }, 10001],
    ['a time older than the window', { 'X-BAPI-TIMESTAMP': String(START_MS - 5000) }, 10002],
    ['a time a second ahead', { 'X-BAPI-TIMESTAMP': String(START_MS + 1001) }, 10002],
  ])('refuses %s', async (_name, headers, retCode) => {
    const { send } = venueClient();
    expect(await send('GET', '/v5/account/info', '', headers)).toMatchObject({
      status: 200,
      body: expect.stringContaining(`"retCode":${retCode},`),
    });
  });

  it.each([
    ['at the far end of the window', START_MS - 4999],
    ['just under a second ahead', START_MS + 1000],
  ])('accepts a time %s', async (_name, timestamp) => {
    const { send } = venueClient();
    const outcome = await send('GET', '/v5/account/info', '', { 'X-BAPI-TIMESTAMP': String(timestamp) });
    expect(outcome).toMatchObject({ body: expect.stringContaining('"retCode":0,') });
  });

  it('refuses the eleventh order of a second, says when the next may come, and takes it then', async () => {
    const { post, send, time } = venueClient();
    const codes: number[] = [];
    for (let count = 0; count < 10; count += 1)
      codes.push((await post('/v5/order/create', limitOrder)).retCode);
    expect(codes).toEqual(Array(10).fill(0));
    const eleventh = await send('POST', '/v5/order/create', JSON.stringify(limitOrder));
    expect(eleventh).toMatchObject({
      body: expect.stringContaining('"retCode":10006'),
      headers: { 'x-bapi-limit': '10', 'x-bapi-limit-status': '0' },
    });
    const resetMs =
      eleventh.kind === 'answered' ? Number(eleventh.headers['x-bapi-limit-reset-timestamp']) : 0;
    expect(resetMs).toBe(START_MS + 1 + 1000);
    await time.advance(resetMs - time.nowMs());
    expect((await post('/v5/order/create', limitOrder)).retCode).toBe(0);
  });

  it('shuts an address out for ten minutes after more than its requests', async () => {
    const { send, time } = venueClient({ limits: { ipRequests: 5 } });
    const read = async () => {
      const outcome = await send('GET', '/v5/market/time', '');
      return outcome.kind === 'answered' ? outcome.status : outcome.kind;
    };
    const statuses: unknown[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push(await read());
    expect(statuses).toEqual([200, 200, 200, 200, 200, 403]);
    await time.advance(599_900);
    expect(await read()).toBe(403);
    await time.advance(1000);
    expect(await read()).toBe(200);
  });

  it.each([
    ['an unknown path', 'GET', '/v5/nothing', '', 404, 10017],
    ['a known path by another method', 'POST', '/v5/market/time', '{}', 404, 10017],
    ['malformed JSON', 'POST', '/v5/order/create', '{"category":', 200, 10001],
    ['a body that is no object', 'POST', '/v5/order/create', '[]', 200, 10001],
    ['a body over 64 KiB', 'POST', '/v5/order/create', `{"a":"${'x'.repeat(65_536)}"}`, 413, 10001],
  ] as const)('refuses %s', async (...row) => {
    const [, method, path, payload, status, retCode] = row;
    const { send } = venueClient();
    const outcome = await send(method, path, payload);
    expect(outcome).toMatchObject({ status, body: expect.stringContaining(`"retCode":${retCode},`) });
  });
});

describe('market data of the venue', () => {
  it('lists what trades, by page, and other states only when asked for', async () => {
    const names = ['AAAUSDT', 'BBBUSDT', 'CCCUSDT'].map((name) => instrument(name));
    const soon = instrument('SOONUSDT', { status: 'pre-launch' });
    const { get } = venueClient({ instruments: [...names, soon] });
    const path = '/v5/market/instruments-info';
    const first = await get(path, { category, limit: 2 });
    expect(first.result.list?.map((row) => row['symbol'])).toEqual(['AAAUSDT', 'BBBUSDT']);
    const cursor = String(first.result['nextPageCursor']);
    const second = await get(path, { category, limit: 2, cursor });
    expect(second.result).toMatchObject({ list: [{ symbol: 'CCCUSDT' }], nextPageCursor: '' });
    const pre = await get(path, { category, status: 'PreLaunch' });
    expect(pre.result.list).toMatchObject([{ symbol: 'SOONUSDT', isPreListing: true }]);
    expect((await get(path, { category: 'spot' })).result.list).toEqual([]);
  });

  it('serves candles newest first, the open one on top, within start and end', async () => {
    const { get } = venueClient();
    const hour = 3_600_000;
    const openMs = Math.floor(START_MS / hour) * hour;
    const query = { category, symbol, interval: '60', start: openMs - 3 * hour, end: openMs - hour };
    const inside = await get('/v5/market/kline', query);
    expect(inside.result.list?.map((row) => Number(row[0 as never]))).toEqual(
      [1, 2, 3].map((n) => openMs - n * hour),
    );
    const latest = await get('/v5/market/kline', { category, symbol, interval: '60', limit: 1 });
    expect(latest.result.list?.map((row) => Number(row[0 as never]))).toEqual([openMs]);
    const forward = await get('/v5/market/kline', { ...query, end: '', limit: 2 });
    expect(forward.result.list?.map((row) => Number(row[0 as never]))).toEqual([
      openMs - 2 * hour,
      openMs - 3 * hour,
    ]);
    expect((await get('/v5/market/kline', { ...query, interval: '7' })).retCode).toBe(10001);
  });

  it('pays funding when it falls due, at the rate shown before, and lists it', async () => {
    const dueMs = START_MS + 500;
    const { get, market, post, time } = venueClient({
      prepare: (prepared) => prepared.setFunding(btcId, 0.0002, dueMs),
    });
    await post('/v5/order/create', marketOrder);
    await time.advance(400);
    const path = '/v5/market/funding/history';
    expect((await get(path, { category, symbol })).result.list).toEqual([]);
    market.setFunding(btcId, 0.0009, dueMs + 28_800_000);
    await time.advance(100);
    const paid = { symbol, fundingRate: '0.00020000', fundingRateTimestamp: String(dueMs) };
    expect((await get(path, { category, symbol })).result.list).toEqual([paid]);
    const fills = await get('/v5/execution/list', { category, execType: 'Funding' });
    // 0.01 x 60,000 at 0.02 %.
    expect(fills.result.list).toMatchObject([{ execFee: '0.12', execQty: '0.010', orderId: '' }]);
  });
});

describe('an account at the venue', () => {
  it('proves by 110072 that an order arrived whose answer was lost', async () => {
    let isLost = true;
    const { link, post, send, time } = venueClient({
      fault: ({ path }) => (isLost && path === '/v5/order/create' ? 'lose-reply' : 'pass'),
    });
    const lost = send('POST', '/v5/order/create', JSON.stringify({ ...limitOrder, orderLinkId: 'a1' }));
    await time.advance(6000);
    expect(await lost).toMatchObject({ kind: 'no-answer' });
    isLost = false;
    expect((await post('/v5/order/create', { ...limitOrder, orderLinkId: 'a1' })).retCode).toBe(110072);
    link.cutChannels('end');
  });

  it('never sees a request that was lost on its way', async () => {
    const { get, send, time } = venueClient({
      fault: ({ path }) => (path === '/v5/order/create' ? 'lose-request' : 'pass'),
    });
    const lost = send('POST', '/v5/order/create', JSON.stringify(limitOrder));
    await time.advance(6000);
    expect(await lost).toMatchObject({ kind: 'no-answer' });
    expect((await get('/v5/order/realtime', { category, symbol })).result.list).toEqual([]);
  });

  it('pages orders by cursor without missing or repeating one', async () => {
    const { get, post } = venueClient({ limits: { isOn: false } });
    for (let count = 0; count < 5; count += 1) {
      await post('/v5/order/create', { ...limitOrder, orderLinkId: `p${count}` });
    }
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await get('/v5/order/realtime', { category, settleCoin: 'USDT', limit: 2, cursor });
      seen.push(...(page.result.list ?? []).map((row) => row['orderLinkId']));
      cursor = String(page.result['nextPageCursor']);
    } while (cursor !== '');
    expect(seen).toEqual(['p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it('asks for a scope instead of answering with an empty list', async () => {
    const { get } = venueClient();
    expect((await get('/v5/position/list', { category })).retCode).toBe(10001);
    expect((await get('/v5/order/realtime', { category })).retCode).toBe(10001);
  });

  it('lists a flat position by symbol, two in hedge mode, none by coin', async () => {
    const { get, post } = venueClient();
    const path = '/v5/position/list';
    expect((await get(path, { category, symbol })).result.list).toMatchObject([{ size: '0.000', side: '' }]);
    expect((await post('/v5/position/switch-mode', { category, symbol, mode: 3 })).retCode).toBe(0);
    expect((await post('/v5/position/switch-mode', { category, symbol, mode: 3 })).retCode).toBe(110025);
    const rows = (await get(path, { category, symbol })).result.list;
    expect(rows).toMatchObject([{ positionIdx: 1 }, { positionIdx: 2 }]);
    expect((await get(path, { category, settleCoin: 'USDT' })).result.list).toEqual([]);
    expect((await post('/v5/order/create', marketOrder)).retMsg).toBe('position idx not match position mode');
  });

  it.each([
    ['too little value', { qty: '0.001', price: '4000' }, 110094],
    ['too little margin', { qty: '50' }, 110007],
    ['a quantity off the step', { qty: '0.0105' }, 10001],
    ['a price off the tick', { price: '50000.05' }, 10001],
    ['a number instead of text', { qty: 0.01 }, 10001],
    ['an unknown symbol', { symbol: 'NOPEUSDT' }, 10001],
    ['another category', { category: 'spot' }, 10001],
    [
      'a limit stop of the whole position',
      { stopLoss: '40000', slOrderType: 'Limit', slLimitPrice: '39000' },
      10001,
    ],
    ['a price beyond the band', { price: '63000.1' }, 110003],
    ['more than a limit order may hold', { qty: '500000.001' }, 10001],
    ['a stop on the wrong side', { stopLoss: '51000' }, 10001],
    ['nothing to reduce', { reduceOnly: true }, 110017],
  ])('is refused %s', async (_name, change, retCode) => {
    const { post } = venueClient();
    expect((await post('/v5/order/create', { ...limitOrder, ...change })).retCode).toBe(retCode);
  });

  it('closes by its stop and says who did it', async () => {
    const { get, move, post } = venueClient();
    await post('/v5/order/create', { ...marketOrder, stopLoss: '59000', slTriggerBy: 'MarkPrice' });
    await move(btcId, 58_500);
    const fills = await get('/v5/execution/list', { category, symbol });
    expect(fills.result.list).toMatchObject([
      { side: 'Sell', createType: 'CreateByStopLoss', stopOrderType: 'StopLoss', closedSize: '0.010' },
      { side: 'Buy', createType: 'CreateByUser', closedSize: '' },
    ]);
    const orders = await get('/v5/order/history', { category, symbol });
    expect(orders.result.list).toMatchObject([
      {
        orderStatus: 'Filled',
        createType: 'CreateByStopLoss',
        triggerPrice: '59000.0',
        triggerBy: 'MarkPrice',
      },
      { orderStatus: 'Filled', createType: 'CreateByUser' },
    ]);
  });

  it('reports a ledger whose postings add up to the wallet', async () => {
    const { move, post, venue } = venueClient();
    await post('/v5/order/create', marketOrder);
    await move(btcId, 61_000);
    await post('/v5/order/create', { ...marketOrder, side: 'Sell', reduceOnly: true });
    const [ledger] = venue.ledger().accounts;
    expect(ledger?.postings.map((posting) => [posting.kind, posting.amount])).toEqual([
      ['deposit', '10000'],
      ['fee', '-0.33000055'],
      ['realised-pnl', '9.999'],
      ['fee', '-0.3355'],
    ]);
    expect(ledger?.walletBalance).toBe('10009.33349945');
    expect(venue.state().accounts[0]?.fills).toHaveLength(2);
  });
});
