import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { instrumentId } from '../../test/fixture/scripted-market.ts';
import { API_KEY, API_SECRET, type VenueClient, venueClient } from '../../test/fixture/venue-client.ts';

type Message = Record<string, unknown>;
const symbol = 'BTCUSDT';
const btcId = instrumentId(symbol);
const order = { category: 'linear', symbol, side: 'Buy', orderType: 'Market', qty: '0.01' };

async function follow(client: VenueClient, topics: readonly string[]): Promise<readonly Message[]> {
  const { channel, messages } = await client.channel('/v5/public/linear');
  channel.send(JSON.stringify({ op: 'subscribe', args: topics }));
  await client.time.advance(2);
  return messages;
}

const of = (messages: readonly Message[], topic: string): readonly Message[] =>
  messages.filter((message) => message['topic'] === topic);

describe('the topic publicTrade', () => {
  it('tells a trade for every move of the price, with the side that took', async () => {
    const client = venueClient();
    const messages = await follow(client, ['publicTrade.BTCUSDT']);
    await client.move(btcId, 60_100);
    await client.move(btcId, 60_050);
    const trades = of(messages, 'publicTrade.BTCUSDT').flatMap((message) => message['data'] as Message[]);
    expect(trades).toMatchObject([
      { s: symbol, S: 'Buy', p: '60100.0', L: 'PlusTick', BT: false },
      { s: symbol, S: 'Sell', p: '60050.0', L: 'MinusTick' },
    ]);
    expect(new Set(trades.map((trade) => trade['i'])).size).toBe(2);
    expect(Number(trades[1]?.['seq'])).toBeGreaterThan(Number(trades[0]?.['seq']));
    for (const trade of trades) expect(Number(trade['v'])).toBeGreaterThan(0);
  });

  it('tells trades of accounts, and no names', async () => {
    const client = venueClient();
    const messages = await follow(client, ['publicTrade.BTCUSDT']);
    await client.post('/v5/order/create', { ...order, side: 'Sell', qty: '0.123' });
    await client.time.advance(200);
    const [message] = of(messages, 'publicTrade.BTCUSDT');
    expect(message?.['data']).toMatchObject([{ S: 'Sell', v: '0.123', p: '60000.0' }]);
    expect(JSON.stringify(message)).not.toContain('1001');
  });
});

describe('the topic orderbook', () => {
  interface BookData {
    readonly b: readonly (readonly [string, string])[];
    readonly a: readonly (readonly [string, string])[];
    readonly u: number;
  }

  it.each(['50', '200', '1000'])('of depth %s can be followed by snapshot and deltas', async (depth) => {
    const client = venueClient();
    const topic = `orderbook.${depth}.BTCUSDT`;
    const messages = await follow(client, [topic]);
    for (const price of [60_100, 60_060, 60_300, 60_290, 60_000]) {
      await client.move(btcId, price);
      await client.time.advance(300);
    }
    const told = of(messages, topic);
    expect(told.map((message) => message['type'])).toEqual(['snapshot', ...Array(5).fill('delta')]);
    const book = { b: new Map<string, string>(), a: new Map<string, string>() };
    let update = 0;
    for (const { data } of told as unknown as { data: BookData }[]) {
      if (update > 0) expect(data.u).toBe(update + 1);
      update = data.u;
      for (const side of ['b', 'a'] as const) {
        for (const [price, quantity] of data[side]) {
          if (quantity === '0') book[side].delete(price);
          else book[side].set(price, quantity);
        }
      }
    }
    const asked = await client.get('/v5/market/orderbook', { category: 'linear', symbol, limit: depth });
    for (const side of ['b', 'a'] as const) {
      const descending = side === 'b' ? -1 : 1;
      const rebuilt = [...book[side]].sort(([one], [other]) => descending * (Number(one) - Number(other)));
      expect(rebuilt).toHaveLength(Number(depth));
      expect(rebuilt).toEqual(asked.result[side]);
    }
  });

  it('of one level is always whole and repeats itself when it rests', async () => {
    const client = venueClient();
    const messages = await follow(client, ['orderbook.1.BTCUSDT']);
    await client.move(btcId, 60_100);
    await client.time.advance(6500);
    const told = of(messages, 'orderbook.1.BTCUSDT');
    expect(told.map((message) => message['type'])).toEqual(Array(4).fill('snapshot'));
    const updates = told.map((message) => Number(Reflect.get(Object(message['data']), 'u')));
    expect(updates.map((update) => update - (updates[0] ?? 0))).toEqual([0, 1, 1, 1]);
    expect(told.at(-1)).toMatchObject({
      data: { b: [['60100.0', expect.any(String)]], a: [['60100.1', expect.any(String)]] },
    });
  });

  it('is not there at another depth', async () => {
    const client = venueClient();
    const messages = await follow(client, ['orderbook.25.BTCUSDT']);
    expect(messages).toMatchObject([{ success: false }]);
  });
});

describe('the topic allLiquidation', () => {
  it("tells an account's liquidation with the side of its position", async () => {
    const client = venueClient();
    const messages = await follow(client, ['allLiquidation.BTCUSDT']);
    await client.post('/v5/position/set-leverage', {
      category: 'linear',
      symbol,
      buyLeverage: '100',
      sellLeverage: '100',
    });
    await client.post('/v5/order/create', { ...order, qty: '1' });
    expect((await client.get('/v5/position/list', { category: 'linear', symbol })).result.list).toMatchObject(
      [{ size: '1.000' }],
    );
    await client.move(btcId, 49_000);
    await client.time.advance(1000);
    const told = of(messages, 'allLiquidation.BTCUSDT').flatMap((message) => message['data'] as Message[]);
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject({ s: symbol, S: 'Buy' });
  });
});

describe('limits of the public stream', () => {
  it('refuse topics of more than 21,000 letters together', async () => {
    const client = venueClient();
    const topics = Array.from({ length: 1100 }, () => 'publicTrade.BTCUSDT');
    const messages = await follow(client, [...topics, 'x'.repeat(21_000)]);
    expect(messages).toMatchObject([{ success: false }]);
  });

  it('refuse the 501st connection within five minutes', async () => {
    const client = venueClient();
    for (let count = 0; count < 499; count += 1) (await client.channel('/v5/public/linear')).channel.close();
    expect((await client.channel('/v5/public/linear')).closed).toBe('');
    const refused = await client.channel('/v5/public/linear');
    await client.time.advance(5);
    expect(refused.closed).toBe('too many connections in five minutes');
    await client.time.advance(300_000);
    const welcome = await client.channel('/v5/public/linear');
    await client.time.advance(5);
    expect(welcome.closed).toBe('');
  });
});

describe('the topic execution.fast', () => {
  it('tells trades in few words and nothing else', async () => {
    const client = venueClient();
    const { messages } = await client.privateChannel(['execution.fast']);
    await client.post('/v5/order/create', { ...order, orderLinkId: 'quick' });
    await client.time.advance(2);
    const told = of(messages, 'execution.fast');
    expect(told).toHaveLength(1);
    expect(Object.keys(told[0] ?? {}).sort()).toEqual(['creationTime', 'data', 'topic']);
    expect(told[0]?.['data']).toMatchObject([
      { orderLinkId: 'quick', execPrice: '60000.1', execQty: '0.010', side: 'Buy' },
    ]);
  });

  it('is not of one category unless it says so', async () => {
    const client = venueClient();
    expect((await client.privateChannel(['order', 'execution.fast'])).messages.at(-1)).toMatchObject({
      success: true,
    });
    expect((await client.privateChannel(['order', 'execution.fast.linear'])).messages.at(-1)).toMatchObject({
      success: false,
    });
  });
});

describe('the trade stream', () => {
  async function trader(client: VenueClient, secret = API_SECRET) {
    const { channel, messages } = await client.channel('/v5/trade');
    const expires = client.time.nowMs() + 5000;
    const signature = createHmac('sha256', secret).update(`GET/realtime${expires}`).digest('hex');
    const ask = async (frame: object): Promise<Message | undefined> => {
      channel.send(JSON.stringify(frame));
      await client.time.advance(3);
      return messages.at(-1);
    };
    const login = await ask({ op: 'auth', args: [API_KEY, expires, signature] });
    const request = (op: string, args: object, more: object = {}) =>
      ask({
        reqId: 'r1',
        header: { 'X-BAPI-TIMESTAMP': String(client.time.nowMs()) },
        op,
        args: [args],
        ...more,
      });
    return { ask, login, request };
  }

  it('takes, amends and cancels an order like the endpoints of the same name', async () => {
    const client = venueClient();
    const { login, request } = await trader(client);
    expect(login).toMatchObject({ retCode: 0, retMsg: 'OK', op: 'auth', connId: expect.any(String) });
    const wish = { ...order, orderType: 'Limit', price: '58000', orderLinkId: 'w1' };
    expect(await request('order.create', wish)).toMatchObject({
      reqId: 'r1',
      retCode: 0,
      op: 'order.create',
      data: { orderLinkId: 'w1', orderId: expect.any(String) },
      header: { 'X-Bapi-Limit': '10', 'X-Bapi-Limit-Status': '9' },
    });
    const names = { category: 'linear', symbol, orderLinkId: 'w1' };
    expect(await request('order.amend', { ...names, price: '58100' }, { reqId: 'r2' })).toMatchObject({
      retCode: 0,
    });
    expect(
      (await client.get('/v5/order/realtime', { category: 'linear', symbol })).result.list,
    ).toMatchObject([{ price: '58100.0' }]);
    expect(await request('order.cancel', names, { reqId: 'r3' })).toMatchObject({ retCode: 0 });
    expect(await request('order.cancel', names, { reqId: 'r4' })).toMatchObject({ retCode: 110001 });
  });

  it('answers a batch item by item', async () => {
    const { request } = await trader(venueClient());
    const { category: _, ...wish } = order;
    const batch = { category: 'linear', request: [wish, { ...wish, qty: '0' }] };
    expect(await request('order.create-batch', batch)).toMatchObject({
      retCode: 0,
      data: { list: [{ symbol }, {}] },
      retExtInfo: { list: [{ code: 0 }, { code: expect.any(Number) }] },
    });
  });

  it('refuses before the login, a wrong signature, another operation, a stale time and a used id', async () => {
    const client = venueClient();
    const stranger = await trader(client, 'guess');
    expect(stranger.login).toMatchObject({ retCode: 10004 });
    expect(await stranger.request('order.create', order)).toMatchObject({ retCode: 10003 });
    const { ask, request } = await trader(client);
    expect(await request('order.dream', order)).toMatchObject({ retCode: 10404 });
    expect(await ask({ op: 'order.create', args: [order] })).toMatchObject({ retCode: 10002 });
    const old = { header: { 'X-BAPI-TIMESTAMP': String(client.time.nowMs() - 6000) } };
    expect(await request('order.create', order, old)).toMatchObject({ retCode: 10002 });
    expect(await request('order.create', order)).toMatchObject({ retCode: 0 });
    expect(await request('order.create', order)).toMatchObject({ retCode: 20006 });
    expect(await ask({ op: 'ping' })).toMatchObject({
      retCode: 0,
      op: 'pong',
      data: [expect.stringMatching(/^\d{13}$/)],
    });
    expect(
      await ask({ op: 'order.create', header: { 'X-BAPI-TIMESTAMP': String(client.time.nowMs()) } }),
    ).toMatchObject({ retCode: 10001 });
  });
});
