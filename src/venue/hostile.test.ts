import { once } from 'node:events';
import { createConnection } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CONTROL_TOKEN, type RunningVenue, runVenue } from '../../test/conformance/venue-fixture.ts';
import { venueClient } from '../../test/fixture/venue-client.ts';

/** Requests and frames of one run; INFOBOT_HOSTILE=50000 asks more. */
const RUNS = Number(process.env['INFOBOT_HOSTILE'] ?? 400);

const PATHS = [
  '/v5/order/create',
  '/v5/order/amend',
  '/v5/order/cancel',
  '/v5/order/cancel-all',
  '/v5/order/create-batch',
  '/v5/order/realtime',
  '/v5/order/history',
  '/v5/execution/list',
  '/v5/position/list',
  '/v5/position/trading-stop',
  '/v5/position/set-leverage',
  '/v5/position/switch-mode',
  '/v5/position/closed-pnl',
  '/v5/account/wallet-balance',
  '/v5/account/transaction-log',
  '/v5/market/kline',
  '/v5/market/tickers',
  '/v5/market/orderbook',
  '/v5/market/instruments-info',
  '/v5/market/funding/history',
];
const FIELDS = [
  'category',
  'symbol',
  'side',
  'orderType',
  'qty',
  'price',
  'triggerPrice',
  'triggerDirection',
  'stopLoss',
  'takeProfit',
  'trailingStop',
  'tpslMode',
  'positionIdx',
  'reduceOnly',
  'closeOnTrigger',
  'timeInForce',
  'orderLinkId',
  'orderId',
  'buyLeverage',
  'sellLeverage',
  'mode',
  'limit',
  'cursor',
  'start',
  'end',
  'startTime',
  'endTime',
  'interval',
  'request',
  '__proto__',
  'constructor',
];
const word = fc.oneof(
  fc.constantFrom(
    'linear',
    'BTCUSDT',
    'Buy',
    'Sell',
    'Market',
    'Limit',
    'GTC',
    'PostOnly',
    'Full',
    'Partial',
  ),
  fc.constantFrom(
    '0',
    '-1',
    '1e308',
    'NaN',
    'Infinity',
    '0.000000000000000000001',
    '9'.repeat(400),
    '',
    ' ',
    '0x10',
  ),
  fc.constantFrom('0.01', '60000', '58000', '61000', '1', '100', '10'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    "'; DROP TABLE orders;--",
    '<script>',
    '../../etc/passwd',
    '\r\nSet-Cookie: a=b',
    '\u0000',
    '\ud800',
  ),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.array(fc.dictionary(fc.constantFrom(...FIELDS), word, { maxKeys: 8 }), { maxLength: 12 }),
  },
);
const input = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 14 });
const body = fc.oneof(
  { weight: 8, arbitrary: input.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '[]',
      'null',
      '1',
      '{"a":',
      `${'['.repeat(5000)}`,
      `{"a":${'{"a":'.repeat(3000)}`,
    ),
  },
);

describe('hostile requests', () => {
  it('are answered in the envelope of the exchange, whatever they hold, and leave the books in balance', async () => {
    const { send, venue, time } = venueClient({ limits: { isOn: false } });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        fc.constantFrom('GET', 'POST'),
        body,
        async (path, method, text) => {
          const outcome = await send(method, path, text);
          if (outcome.kind !== 'answered') throw new Error('it is not answered');
          expect([200, 404, 413]).toContain(outcome.status);
          expect(JSON.parse(outcome.body)).toMatchObject({
            retCode: expect.any(Number),
            retMsg: expect.any(String),
            time: expect.any(Number),
          });
        },
      ),
      { numRuns: RUNS },
    );
    await time.advance(1000);
    const [ledger] = venue.ledger().accounts;
    const booked = ledger?.postings.reduce(
      (sum, { amount }) => sum + Number(amount),
      Number(ledger.carriedBalance),
    );
    expect(booked).toBeCloseTo(Number(ledger?.walletBalance), 6);
    expect(({} as Record<string, unknown>)['category']).toBeUndefined();
  });

  it('of nearly right orders never throw either', async () => {
    const { send } = venueClient({ limits: { isOn: false } });
    const sound = {
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.01',
      price: '60000',
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS.slice(0, 5), '/v5/position/trading-stop'),
        input,
        async (path, change) => {
          const outcome = await send('POST', path, JSON.stringify({ ...sound, ...change }));
          expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('hostile frames', () => {
  const frame = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .record({
        op: fc.oneof(
          fc.constantFrom('subscribe', 'unsubscribe', 'auth', 'ping', 'order.create', 'order.cancel'),
          fc.string(),
        ),
        req_id: value,
        reqId: value,
        header: fc.oneof(
          value,
          fc.dictionary(fc.constantFrom('X-BAPI-TIMESTAMP', 'X-BAPI-RECV-WINDOW'), value),
        ),
        args: fc.oneof(
          fc.array(fc.oneof(word, value, input), { maxLength: 20 }),
          fc.array(
            fc.constantFrom(
              'tickers.BTCUSDT',
              'kline.1.BTCUSDT',
              'orderbook.50.BTCUSDT',
              'orderbook.__proto__.BTCUSDT',
              'order',
              'wallet',
              'publicTrade.constructor',
            ),
            { maxLength: 5 },
          ),
          value,
        ),
      })
      .map((fields) => JSON.stringify(fields)),
  );

  it.each(['/v5/public/linear', '/v5/private', '/v5/trade'])(
    'at %s get an answer and leave the venue alive',
    async (path) => {
      const client = venueClient({ limits: { isOn: false } });
      const { channel, messages } = await client.channel(path);
      await fc.assert(
        fc.asyncProperty(frame, async (text) => {
          const before = messages.length;
          channel.send(text);
          await client.time.advance(3);
          expect(messages.length).toBeGreaterThan(before);
        }),
        { numRuns: RUNS },
      );
      await client.time.advance(1000);
      expect((await client.get('/v5/market/time')).retCode).toBe(0);
    },
  );
});

describe('hostile connections', () => {
  let venue: RunningVenue;

  beforeAll(async () => {
    venue = await runVenue();
  });

  afterAll(async () => {
    await venue.stop();
  });

  const isAlive = async (): Promise<boolean> => (await fetch(`${venue.http}/v5/market/time`)).ok;

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['an endless header', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`],
    [
      'a length that is none',
      'POST /v5/order/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n',
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    ['a path of bytes', 'GET /\u00ff\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [
      'an upgrade without a key',
      'GET /v5/private HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ],
  ])('that send %s are refused, and the venue lives', async (_what, bytes) => {
    const socket = createConnection(venue.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from(bytes, 'latin1'));
    const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    socket.destroy();
    expect(String(answer)).not.toContain(' 200 ');
    expect(await isAlive()).toBe(true);
  });

  it('that send a frame of 70 kB are closed with 1009, and those that send bytes get an answer', async () => {
    const large = new WebSocket(`${venue.ws}/v5/public/linear`);
    await once(large, 'open');
    large.send('x'.repeat(70_000));
    large.on('error', () => undefined);
    expect((await once(large, 'close'))[0]).toBe(1009);
    const binary = new WebSocket(`${venue.ws}/v5/public/linear`);
    await once(binary, 'open');
    binary.send(Buffer.from([0xff, 0xfe, 0x00, 0x7b]));
    const [message] = await once(binary, 'message');
    expect(JSON.parse(String(message))).toMatchObject({ success: false });
    binary.close();
    expect(await isAlive()).toBe(true);
  });

  it('that ask the control for nonsense get a sentence', async () => {
    const ask = async (method: string, path: string, text: string | null) => {
      const headers = { authorization: `Bearer ${CONTROL_TOKEN}` };
      const response = await fetch(`${venue.http}${path}`, { method, headers, body: text });
      return [response.status, typeof ((await response.json()) as { error?: unknown }).error];
    };
    expect(await ask('POST', '/venue/faults', '{"name":')).toEqual([400, 'string']);
    expect(await ask('POST', '/venue/faults', '[]')).toEqual([400, 'string']);
    expect(await ask('POST', '/venue/faults', '{"name":"__proto__"}')).toEqual([400, 'string']);
    expect(await ask('DELETE', '/venue/faults/12345', null)).toEqual([404, 'string']);
    expect(await ask('PUT', '/venue/faults', '{}')).toEqual([405, 'string']);
    expect(await ask('GET', '/venue/%00', null)).toEqual([404, 'string']);
    expect(await isAlive()).toBe(true);
  });
});
