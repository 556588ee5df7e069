import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  instrumentRow,
  knownValue,
  START_MS,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';

const INSTRUMENTS = '/v5/market/instruments-info';
const TICKERS = '/v5/market/tickers';
const CANDLES = '/v5/market/kline';
const HOUR_MS = 3_600_000;
const BTC = instrument();

function page(list: readonly unknown[]) {
  return answered(envelope({ category: 'linear', list, nextPageCursor: '' }));
}

async function instruments(...list: readonly unknown[]) {
  const { exchange, run } = bench({ [INSTRUMENTS]: () => page(list) });
  return run(exchange.readInstruments());
}

describe('instruments', () => {
  it('are USDT perpetuals by contract type and coins, whatever their name', async () => {
    const rows = [
      instrumentRow(),
      instrumentRow({ symbol: 'BTCPERP', quoteCoin: 'USDC', settleCoin: 'USDC' }),
      instrumentRow({ symbol: 'ETHUSDT-27JUN25', contractType: 'LinearFutures' }),
      instrumentRow({ symbol: 'FAKEUSDT', contractType: 'LinearFutures', baseCoin: 'FAKE' }),
      instrumentRow({ symbol: 'SHIB1000USDT', baseCoin: 'SHIB1000' }),
    ];
    const read = knownValue(await instruments(...rows));
    expect(
      read.map(({ id, exchangeSymbol, base, multiplier }) => [id, exchangeSymbol, base, multiplier]),
    ).toEqual([
      ['BTCUSDT', 'BTCUSDT', 'BTC', 1],
      ['1000SHIBUSDT', 'SHIB1000USDT', 'SHIB', 1000],
    ]);
  });

  it('carry the rules of trading', async () => {
    const [btc] = knownValue(
      await instruments(instrumentRow({ deliveryTime: '1800000900000', status: 'Delivering' })),
    );
    expect(btc).toMatchObject({
      status: 'delivering',
      leverageMax: 100,
      launchTimeMs: 1585526400000,
      deliveryTimeMs: 1800000900000,
      fundingIntervalMs: 8 * HOUR_MS,
    });
    const rules = [
      btc?.tickSize,
      btc?.quantityStep,
      btc?.quantityMin,
      btc?.marketQuantityMax,
      btc?.notionalMin,
    ];
    expect(rules.map(String)).toEqual(['0.1', '0.001', '0.001', '500', '5']);
  });

  it('are asked for by listing status, as the default shows trading ones only', async () => {
    const { transport, exchange, run } = bench({
      [INSTRUMENTS]: (request) =>
        page(
          request.query.includes('Delivering')
            ? [instrumentRow({ symbol: 'OLDUSDT', baseCoin: 'OLD' })]
            : [instrumentRow()],
        ),
    });
    expect(knownValue(await run(exchange.readInstruments())).map(({ id }) => id)).toEqual([
      'BTCUSDT',
      'OLDUSDT',
    ]);
    expect(transport.of(INSTRUMENTS).map(({ query }) => query)).toEqual([
      'category=linear&limit=1000',
      'category=linear&status=PreLaunch&limit=1000',
      'category=linear&status=Delivering&limit=1000',
    ]);
  });

  it('leave a single unreadable listing out, and count it', async () => {
    const many = Array.from({ length: 99 }, (_, at) =>
      instrumentRow({ symbol: `C${at}USDT`, baseCoin: `C${at}` }),
    );
    const { exchange, run } = bench({
      [INSTRUMENTS]: (request) =>
        page(request.query.includes('status') ? [] : [...many, instrumentRow({ status: 'Odd' })]),
    });
    expect(knownValue(await run(exchange.readInstruments()))).toHaveLength(99);
    expect(exchange.counters()['instrument-unreadable']).toBe(1);
  });

  it.each([
    ['nothing', []],
    ['only unreadable listings', [instrumentRow({ priceFilter: { tickSize: '' } })]],
    ['a tick of zero', [instrumentRow({ priceFilter: { tickSize: '0' } })]],
    ['other contracts only', [instrumentRow({ contractType: 'LinearFutures' })]],
  ])('are unknown when there is %s', async (_name, rows) => {
    expect(await instruments(...rows)).toMatchObject({ kind: 'unknown', reason: 'bad-answer' });
  });
});

describe('tickers', () => {
  const row = (change: Record<string, unknown> = {}) => ({
    symbol: 'BTCUSDT',
    lastPrice: '100',
    markPrice: '101',
    bid1Price: '99.9',
    ask1Price: '',
    turnover24h: '5000',
    price24hPcnt: '-0.0125',
    fundingRate: '0.0001',
    ...change,
  });

  async function tickers(...list: readonly unknown[]) {
    const { exchange, run } = bench({
      [INSTRUMENTS]: () => page([instrumentRow()]),
      [TICKERS]: () => page(list),
    });
    await run(exchange.readInstruments());
    return run(exchange.readTickers());
  }

  it('are numbers, the change in percent, a missing side of the book null', async () => {
    expect(knownValue(await tickers(row(), row({ symbol: 'BTCPERP' })))).toEqual([
      {
        instrumentId: 'BTCUSDT',
        lastPrice: 100,
        markPrice: 101,
        bidPrice: 99.9,
        askPrice: null,
        turnover24h: 5000,
        priceChange24hPct: -1.25,
        fundingRate: 0.0001,
      },
    ]);
  });

  it.each([
    ['a last price of zero', [row({ lastPrice: '0' })]],
    ['an empty mark price', [row({ markPrice: '' })]],
    ['nothing', []],
    ['strangers only', [row({ symbol: 'ETHPERP' })]],
  ])('are unknown when there is %s', async (_name, rows) => {
    expect(await tickers(...rows)).toMatchObject({ kind: 'unknown' });
  });

  it('are not asked for before the instruments are known', async () => {
    const { transport, exchange, run } = bench({});
    expect(await run(exchange.readTickers())).toMatchObject({ kind: 'unknown', reason: 'not-sent' });
    expect(transport.requests).toHaveLength(0);
  });
});

describe('candles', () => {
  const openMs = (hoursAgo: number) => START_MS - (START_MS % HOUR_MS) - hoursAgo * HOUR_MS;
  const row = (hoursAgo: number, change: readonly [number, unknown] | null = null) => {
    const cells: unknown[] = [String(openMs(hoursAgo)), '10', '12', '9', '11', '5', '55'];
    if (change !== null) cells[change[0]] = change[1];
    return cells;
  };
  const query = { instrument: BTC, timeframe: '1h', startMs: openMs(5), endMs: openMs(0) } as const;

  async function candles(list: readonly unknown[], symbol = 'BTCUSDT') {
    const { exchange, run } = bench({
      [CANDLES]: () => answered(envelope({ category: 'linear', symbol, list })),
    });
    return run(exchange.readCandles(query));
  }

  it('come ascending, once each, the one in progress marked by the time of the exchange', async () => {
    const read = knownValue(await candles([row(0), row(1), row(1), row(2)]));
    expect(read.map(({ openTimeMs, closed }) => [openTimeMs, closed])).toEqual([
      [openMs(2), true],
      [openMs(1), true],
      [openMs(0), false],
    ]);
    expect(read[0]).toEqual({
      openTimeMs: openMs(2),
      open: 10,
      high: 12,
      low: 9,
      close: 11,
      volume: 5,
      closed: true,
    });
  });

  it('are always asked for with both ends, at most a thousand', async () => {
    const { transport, exchange, run } = bench({
      [CANDLES]: () => answered(envelope({ symbol: 'BTCUSDT', list: [] })),
    });
    await run(exchange.readCandles({ ...query, startMs: openMs(5000) }));
    const asked = new URLSearchParams(transport.of(CANDLES)[0]?.query);
    expect(Object.fromEntries(asked)).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      interval: '60',
      start: String(openMs(5000)),
      end: String(openMs(4001)),
      limit: '1000',
    });
  });

  it('leave out what contradicts itself and what was not asked for', async () => {
    const read = knownValue(await candles([row(9), row(2, [3, '0']), row(1), row(3, [2, '1'])]));
    expect(read.map(({ openTimeMs }) => openTimeMs)).toEqual([openMs(1)]);
  });

  it.each([
    ['a price that is no number', [row(1), row(2, [4, 'NaN'])]],
    ['an empty price', [row(1, [1, ''])]],
    ['numbers instead of text', [row(1, [1, 10])]],
    ['a row that is too short', [row(1).slice(0, 5)]],
    ['a row that is no list', [{}]],
    ['a start off the grid', [row(1, [0, String(openMs(1) + 1)])]],
    ['only candles nobody asked for', [row(50)]],
  ])('are unknown with %s', async (_name, rows) => {
    expect(await candles(rows)).toMatchObject({ kind: 'unknown', reason: 'bad-answer' });
  });

  it('of another symbol are unknown', async () => {
    expect(await candles([row(1)], 'ETHUSDT')).toMatchObject({ kind: 'unknown' });
  });

  it('that do not exist are a known nothing', async () => {
    expect(knownValue(await candles([]))).toEqual([]);
  });
});
