import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/base/decimal.ts';
import { rng } from '../../src/core/base/rng.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { isResultOfTrading } from '../../src/core/domain/movement.ts';
import type { ApprovedOrder, Fill, Order } from '../../src/core/domain/order.ts';
import { createBybitExchange } from '../../src/exchange/bybit/bybit-exchange.ts';
import type { ServedCandle, Ticker } from '../../src/exchange/exchange.ts';
import { createSocketTransport } from '../../src/exchange/socket-transport.ts';
import { systemTime } from '../../src/platform/time.ts';
import { VirtualTime } from '../../src/platform/virtual-time.ts';
import { createInProcessLink, type LinkFault, type LinkRequest } from '../../src/venue/in-process.ts';
import { createVenue } from '../../src/venue/venue.ts';
import { approvedEntry, approvedExit, orderId, sendable } from '../fixture/approved-order.ts';
import { instrument as listed, ScriptedMarket } from '../fixture/scripted-market.ts';
import { knownValue } from './exchange-bybit-answers.ts';
import { settled } from './exchange-scripted-transport.ts';
import { API_KEY, API_SECRET, runVenue } from './venue-fixture.ts';

const START_MS = 1_800_000_000_000;
const LATENCY_MS = 20;

/** The adapter and the venue in one process, in virtual time, joined where the network would be. */
function setUp(instruments: readonly Instrument[] = [listed('BTCUSDT'), listed('ETHUSDT')]) {
  const time = new VirtualTime(START_MS);
  const market = new ScriptedMarket(START_MS, [...instruments], 60_000);
  const account = { apiKey: 'testkey', apiSecret: 'testsecret', uid: '1', walletUsdt: 10_000 };
  const venue = createVenue({ market, time, accounts: [account], seed: 1 });
  const faults: { next: (request: LinkRequest) => LinkFault } = { next: () => 'pass' };
  const paths: string[] = [];
  const link = createInProcessLink({
    venue,
    time,
    latencyMs: LATENCY_MS,
    fault: (request) => {
      paths.push(request.path);
      return faults.next(request);
    },
  });
  const exchange = createBybitExchange({
    transport: link,
    time,
    rng: rng(5),
    credentials: { apiKey: account.apiKey, secret: account.apiSecret },
    share: 0.8,
    log: () => undefined,
  });
  venue.start();
  const run = <T>(promise: Promise<T>): Promise<T> => settled(time, promise);
  return { time, market, venue, link, faults, paths, exchange, run };
}

async function ready() {
  const all = setUp();
  const instruments = knownValue(await all.run(all.exchange.readInstruments()));
  const btc = instruments.find(({ id }) => id === 'BTCUSDT') ?? expect.fail('BTCUSDT is not listed');
  await all.run(all.exchange.setOneWayMode());
  return { ...all, btc };
}

function entry(instrument: Instrument, id: string): ApprovedOrder {
  const stops = { stopPrice: decimal('54000'), takeProfitPrice: decimal('90000') };
  return { ...approvedEntry(instrument, id), ...stops, quantity: decimal('0.01') } as ApprovedOrder;
}

function exit(instrument: Instrument, id: string): ApprovedOrder {
  return { ...approvedExit(instrument, id), quantity: decimal('0.01') } as ApprovedOrder;
}

describe('the adapter on the venue', () => {
  it('E01 reads time, instruments, tickers, candles and balance', async () => {
    const { exchange, run, btc, time } = await ready();
    expect(Math.abs(knownValue(await run(exchange.readTime())) - time.nowMs())).toBeLessThan(500);
    expect(
      knownValue(await run(exchange.readTickers()))
        .map(({ instrumentId }) => instrumentId)
        .sort(),
    ).toEqual(['BTCUSDT', 'ETHUSDT']);
    const query = {
      instrument: btc,
      timeframe: '1h',
      startMs: START_MS - 20 * 3_600_000,
      endMs: time.nowMs(),
    } as const;
    const candles = knownValue(await run(exchange.readCandles(query)));
    expect(candles.length).toBeGreaterThan(0);
    expect(candles.slice(0, -1).every(({ closed }) => closed)).toBe(true);
    expect(String(knownValue(await run(exchange.readBalance('reconcile'))).equity)).toBe('10000');
  });

  it('E01a states the leverage of an instrument that is not held', async () => {
    const { exchange, run, btc, venue } = await ready();
    await run(exchange.setLeverage(btc, 7));
    expect(knownValue(await run(exchange.readLeverage(btc)))).toBe(7);
    await run(exchange.setLeverage(btc, 3));
    expect(knownValue(await run(exchange.readLeverage(btc)))).toBe(3);
    expect(venue.state().accounts[0]?.positions).toEqual([]);
  });

  it('E01b states the margin mode of the account', async () => {
    const { exchange, run } = await ready();
    expect(knownValue(await run(exchange.readMarginMode()))).toBe('cross');
  });

  it('E01c states what was moved into the account, and nothing that was traded', async () => {
    const { exchange, run, btc, time } = await ready();
    await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc));
    const movements = knownValue(await run(exchange.readMovements(START_MS - 86_400_000, time.nowMs())));
    const transfers = movements.filter((movement) => !isResultOfTrading(movement));
    expect(transfers.map(({ change }) => String(change))).toEqual(['10000']);
    const later = knownValue(await run(exchange.readMovements(START_MS + 1, time.nowMs())));
    expect(later.map(({ kind, instrumentId }) => [kind, instrumentId])).toEqual([['trade', btc.id]]);
  });

  it('E02 opens a position that has its stop from the first moment, and closes it', async () => {
    const { exchange, run, btc } = await ready();
    expect(await run(exchange.setLeverage(btc, 1))).toEqual({ kind: 'done' });
    expect(await run(exchange.setLeverage(btc, 1))).toEqual({ kind: 'done' });
    expect(await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc))).toMatchObject({
      kind: 'accepted',
    });
    const [position, ...others] = knownValue(await run(exchange.readPositions('protect')));
    expect(others).toEqual([]);
    expect(position).toMatchObject({ instrumentId: 'BTCUSDT', direction: 'long' });
    expect([position?.quantity, position?.stopPrice, position?.takeProfitPrice].map(String)).toEqual([
      '0.01',
      '54000',
      '90000',
    ]);
    expect(await run(exchange.placeOrder(sendable(exit(btc, 'out1')), btc))).toMatchObject({
      kind: 'accepted',
    });
    expect(knownValue(await run(exchange.readPositions('protect')))).toEqual([]);
    expect(knownValue(await run(exchange.findOrder(btc, orderId('out1'))))).toMatchObject({
      status: 'filled',
      reduceOnly: true,
    });
    const fills = knownValue(await run(exchange.readFills(START_MS, START_MS + 3_600_000)));
    expect(fills.map(({ side, cause }) => [side, cause])).toEqual([
      ['buy', 'user'],
      ['sell', 'user'],
    ]);
    expect(fills.every(({ fee }) => fee.greaterThan(0))).toBe(true);
  });

  it('E03 moves the stop in place; the same stop again is done', async () => {
    const { exchange, run, btc } = await ready();
    await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc));
    const stop = {
      instrument: btc,
      direction: 'long',
      stopPrice: decimal('58000'),
      takeProfitPrice: null,
    } as const;
    expect(await run(exchange.setStop(stop))).toEqual({ kind: 'done' });
    expect(await run(exchange.setStop(stop))).toEqual({ kind: 'done' });
    const [position] = knownValue(await run(exchange.readPositions('protect')));
    expect([position?.stopPrice, position?.takeProfitPrice].map(String)).toEqual(['58000', '90000']);
    const stops = knownValue(await run(exchange.readOpenOrders('reconcile'))).filter(
      ({ status }) => status === 'untriggered',
    );
    expect(stops.map(({ stopPrice }) => String(stopPrice)).sort()).toEqual(['58000', '90000']);
    const [only, ...more] = knownValue(await run(exchange.readStops('reconcile')));
    expect(only).toMatchObject({ instrumentId: btc.id, direction: 'long', trigger: 'mark' });
    expect([String(only?.stopPrice), more]).toEqual(['58000', []]);
  });

  it('E04 tells a lost reply from a lost request by looking the order up, and never sends twice', async () => {
    for (const [fault, found] of [
      ['lose-reply', true],
      ['lose-request', false],
    ] as const) {
      const { exchange, run, btc, faults, paths, venue } = await ready();
      faults.next = (request) => (request.path === '/v5/order/create' ? fault : 'pass');
      expect(await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc))).toMatchObject({
        kind: 'unknown',
      });
      expect(paths.filter((path) => path === '/v5/order/create')).toHaveLength(1);
      const order = knownValue(await run(exchange.findOrder(btc, orderId('in1'))));
      expect(order !== null).toBe(found);
      expect(JSON.stringify(venue.state()).includes('in1')).toBe(found);
    }
  });

  it('E05 takes a duplicate id as the order it names', async () => {
    const { exchange, run, btc } = await ready();
    const first = await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc));
    const second = await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc));
    expect(first.kind).toBe('accepted');
    expect(second).toEqual({ kind: 'accepted', exchangeOrderId: null });
    const [position] = knownValue(await run(exchange.readPositions('protect')));
    expect(String(position?.quantity)).toBe('0.01');
  });

  it('E06 says what was refused', async () => {
    const { exchange, run, btc } = await ready();
    const tooLarge = { ...entry(btc, 'in1'), quantity: decimal('400') } as ApprovedOrder;
    expect(await run(exchange.placeOrder(sendable(tooLarge), btc))).toMatchObject({
      kind: 'rejected',
      code: '110007',
    });
    expect(await run(exchange.placeOrder(sendable(exit(btc, 'out1')), btc))).toMatchObject({
      kind: 'rejected',
    });
    expect(await run(exchange.cancelOrder(btc, orderId('in1')))).toEqual({ kind: 'done' });
  });

  it('E07 streams orders, fills and the account; a stop that fires says so', async () => {
    const { exchange, run, btc, time, market } = await ready();
    const orders: Order[] = [];
    const fills: Fill[] = [];
    const states: string[] = [];
    let changes = 0;
    exchange.streamAccount({
      onOrder: (order) => orders.push(order),
      onFill: (fill) => fills.push(fill),
      onAccountChanged: () => {
        changes += 1;
      },
      onState: ({ kind }) => states.push(kind),
    });
    await time.advance(1000);
    expect(states).toEqual(['up']);
    await run(exchange.placeOrder(sendable(entry(btc, 'in1')), btc));
    await time.advance(1000);
    expect(fills.map(({ clientOrderId, cause }) => [clientOrderId, cause])).toEqual([['in1', 'user']]);
    expect(orders.some(({ clientOrderId, status }) => clientOrderId === 'in1' && status === 'filled')).toBe(
      true,
    );
    expect(changes).toBeGreaterThan(0);
    market.setPrice(btc.id, 53_000);
    await time.advance(5000);
    expect(fills.at(-1)).toMatchObject({ side: 'sell', cause: 'stop-loss', clientOrderId: null });
    expect(knownValue(await run(exchange.readPositions('protect')))).toEqual([]);
    expect(exchange.counters()).not.toHaveProperty('push-unreadable order');
    expect(exchange.counters()).not.toHaveProperty('push-unreadable execution');
  });

  it('E08 streams candles and tickers, and comes back after the connection is cut', async () => {
    const { exchange, btc, time, market, link } = await ready();
    const candles: ServedCandle[] = [];
    const tickers: Ticker[] = [];
    const states: string[] = [];
    const stream = exchange.streamMarket({
      onCandle: (_id, _timeframe, candle) => candles.push(candle),
      onTicker: (ticker) => tickers.push(ticker),
      onState: ({ kind }) => states.push(kind),
    });
    stream.followCandles([{ instrument: btc, timeframe: '1m' }]);
    stream.followTickers([btc]);
    await time.advance(1000);
    for (const price of [60_100, 60_200, 60_300]) {
      market.setPrice(btc.id, price);
      await time.advance(61_000);
    }
    expect(states).toEqual(['up']);
    expect(candles.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(2);
    expect(tickers.at(-1)?.lastPrice).toBe(60_300);
    link.cutChannels('cut');
    await time.advance(5000);
    expect(states).toEqual(['up', 'down', 'up']);
    market.setPrice(btc.id, 60_400);
    await time.advance(2000);
    expect(tickers.at(-1)?.lastPrice).toBe(60_400);
    expect(exchange.counters()).not.toHaveProperty('push-unreadable kline');
    expect(exchange.counters()).not.toHaveProperty('push-unreadable tickers');
  });

  it('E09 reads the candles of 600 instruments at once without ever being limited', async () => {
    const instruments = Array.from({ length: 600 }, (_, at) => listed(`COIN${at}USDT`));
    const { exchange, run, time } = setUp(instruments);
    const known = knownValue(await run(exchange.readInstruments()));
    expect(known).toHaveLength(600);
    const query = { timeframe: '6h', startMs: START_MS - 300 * 21_600_000, endMs: START_MS } as const;
    const startMs = time.nowMs();
    const readings = await run(
      Promise.all(known.map((instrument) => exchange.readCandles({ ...query, instrument }))),
    );
    expect(readings.filter(({ kind }) => kind === 'known')).toHaveLength(600);
    expect(exchange.counters()).not.toHaveProperty('refused-rate');
    expect(exchange.counters()).not.toHaveProperty('refused-ban');
    const floorMs = (600 / 384) * 5000;
    expect(time.nowMs() - startMs).toBeLessThanOrEqual(1.25 * floorMs + 4 * LATENCY_MS);
  });

  it('E10 does over sockets what it does in one process', async () => {
    const running = await runVenue();
    const allowedHosts = [new URL(running.http).host];
    const exchange = createBybitExchange({
      transport: createSocketTransport({
        httpBase: running.http,
        wsBase: running.ws,
        allowedHosts,
        time: systemTime,
      }),
      time: systemTime,
      rng: rng(5),
      credentials: { apiKey: API_KEY, secret: API_SECRET },
      share: 0.8,
      log: () => undefined,
    });
    try {
      const btc = knownValue(await exchange.readInstruments()).find(({ id }) => id === 'BTCUSDT');
      if (btc === undefined) throw new Error('BTCUSDT is not listed');
      const filled = new Promise<Fill>((resolve, reject) => {
        exchange.streamAccount({
          onOrder: () => undefined,
          onFill: resolve,
          onAccountChanged: () => undefined,
          onState: ({ kind }) => {
            if (kind !== 'up') reject(new Error(kind));
            else exchange.placeOrder(sendable(entry(btc, 'in1')), btc).catch(reject);
          },
        });
      });
      expect(await filled).toMatchObject({ clientOrderId: 'in1', side: 'buy', instrumentId: 'BTCUSDT' });
      const [position] = knownValue(await exchange.readPositions('protect'));
      expect(String(position?.stopPrice)).toBe('54000');
    } finally {
      exchange.close();
      await running.stop();
    }
  });
});
