import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  orderRow,
  positionRow,
  refusal,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import {
  approvedEntry,
  approvedExit,
  approvedRung,
  orderId,
  sendable,
} from '../../../test/fixture/approved-order.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { decimal } from '../../core/base/decimal.ts';
import type { HttpOutcome } from '../transport.ts';

const CREATE = '/v5/order/create';
const REALTIME = '/v5/order/realtime';
const HISTORY = '/v5/order/history';
const BTC = instrument();
const PLACED = answered(envelope({ orderId: 'o-1', orderLinkId: 'ib1' }));
const NONE = answered(envelope({ list: [], nextPageCursor: '' }));

async function placed(outcome: HttpOutcome) {
  const { transport, exchange, run } = bench({
    [CREATE]: () => outcome,
    [REALTIME]: () => NONE,
    [HISTORY]: () => NONE,
  });
  return {
    result: await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC)),
    sent: transport.of(CREATE).length,
  };
}

describe('placing an order', () => {
  const OUTCOMES: readonly (readonly [string, HttpOutcome, string])[] = [
    ['code 0', PLACED, 'accepted'],
    ['no money', refusal(110007), 'rejected'],
    ['a wrong parameter', refusal(10001), 'rejected'],
    ['a wrong time', refusal(10002), 'rejected'],
    ['too many requests', refusal(10006), 'rejected'],
    ['a refused key', refusal(10003), 'rejected'],
    ['status 400', answered('', 400), 'rejected'],
    ['status 401', answered('', 401), 'rejected'],
    ['status 403', answered('', 403), 'rejected'],
    ['status 429', answered('', 429), 'rejected'],
    ['a refused connection', { kind: 'not-sent', detail: 'ECONNREFUSED' }, 'not-sent'],
    ['a lost answer', { kind: 'no-answer', detail: 'reset' }, 'unknown'],
    ['a server time-out', refusal(10000), 'unknown'],
    ['a restarting service', refusal(10016), 'unknown'],
    ['an order that is being processed', refusal(110079), 'unknown'],
    ['a code nobody listed', refusal(919191), 'unknown'],
    ['status 500', answered('oops', 500), 'unknown'],
    ['status 502 with HTML', answered('<html>', 502), 'unknown'],
    ['status 302', answered('', 302), 'unknown'],
    ['HTML with status 200', answered('<html>'), 'unknown'],
    ['an empty body', answered(''), 'unknown'],
    ['cut JSON', answered('{"retCode":0,"res'), 'unknown'],
    ['no code', answered({ retMsg: 'OK', result: {} }), 'unknown'],
    ['a code in text', answered({ retCode: '0', result: {} }), 'unknown'],
    ['code 0 without an id', answered(envelope({ orderLinkId: 'ib1' })), 'unknown'],
    [
      'code 0 with the id of another order',
      answered(envelope({ orderId: 'o-9', orderLinkId: 'xx' })),
      'unknown',
    ],
    ['a duplicate id, which proves that it has arrived', refusal(110072), 'accepted'],
  ];

  it.each(OUTCOMES)('on %s is sent exactly once', async (_name, outcome, kind) => {
    const { result, sent } = await placed(outcome);
    expect(result.kind).toBe(kind);
    expect(sent).toBe(1);
  });

  it('is sent exactly once when the transport breaks', async () => {
    const { transport, exchange, run } = bench({
      [CREATE]: () => {
        throw new Error('broken');
      },
    });
    expect(await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC))).toMatchObject({
      kind: 'unknown',
    });
    expect(transport.of(CREATE)).toHaveLength(1);
  });

  it('takes a duplicate client id as proof that the order exists, without another request', async () => {
    const { exchange, run, transport } = bench({ [CREATE]: () => refusal(110072) });
    const outcome = await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC));
    expect(outcome).toEqual({ kind: 'accepted', exchangeOrderId: null });
    expect(transport.of(CREATE)).toHaveLength(1);
    expect(transport.of(REALTIME)).toEqual([]);
  });

  it('is accepted after all when it is refused and the exchange has it: it arrived twice', async () => {
    const { exchange, run, transport } = bench({
      [CREATE]: () => refusal(110017),
      [REALTIME]: () => answered(envelope({ list: [orderRow({ orderId: 'o-7' })], nextPageCursor: '' })),
    });
    const outcome = await run(exchange.placeOrder(sendable(approvedExit(BTC, 'ib1')), BTC));
    expect(outcome).toEqual({ kind: 'accepted', exchangeOrderId: 'o-7' });
    expect(transport.of(CREATE)).toHaveLength(1);
  });

  it.each([
    ['an exit', approvedExit(BTC, 'ib1'), true],
    ['an entry', approvedEntry(BTC), false],
  ] as const)(
    '%s that is refused: whether it waits no longer than half a second for the look is %s',
    async (_, order, isSoon) => {
      const { exchange, time } = bench({
        [CREATE]: () => refusal(110017),
        [REALTIME]: () => ({ kind: 'no-answer', detail: 'reset' }),
      });
      const known: unknown[] = [];
      void exchange.placeOrder(sendable(order), BTC).then(({ kind }) => known.push(kind));
      await time.advance(500);
      expect(known).toEqual(isSoon ? ['rejected'] : []);
      await time.advance(5_000);
      expect(known).toEqual(['rejected']);
    },
  );

  it('says until when an order whose answer was lost may still be accepted, by its own time stamp', async () => {
    const lost = { kind: 'no-answer', detail: 'reset' } as const;
    const { exchange, run, transport } = bench({ [CREATE]: () => lost });
    await run(exchange.readTime());
    const outcome = await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC));
    const signedMs = Number(transport.of(CREATE)[0]?.headers['X-BAPI-TIMESTAMP']);
    const validUntilMs = outcome.kind === 'unknown' ? outcome.validUntilMs : null;
    expect((validUntilMs ?? 0) - signedMs).toBeGreaterThanOrEqual(5_000);
    expect((validUntilMs ?? 0) - signedMs).toBeLessThanOrEqual(7_000);
  });

  it('carries the stop with an entry', async () => {
    const { transport, exchange, run } = bench({ [CREATE]: () => PLACED });
    await run(exchange.placeOrder(sendable(approvedEntry(BTC)), BTC));
    expect(JSON.parse(transport.of(CREATE)[0]?.body ?? '')).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.1',
      positionIdx: 0,
      orderLinkId: 'ib1',
      reduceOnly: false,
      stopLoss: '85',
      tpslMode: 'Full',
      slTriggerBy: 'MarkPrice',
      takeProfit: '150',
    });
  });

  it.each([
    [false, 'GTC'],
    [true, 'PostOnly'],
  ])('has a rung wait in the book at its price, post-only %s', async (postOnly, timeInForce) => {
    const { transport, exchange, run } = bench({ [CREATE]: () => PLACED });
    await run(exchange.placeOrder(sendable(approvedRung(BTC, { price: decimal('97.50'), postOnly })), BTC));
    expect(JSON.parse(transport.of(CREATE)[0]?.body ?? '')).toMatchObject({
      orderType: 'Limit',
      price: '97.5',
      timeInForce,
      reduceOnly: false,
      stopLoss: '85',
      tpslMode: 'Full',
    });
  });

  it('lets an exit only reduce', async () => {
    const { transport, exchange, run } = bench({ [CREATE]: () => PLACED });
    await run(exchange.placeOrder(sendable(approvedExit(BTC, 'ib1')), BTC));
    expect(JSON.parse(transport.of(CREATE)[0]?.body ?? '')).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Sell',
      orderType: 'Market',
      qty: '0.1',
      positionIdx: 0,
      orderLinkId: 'ib1',
      reduceOnly: true,
    });
  });

  it('is not sent when nobody wants it any more at its turn', async () => {
    const { transport, exchange, run } = bench({ [CREATE]: () => PLACED });
    const refused = exchange.placeOrder(
      sendable(approvedEntry(BTC), () => false),
      BTC,
    );
    expect(await run(refused)).toMatchObject({ kind: 'not-sent' });
    expect(transport.of(CREATE)).toHaveLength(0);
    expect(
      await run(
        exchange.placeOrder(
          sendable(approvedEntry(BTC), () => true),
          BTC,
        ),
      ),
    ).toMatchObject({
      kind: 'accepted',
    });
  });

  it('is not sent with the rules of another instrument', async () => {
    const { transport, exchange, run } = bench({ [CREATE]: () => PLACED });
    const other = instrument({ name: 'ETHUSDT' });
    expect(await run(exchange.placeOrder(sendable(approvedEntry(BTC)), other))).toMatchObject({
      kind: 'not-sent',
    });
    expect(transport.requests).toHaveLength(0);
  });
});

describe('changes of a level', () => {
  const stop = {
    instrument: BTC,
    direction: 'long',
    stopPrice: decimal('85.5'),
    takeProfitPrice: null,
  } as const;

  it('sets the stop of the whole position by mark price', async () => {
    const { transport, exchange, run } = bench({ '/v5/position/trading-stop': () => answered(envelope({})) });
    expect(await run(exchange.setStop(stop))).toEqual({ kind: 'done' });
    expect(JSON.parse(transport.of('/v5/position/trading-stop')[0]?.body ?? '')).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      stopLoss: '85.5',
      tpslMode: 'Full',
      slTriggerBy: 'MarkPrice',
    });
  });

  it('sends a take-profit alone without a word about the stop, which then stays as it is', async () => {
    const { transport, exchange, run } = bench({ '/v5/position/trading-stop': () => answered(envelope({})) });
    await run(exchange.setStop({ ...stop, stopPrice: null, takeProfitPrice: decimal('120.5') }));
    expect(JSON.parse(transport.of('/v5/position/trading-stop')[0]?.body ?? '')).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      takeProfit: '120.5',
      tpslMode: 'Full',
    });
  });

  it('names the side of the book when the position was seen in hedge mode', async () => {
    const row = positionRow({ side: 'Sell', positionIdx: 2 });
    const { transport, exchange, run } = bench({
      '/v5/position/list': () => answered(envelope({ list: [row], nextPageCursor: '' })),
      '/v5/position/trading-stop': () => answered(envelope({})),
    });
    await run(exchange.readPositions('protect'));
    await run(exchange.setStop({ ...stop, direction: 'short' }));
    expect(JSON.parse(transport.of('/v5/position/trading-stop')[0]?.body ?? '')).toMatchObject({
      positionIdx: 2,
    });
  });

  it.each([
    [refusal(10001, 'StopLoss order type is not supported for this symbol'), 'unsupported'],
    [refusal(10001, 'Order type not supported for this endpoint.'), 'unsupported'],
    [answered('', 404), 'unsupported'],
    [refusal(10001, 'StopLoss set for Buy position should lower than base_price'), 'rejected'],
    [refusal(110093, 'expect Falling, but trigger_price >= current price'), 'rejected'],
    [refusal(10005, 'Permission denied'), 'not-sent'],
    [answered('', 401), 'not-sent'],
    [refusal(10006, 'Too many visits'), 'not-sent'],
  ] as const)('a stop refused by %j is %s', async (outcome, kind) => {
    const { exchange, run } = bench({ '/v5/position/trading-stop': () => outcome });
    expect((await run(exchange.setStop(stop))).kind).toBe(kind);
  });

  const WRITES = [
    [
      '/v5/position/trading-stop',
      [34040],
      (exchange: ReturnType<typeof bench>['exchange']) => exchange.setStop(stop),
    ],
    [
      '/v5/position/set-leverage',
      [110043],
      (exchange: ReturnType<typeof bench>['exchange']) => exchange.setLeverage(BTC, 3),
    ],
    [
      '/v5/position/switch-mode',
      [110025],
      (exchange: ReturnType<typeof bench>['exchange']) => exchange.setOneWayMode(),
    ],
    [
      '/v5/order/cancel',
      [110001, 110008, 110010],
      (exchange: ReturnType<typeof bench>['exchange']) => exchange.cancelOrder(BTC, orderId('ib1')),
    ],
  ] as const;

  it.each(WRITES)('%s is done when it was so already', async (path, codes, write) => {
    for (const code of codes) {
      const { exchange, run } = bench({ [path]: () => refusal(code) });
      expect(await run(write(exchange))).toEqual({ kind: 'done' });
    }
  });

  it.each(WRITES)('%s is sent once on every outcome', async (path, _codes, write) => {
    const outcomes: readonly (readonly [HttpOutcome, string])[] = [
      [answered(envelope({})), 'done'],
      [refusal(10001), 'rejected'],
      [refusal(10000), 'unknown'],
      [answered('<html>'), 'unknown'],
      [{ kind: 'no-answer', detail: 'reset' }, 'unknown'],
      [{ kind: 'not-sent', detail: 'ECONNREFUSED' }, 'not-sent'],
      // Turned away unread: no word on what was asked for.
      [refusal(10002), 'not-sent'],
      [refusal(10006), 'not-sent'],
      [answered('', 403), 'not-sent'],
      [answered('', 429), 'not-sent'],
      [refusal(110013), 'rejected'],
    ];
    for (const [outcome, kind] of outcomes) {
      const { transport, exchange, run } = bench({ [path]: () => outcome });
      expect(await run(write(exchange))).toMatchObject({ kind });
      expect(transport.of(path)).toHaveLength(1);
    }
  });

  it('sends the leverage of both directions as text', async () => {
    const path = '/v5/position/set-leverage';
    const { transport, exchange, run } = bench({ [path]: () => answered(envelope({})) });
    await run(exchange.setLeverage(BTC, 2.5));
    expect(JSON.parse(transport.of(path)[0]?.body ?? '')).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      buyLeverage: '2.5',
      sellLeverage: '2.5',
    });
  });
});
