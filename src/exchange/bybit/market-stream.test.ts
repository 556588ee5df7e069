import { describe, expect, it } from 'vitest';
import { ScriptedTransport } from '../../../test/conformance/exchange-scripted-transport.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { rng } from '../../core/base/rng.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { Timeframe } from '../../core/domain/timeframe.ts';
import { VirtualTime } from '../../platform/virtual-time.ts';
import { Counters } from '../counters.ts';
import type { FollowedSeries, ServedCandle, StreamState, Ticker } from '../exchange.ts';
import { BybitMarketStream } from './market-stream.ts';

const START_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const BTC = instrument();
const ETH = instrument({ name: 'ETHUSDT' });

function setUp() {
  const time = new VirtualTime(START_MS);
  const transport = new ScriptedTransport(() => ({ kind: 'no-answer', detail: 'no REST here' }));
  const counters = new Counters();
  const states: string[] = [];
  const candles: ServedCandle[] = [];
  const tickers: Ticker[] = [];
  const stream = new BybitMarketStream(
    { transport, time, rng: rng(3), counters },
    {
      onCandle: (_id, _timeframe, candle) => candles.push(candle),
      onTicker: (ticker) => tickers.push(ticker),
      onState: (state: StreamState) =>
        states.push(state.kind === 'silent' ? `silent ${state.instrumentId}` : state.kind),
    },
  );
  const last = () => transport.channels.at(-1) ?? expect.fail('no channel was opened');
  const connect = () => {
    last().open();
    last().acknowledge('subscribe');
  };
  return { time, transport, counters, states, candles, tickers, stream, last, connect };
}

function candle(symbol: string, change: Record<string, unknown> = {}) {
  const start = START_MS - (START_MS % HOUR_MS);
  const row = {
    start,
    end: start + HOUR_MS - 1,
    interval: '60',
    open: '10',
    close: '11',
    high: '12',
    low: '9',
    volume: '5',
    turnover: '55',
    confirm: false,
    timestamp: START_MS,
  };
  return { topic: `kline.60.${symbol}`, type: 'snapshot', ts: START_MS, data: [{ ...row, ...change }] };
}

function series(instruments: readonly Instrument[], timeframe: Timeframe): readonly FollowedSeries[] {
  return instruments.map((followed) => ({ instrument: followed, timeframe }));
}

function many(count: number): readonly Instrument[] {
  return Array.from({ length: count }, (_, at) => instrument({ name: `COINNUMBER${at}USDT` }));
}

describe('subscribing', () => {
  it('is up once every request is acknowledged', () => {
    const { stream, states, last } = setUp();
    stream.followCandles(series(many(400), '6h'));
    last().open();
    expect(last().operations('subscribe').length).toBeGreaterThan(1);
    expect(states).toEqual([]);
    last().acknowledge('subscribe');
    expect(states).toEqual(['up']);
  });

  it('keeps requests and connections below what the exchange takes, and asks for every topic once', () => {
    const { stream, transport } = setUp();
    stream.followCandles(series(many(2000), '6h'));
    const asked: string[] = [];
    for (const channel of transport.channels) {
      channel.open();
      const requests = channel.operations('subscribe');
      const characters = requests.map(({ args }) => JSON.stringify(args).length);
      expect(characters.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(21_000);
      for (const { args } of requests) asked.push(...args);
    }
    expect(transport.channels.length).toBeGreaterThan(1);
    expect(asked).toHaveLength(2000);
    expect(new Set(asked).size).toBe(2000);
  });

  it('finds the one topic the exchange does not serve, and keeps the others', () => {
    const { stream, states, last } = setUp();
    const instruments = [...many(37), BTC];
    stream.followCandles(series(instruments, '1h'));
    last().open();
    last().acknowledge('subscribe', (args) => !args.includes('kline.60.COINNUMBER11USDT'));
    expect(states).toEqual(['silent COINNUMBER11USDT', 'up']);
  });

  it('adds topics to those already there', () => {
    const { stream, last, connect, transport } = setUp();
    stream.followCandles(series([BTC], '1h'));
    connect();
    stream.followCandles(series([BTC, ETH], '1h'));
    expect(
      last()
        .operations('subscribe')
        .map(({ args }) => args),
    ).toEqual([['kline.60.BTCUSDT'], ['kline.60.ETHUSDT']]);
    expect(transport.channels).toHaveLength(1);
  });

  it('leaves the candles that are followed no more', () => {
    const { stream, connect, last, candles } = setUp();
    stream.followCandles(series([BTC, ETH], '1h'));
    connect();
    stream.followCandles(series([BTC], '1h'));
    expect(
      last()
        .operations('unsubscribe')
        .map(({ args }) => args),
    ).toEqual([['kline.60.ETHUSDT']]);
    last().push(candle('ETHUSDT'));
    last().push(candle('BTCUSDT'));
    expect(candles.length).toBe(1);
  });

  it('replaces the followed tickers', () => {
    const { stream, last, connect } = setUp();
    stream.followTickers([BTC]);
    connect();
    stream.followTickers([ETH]);
    expect(
      last()
        .operations('unsubscribe')
        .map(({ args }) => args),
    ).toEqual([['tickers.BTCUSDT']]);
    expect(last().operations('subscribe').at(-1)?.args).toEqual(['tickers.ETHUSDT']);
  });
});

describe('candles', () => {
  it('are closed when the exchange confirms them', () => {
    const { stream, candles, last, connect } = setUp();
    stream.followCandles(series([BTC], '1h'));
    connect();
    last().push(candle('BTCUSDT'));
    last().push(candle('BTCUSDT', { confirm: true }));
    const openTimeMs = START_MS - (START_MS % HOUR_MS);
    const prices = { open: 10, high: 12, low: 9, close: 11, volume: 5 };
    expect(candles).toEqual([
      { openTimeMs, closed: false, ...prices },
      { openTimeMs, closed: true, ...prices },
    ]);
  });

  it.each([
    ['a high below its close', { high: '10' }],
    ['a price of zero', { low: '0' }],
    ['an infinite volume', { volume: 'Infinity' }],
    ['no word on being closed', { confirm: undefined }],
    ['a start off the grid', { start: START_MS + 1 }],
  ])('with %s are dropped and counted', (_name, change) => {
    const { stream, candles, counters, last, connect } = setUp();
    stream.followCandles(series([BTC], '1h'));
    connect();
    last().push(candle('BTCUSDT', change));
    last().push(candle('STRANGER'));
    last().push('{"topic":');
    expect(candles).toEqual([]);
    expect(counters.snapshot()).toMatchObject({ 'push-unreadable kline': 2, 'stream-unreadable': 1 });
  });
});

describe('tickers', () => {
  const fields = { lastPrice: '100', markPrice: '101', bid1Price: '99', ask1Price: '', turnover24h: '7' };
  const snapshot = {
    topic: 'tickers.BTCUSDT',
    type: 'snapshot',
    data: { symbol: 'BTCUSDT', ...fields, price24hPcnt: '0.02', fundingRate: '' },
  };
  const delta = { topic: 'tickers.BTCUSDT', type: 'delta', data: { symbol: 'BTCUSDT', lastPrice: '50' } };

  it('start again with a snapshot after a reconnect', async () => {
    const { stream, tickers, last, connect, time } = setUp();
    stream.followTickers([BTC]);
    connect();
    last().push(snapshot);
    last().fail();
    await time.advance(1000);
    connect();
    last().push(delta);
    expect(tickers.map(({ lastPrice }) => lastPrice)).toEqual([100]);
    last().push(snapshot);
    last().push(delta);
    expect(tickers.map(({ lastPrice }) => lastPrice)).toEqual([100, 100, 50]);
  });
});

describe('a broken connection', () => {
  it('comes back with everything it was subscribed to', async () => {
    const { stream, states, transport, last, connect, time } = setUp();
    stream.followCandles(series([BTC, ETH], '6h'));
    connect();
    last().fail();
    await time.advance(1000);
    expect(transport.channels).toHaveLength(2);
    connect();
    expect(
      last()
        .operations('subscribe')
        .flatMap(({ args }) => args),
    ).toEqual(['kline.360.BTCUSDT', 'kline.360.ETHUSDT']);
    expect(states).toEqual(['up', 'down', 'up']);
  });

  it('is tried again after 0.5 to 30 seconds, ever longer, reported down once', async () => {
    const { stream, states, transport, last, time } = setUp();
    stream.followCandles(series([BTC], '6h'));
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const count = transport.channels.length;
      last().fail();
      const failedMs = time.nowMs();
      while (transport.channels.length === count) await time.advance(50);
      pauses.push(time.nowMs() - failedMs);
    }
    const floors = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
    for (const [at, floorMs] of floors.entries()) {
      expect(pauses[at]).toBeGreaterThanOrEqual(floorMs);
      expect(pauses[at]).toBeLessThanOrEqual(floorMs * 1.2 + 50);
    }
    expect(states).toEqual(['down']);
  });

  it('is noticed when no message follows a ping', async () => {
    const { stream, states, last, connect, time } = setUp();
    stream.followCandles(series([BTC], '6h'));
    connect();
    const first = last();
    await time.advance(29_900);
    expect(first.operations('ping')).toHaveLength(1);
    expect(states).toEqual(['up']);
    await time.advance(200);
    expect(states).toEqual(['up', 'down']);
    expect(first.closedByUs).toBe(true);
  });

  it('is given up when it is not ready in time', async () => {
    const { stream, states, last, time } = setUp();
    stream.followCandles(series([BTC], '6h'));
    last().open();
    await time.advance(15_100);
    expect(states).toEqual(['down']);
  });

  it('is not heard any more once replaced', async () => {
    const { stream, candles, last, connect, time } = setUp();
    stream.followCandles(series([BTC], '1h'));
    connect();
    const first = last();
    first.fail();
    await time.advance(1000);
    connect();
    first.push(candle('BTCUSDT'));
    expect(candles).toEqual([]);
  });

  it('says nothing more and opens nothing after closing', async () => {
    const { stream, states, transport, connect, time } = setUp();
    stream.followCandles(series([BTC], '1h'));
    connect();
    stream.close();
    await time.advance(300_000);
    expect(states).toEqual(['up']);
    expect(transport.channels).toHaveLength(1);
  });
});

describe('a silent topic', () => {
  async function live(all: ReturnType<typeof setUp>, minutes: number, symbols: readonly string[]) {
    for (let second = 0; second < minutes * 60; second += 5) {
      await all.time.advance(5_000);
      all.last().push({ success: true, ret_msg: 'pong', conn_id: 'c', req_id: 'ping', op: 'ping' });
      if (second % 60 === 0) for (const symbol of symbols) all.last().push(candle(symbol));
    }
  }

  it('is reported once although pongs and other topics arrive, and again after it spoke', async () => {
    const all = setUp();
    all.stream.followCandles(series([BTC, ETH], '1h'));
    all.connect();
    await live(all, 10, ['BTCUSDT']);
    expect(all.states).toEqual(['up', 'silent ETHUSDT']);
    all.last().push(candle('ETHUSDT'));
    await live(all, 3, ['BTCUSDT']);
    expect(all.states).toEqual(['up', 'silent ETHUSDT', 'silent ETHUSDT']);
  });

  it('is never reported in a day of quiet but regular pushes', async () => {
    const all = setUp();
    all.stream.followCandles(series([BTC, ETH], '1h'));
    all.connect();
    await live(all, 24 * 60, ['BTCUSDT', 'ETHUSDT']);
    expect(all.states).toEqual(['up']);
  });

  it('on every topic at once makes the connection new', async () => {
    const all = setUp();
    all.stream.followCandles(series([BTC, ETH], '1h'));
    all.connect();
    await live(all, 2.5, []);
    expect(all.states).toEqual(['up', 'silent BTCUSDT', 'silent ETHUSDT', 'down']);
    expect(all.transport.channels).toHaveLength(2);
  });
});
