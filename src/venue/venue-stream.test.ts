import { describe, expect, it } from 'vitest';
import { instrumentId } from '../../test/fixture/scripted-market.ts';
import { START_MS, venueClient } from '../../test/fixture/venue-client.ts';

const btcId = instrumentId('BTCUSDT');
const marketOrder = { category: 'linear', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.01' };

type Message = Record<string, unknown>;

describe('the public stream', () => {
  it('acknowledges a subscription with the request id as it came, and refuses unknown topics', async () => {
    const { channel, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/public/linear');
    const say = (frame: object) => opened.send(JSON.stringify(frame));
    say({ op: 'subscribe', req_id: 7, args: ['kline.1.BTCUSDT'], callerMethodName: 'x' });
    say({ op: 'subscribe', req_id: 'b', args: ['kline.1.NOPEUSDT'] });
    say({ op: 'ping', req_id: 'p' });
    opened.send('no json');
    await time.advance(2);
    const own = messages.filter((message) => message['conn_id'] !== undefined);
    expect(own).toMatchObject([
      { success: true, req_id: 7, op: 'subscribe' },
      { success: false, req_id: 'b', ret_msg: expect.stringContaining('NOPEUSDT') },
      { success: true, ret_msg: 'pong', req_id: 'p', op: 'ping' },
      { success: false },
    ]);
  });

  it('pushes the open candle at most once a second and confirms every candle exactly once', async () => {
    const { channel, market, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/public/linear');
    opened.send(JSON.stringify({ op: 'subscribe', args: ['kline.1.BTCUSDT'] }));
    for (let tick = 0; tick < 1900; tick += 1) {
      market.setPrice(btcId, 60_000 + (tick % 7));
      await time.advance(100);
    }
    const candles = messages.filter((message) => message['topic'] === 'kline.1.BTCUSDT').flatMap(rowsOf);
    const confirmed = candles.filter((candle) => candle['confirm'] === true).map((candle) => candle['start']);
    const firstOpenMs = Math.floor(START_MS / 60_000) * 60_000;
    expect(confirmed).toEqual([0, 1, 2].map((minute) => firstOpenMs + minute * 60_000));
    const open = candles.filter((candle) => candle['confirm'] === false);
    const gaps = open
      .slice(1)
      .map((candle, at) => Number(candle['timestamp']) - Number(open[at]?.['timestamp']));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  it('confirms a candle of a market that stands still', async () => {
    const { channel, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/public/linear');
    opened.send(JSON.stringify({ op: 'subscribe', args: ['kline.1.BTCUSDT'] }));
    await time.advance(61_000);
    const candles = messages.filter((message) => message['topic'] === 'kline.1.BTCUSDT').flatMap(rowsOf);
    expect(candles.filter((candle) => candle['confirm'] === true)).toHaveLength(1);
  });

  it('greets with a whole ticker, then sends only what changed', async () => {
    const { channel, move, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/public/linear');
    opened.send(JSON.stringify({ op: 'subscribe', args: ['tickers.BTCUSDT'] }));
    await time.advance(2);
    await move(btcId, 60_010);
    const [snapshot, delta] = messages.filter((message) => message['topic'] === 'tickers.BTCUSDT');
    expect(snapshot).toMatchObject({
      type: 'snapshot',
      data: { lastPrice: '60000.0', openInterest: '0.000' },
    });
    expect(delta).toMatchObject({ type: 'delta', data: { lastPrice: '60010.0', tickDirection: 'PlusTick' } });
    expect(delta?.['data']).not.toHaveProperty('nextFundingTime');
  });

  it('sends one text to all who follow a topic and nothing to who left', async () => {
    const { channel, move, time } = venueClient();
    const [a, b] = [await channel('/v5/public/linear'), await channel('/v5/public/linear')];
    for (const each of [a, b])
      each.channel.send(JSON.stringify({ op: 'subscribe', args: ['tickers.BTCUSDT'] }));
    await time.advance(2);
    b.channel.send(JSON.stringify({ op: 'unsubscribe', args: ['tickers.BTCUSDT'] }));
    await time.advance(2);
    const before = b.messages.length;
    await move(btcId, 60_010);
    expect(a.messages.at(-1)).toMatchObject({ type: 'delta' });
    expect(b.messages).toHaveLength(before);
  });

  it('refuses more than 21,000 letters of topics', async () => {
    const { channel, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/public/linear');
    const args = Array.from({ length: 1500 }, (_, at) => `kline.${at}.BTCUSDT`);
    opened.send(JSON.stringify({ op: 'subscribe', args }));
    await time.advance(2);
    expect(messages).toMatchObject([{ success: false, ret_msg: 'args size >21000' }]);
  });

  it('cuts a client that says nothing for ten minutes, and no other', async () => {
    const { channel, time } = venueClient();
    const [mute, alive] = [await channel('/v5/public/linear'), await channel('/v5/public/linear')];
    await time.advance(500_000);
    alive.channel.send(JSON.stringify({ op: 'ping' }));
    await time.advance(100_500);
    expect(mute.closed).toBe('nothing heard for 10 minutes');
    expect(alive.closed).toBe('');
  });

  it('has no channel at another path', async () => {
    const { channel, time } = venueClient();
    const opened = await channel('/v5/public/spot');
    await time.advance(2);
    expect(opened.closed).toBe('no channel at /v5/public/spot');
  });
});

describe('the private stream', () => {
  it('refuses a subscription before the login and a login with a wrong signature', async () => {
    const { channel, time } = venueClient();
    const { channel: opened, messages } = await channel('/v5/private');
    opened.send(JSON.stringify({ op: 'subscribe', args: ['order'] }));
    opened.send(JSON.stringify({ op: 'auth', args: ['testkey', START_MS + 9000, 'f'.repeat(64)] }));
    opened.send(JSON.stringify({ op: 'ping', req_id: 'p' }));
    await time.advance(2);
    expect(messages).toMatchObject([
      { success: false, ret_msg: 'Request not authorized' },
      { success: false, op: 'auth' },
      { op: 'pong', req_id: 'p', args: [expect.stringMatching(/^\d{13}$/)] },
    ]);
  });

  it('pushes order, execution, position and wallet in this order, and nothing of before', async () => {
    const { post, privateChannel, time } = venueClient();
    await post('/v5/order/create', marketOrder);
    const { messages } = await privateChannel(['wallet', 'position', 'execution', 'order']);
    const before = messages.length;
    expect(messages.every((message) => message['topic'] === undefined)).toBe(true);
    await post('/v5/order/create', { ...marketOrder, stopLoss: '55000', orderLinkId: 'a1' });
    await time.advance(2);
    const pushes = messages.slice(before);
    expect(pushes.map((push) => push['topic'])).toEqual(['order', 'execution', 'position', 'wallet']);
    const orders = rowsOf(pushes[0] ?? {});
    expect(orders).toMatchObject([
      { orderLinkId: 'a1', orderStatus: 'Filled', tpslMode: 'Full', category: 'linear' },
      { orderLinkId: '', orderStatus: 'Untriggered', stopOrderType: 'StopLoss', qty: '0.020' },
    ]);
  });

  it('pushes categorised topics under their own names and refuses to mix them with the others', async () => {
    const { post, privateChannel, time } = venueClient();
    const mixed = await privateChannel(['order', 'position.linear']);
    expect(mixed.messages.at(-1)).toMatchObject({ success: false });
    const { messages } = await privateChannel(['order.linear', 'execution.linear']);
    await post('/v5/order/create', marketOrder);
    await time.advance(2);
    expect(messages.slice(2).map((push) => push['topic'])).toEqual(['order.linear', 'execution.linear']);
  });

  it('gives the same story for the same seed and the same actions', async () => {
    const tell = async (): Promise<string> => {
      const { move, post, privateChannel } = venueClient();
      const { messages } = await privateChannel(['order', 'execution', 'position', 'wallet']);
      await post('/v5/order/create', { ...marketOrder, stopLoss: '59000', takeProfit: '62000' });
      await move(btcId, 60_500);
      await move(btcId, 62_100);
      return JSON.stringify(messages);
    };
    expect(await tell()).toBe(await tell());
  });
});

function rowsOf(message: Message): readonly Message[] {
  return message['data'] as readonly Message[];
}
