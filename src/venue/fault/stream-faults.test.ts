import { describe, expect, it } from 'vitest';
import { instrumentId } from '../../../test/fixture/scripted-market.ts';
import { type VenueClient, venueClient } from '../../../test/fixture/venue-client.ts';

const btcId = instrumentId('BTCUSDT');

type Message = Record<string, unknown>;

async function followed(client: VenueClient, topics = ['tickers.BTCUSDT', 'kline.1.BTCUSDT']) {
  const opened = await client.channel('/v5/public/linear');
  opened.channel.send(JSON.stringify({ op: 'subscribe', args: topics }));
  await client.time.advance(2000);
  opened.messages.length = 0;
  return opened;
}

const topicsOf = (messages: readonly Message[]): readonly unknown[] =>
  messages.map((message) => message['topic']);

describe('faults of streams', () => {
  it('stream-silent tells nothing but answers pings', async () => {
    const client = venueClient();
    const { channel, messages } = await followed(client);
    client.venue.faults.add({ name: 'stream-silent' });
    await client.move(btcId, 60_100);
    channel.send('{"op":"ping"}');
    await client.time.advance(10);
    expect(messages).toMatchObject([{ ret_msg: 'pong' }]);
  });

  it('topic-silent silences one topic', async () => {
    const client = venueClient();
    const { messages } = await followed(client);
    client.venue.faults.add({ name: 'topic-silent', topic: 'kline' });
    await client.move(btcId, 60_100);
    await client.time.advance(10);
    expect(topicsOf(messages)).toEqual(['tickers.BTCUSDT']);
  });

  it('stream-frozen bears the time at which it began', async () => {
    const client = venueClient();
    const { messages } = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'stream-frozen' });
    const frozenMs = client.time.nowMs();
    await client.time.advance(5000);
    await client.move(btcId, 60_100);
    await client.time.advance(10);
    expect(messages.at(-1)).toMatchObject({ ts: frozenMs, data: { lastPrice: '60100.0' } });
  });

  it('stream-late brings messages late and in order', async () => {
    const client = venueClient();
    const { messages } = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'stream-late', delay: '3s' });
    for (const price of [60_100, 60_200, 60_300]) await client.move(btcId, price);
    expect(messages).toEqual([]);
    await client.time.advance(3000);
    expect(messages).toMatchObject(
      [60_100, 60_200, 60_300].map((price) => ({ data: { lastPrice: `${price}.0` } })),
    );
  });

  it('message-duplicated says everything twice, message-lost says less', async () => {
    const client = venueClient();
    const { messages } = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'message-duplicated', count: 1 });
    await client.move(btcId, 60_100);
    await client.time.advance(10);
    expect(messages[0]).toEqual(messages[1]);
    client.venue.faults.add({ name: 'message-lost', count: 1 });
    await client.move(btcId, 60_200);
    await client.move(btcId, 60_300);
    await client.time.advance(10);
    expect(messages.length).toBe(3);
    expect(messages[2]).toMatchObject({ data: { lastPrice: '60300.0' } });
  });

  it('message-reordered lets a message be overtaken', async () => {
    const client = venueClient();
    const { messages } = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'message-reordered', rate: 0.5 });
    for (let price = 60_100; price < 61_000; price += 50) await client.move(btcId, price);
    await client.time.advance(2000);
    const sequences = messages.map((message) => Number(message['cs']));
    const inOrder = sequences.toSorted((a, b) => a - b);
    expect(sequences).not.toEqual(inOrder);
    expect(inOrder).toEqual(Array.from({ length: 18 }, (_, index) => (inOrder[0] ?? 0) + index));
  });

  it('message-replayed tells old messages again beside the fresh ones', async () => {
    const client = venueClient();
    const { messages } = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'message-replayed' });
    for (let price = 60_100; price < 60_600; price += 50) await client.move(btcId, price);
    await client.time.advance(2000);
    const sequences = messages.map((message) => message['cs']);
    expect(sequences.length).toBe(19);
    expect(new Set(sequences).size).toBe(10);
  });

  it('message-truncated ends a message in the middle', async () => {
    const client = venueClient();
    const texts: string[] = [];
    const channel = client.link.openChannel('/v5/public/linear', {
      onOpen: () => channel.send('{"op":"subscribe","args":["tickers.BTCUSDT"]}'),
      onMessage: (text) => texts.push(text),
      onClose: () => undefined,
    });
    client.venue.faults.add({ name: 'message-truncated' });
    await client.time.advance(10);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ success: true });
    expect(texts[1]).toMatch(/^\{"topic":"tickers/);
    expect(() => JSON.parse(texts[1] ?? '')).toThrow();
  });

  it('slow-consumer-cut ends a stream after its messages', async () => {
    const client = venueClient();
    const opened = await followed(client, ['tickers.BTCUSDT']);
    client.venue.faults.add({ name: 'slow-consumer-cut', after: 3 });
    for (let price = 60_100; price < 60_600; price += 50) await client.move(btcId, price);
    expect(opened.closed).toBe('slow consumer');
  });

  it('stream-cut ends what is open, again and again, and stream-refused lets nothing in', async () => {
    const client = venueClient();
    const first = await followed(client);
    client.venue.faults.add({ name: 'stream-cut', every: '10s' });
    await client.time.advance(5);
    expect(first.closed).toBe('connection reset');
    const second = await followed(client);
    await client.time.advance(10_000);
    expect(second.closed).toBe('connection reset');
    client.venue.faults.removeAll();
    client.venue.faults.add({ name: 'stream-refused', path: '/v5/private' });
    const refused = await client.channel('/v5/private');
    const welcome = await client.channel('/v5/public/linear');
    await client.time.advance(5);
    expect([refused.closed, welcome.closed]).toEqual(['refused', '']);
  });

  it('topics-renamed is a drift of messages', async () => {
    const client = venueClient();
    const { messages } = await client.privateChannel(['order']);
    client.venue.faults.add({ name: 'contract-drift', pack: 'topics-renamed' });
    await client.post('/v5/order/create', {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
    });
    await client.time.advance(10);
    expect(topicsOf(messages)).toContain('order.v6');
  });
});

describe('the wire as the venue saw it', () => {
  it('tells requests, answers and messages in order, without keys and signatures', async () => {
    const client = venueClient();
    await client.privateChannel(['order']);
    await client.post('/v5/order/create', {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
    });
    const records = client.venue.wire(null, 100);
    expect(records.map(({ kind }) => kind)).toEqual([
      'opened',
      'received',
      'sent',
      'received',
      'sent',
      'request',
      'sent',
      'reply',
    ]);
    expect(records.at(-1)).toMatchObject({
      path: '/v5/order/create',
      text: expect.stringContaining('200 {"retCode":0'),
    });
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
    expect(JSON.stringify(records)).not.toContain('testkey');
    expect(client.venue.wire(6, 1)).toMatchObject([{ sequence: 7 }]);
    expect(client.venue.wire(null, 1)).toMatchObject([{ sequence: 8 }]);
  });

  it('tells what a fault did to an answer beside what the venue had said', async () => {
    const client = venueClient();
    client.venue.faults.add({ name: 'reply-lost', count: 1 });
    const asked = client.send('GET', '/v5/market/time', '');
    await client.time.advance(6000);
    await asked;
    expect(client.venue.wire(null, 3)).toMatchObject([
      { kind: 'request' },
      { kind: 'reply', text: expect.stringContaining('200 {') },
      { kind: 'fault', text: 'silence' },
    ]);
  });
});
