import { describe, expect, it } from 'vitest';
import {
  bench,
  envelope,
  instrumentRow,
  knownValue,
  positionRow,
} from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import { instrument } from '../../../test/fixture/fake-exchange.ts';
import { decimal } from '../../core/base/decimal.ts';
import type { HttpRequest } from '../transport.ts';

const POSITIONS = '/v5/position/list';
const BALANCE = '/v5/account/wallet-balance';

function page(list: readonly unknown[], nextPageCursor = '') {
  return answered(envelope({ category: 'linear', list, nextPageCursor }));
}

function cursorOf(request: HttpRequest): string {
  return new URLSearchParams(request.query).get('cursor') ?? '';
}

function positions(...list: readonly unknown[]) {
  const { exchange, run } = bench({ [POSITIONS]: () => page(list) });
  return run(exchange.readPositions('reconcile'));
}

describe('leverage', () => {
  const empty = { side: '', size: '0', avgPrice: '', liqPrice: '', leverage: '7' };

  async function leverage(...list: readonly unknown[]) {
    const asked: string[] = [];
    const { exchange, run } = bench({
      [POSITIONS]: (request) => {
        asked.push(request.query);
        return page(list);
      },
    });
    const reading = await run(exchange.readLeverage(instrument()));
    return { reading, asked };
  }

  it('is stated for an instrument that is not held', async () => {
    const { reading, asked } = await leverage(positionRow(empty));
    expect(knownValue(reading)).toBe(7);
    expect(asked).toEqual(['category=linear&symbol=BTCUSDT']);
  });

  it.each<[string, readonly unknown[]]>([
    ['without a row', []],
    ['in hedge mode', [positionRow({ ...empty, positionIdx: 1 }), positionRow({ ...empty, positionIdx: 2 })]],
    ['in hedge mode, one side', [positionRow({ ...empty, positionIdx: 1 })]],
    ['of another instrument', [positionRow({ ...empty, symbol: 'ETHUSDT' })]],
    ['that is no number', [positionRow({ ...empty, leverage: '' })]],
  ])('is unknown %s', async (_, list) => {
    expect((await leverage(...list)).reading.kind).toBe('unknown');
  });
});

describe('margin mode', () => {
  function marginMode(result: unknown) {
    const { exchange, run } = bench({ '/v5/account/info': () => answered(envelope(result)) });
    return run(exchange.readMarginMode());
  }

  it.each([
    ['REGULAR_MARGIN', 'cross'],
    ['ISOLATED_MARGIN', 'isolated'],
    ['PORTFOLIO_MARGIN', 'portfolio'],
  ])('%s is %s', async (stated, meant) => {
    expect(knownValue(await marginMode({ marginMode: stated, unifiedMarginStatus: 5 }))).toBe(meant);
  });

  it.each<[string, unknown]>([
    ['is missing', {}],
    ['is a word we do not know', { marginMode: 'HEDGED_MARGIN' }],
    ['is empty', { marginMode: '' }],
  ])('that %s is unknown, never a default', async (_, result) => {
    expect((await marginMode(result)).kind).toBe('unknown');
  });
});

describe('positions', () => {
  it('are read in our words', async () => {
    const [position] = knownValue(await positions(positionRow()));
    expect(position).toMatchObject({
      instrumentId: 'BTCUSDT',
      direction: 'long',
      leverage: 2,
      takeProfitPrice: null,
      liquidationPrice: null,
    });
    expect([position?.quantity, position?.entryPrice, position?.stopPrice].map(String)).toEqual([
      '0.5',
      '100.5',
      '85',
    ]);
  });

  it.each(['', '0', '0.00'])('have no stop when the exchange writes "%s"', async (stopLoss) => {
    const [position] = knownValue(await positions(positionRow({ stopLoss })));
    expect(position?.stopPrice).toBeNull();
  });

  it('of hedge mode are both told by their own side, the empty row first', async () => {
    const list = [
      positionRow({ side: '', size: '0', positionIdx: 1, avgPrice: '', liqPrice: '' }),
      positionRow({ side: 'Sell', size: '3', positionIdx: 2 }),
      positionRow({ symbol: 'ETHUSDT', side: 'Buy', size: '2', positionIdx: 1 }),
      positionRow({ symbol: 'ETHUSDT', side: 'Sell', size: '1', positionIdx: 2 }),
    ];
    const told = knownValue(await positions(...list)).map((one) => [
      one.instrumentId,
      one.direction,
      String(one.quantity),
    ]);
    expect(told).toEqual([
      ['BTCUSDT', 'short', '3'],
      ['ETHUSDT', 'long', '2'],
      ['ETHUSDT', 'short', '1'],
    ]);
  });

  it.each([
    ['an unreadable size', { size: '' }],
    ['a size that is no text', { size: 0 }],
    ['a negative size', { size: '-1' }],
    ['no side', { side: '' }],
    ['an unknown side', { side: 'Both' }],
    ['an unknown book side', { positionIdx: 3 }],
    ['a book side against its side', { positionIdx: 2 }],
    ['no entry price', { avgPrice: '' }],
    ['an infinite price', { markPrice: 'Infinity' }],
    ['a price in exponent form', { avgPrice: '1e5' }],
    ['no stop field', { stopLoss: undefined }],
    ['a stop that is no number', { stopLoss: 'none' }],
    ['a negative stop', { stopLoss: '-85' }],
    ['a symbol without a name of ours', { symbol: 'btc usdt' }],
  ])('with %s make the whole read unknown', async (_name, change) => {
    expect(await positions(positionRow(), positionRow({ symbol: 'ETHUSDT', ...change }))).toMatchObject({
      kind: 'unknown',
      reason: 'bad-answer',
    });
  });

  it('of dated contracts are not ours and left out', async () => {
    expect(knownValue(await positions(positionRow({ symbol: 'BTCUSDT-04APR25' })))).toEqual([]);
  });

  it('of an instrument delisted before the start keep its name, multiplier first', async () => {
    const [position] = knownValue(await positions(positionRow({ symbol: 'SHIB1000USDT' })));
    expect(position?.instrumentId).toBe('1000SHIBUSDT');
  });

  it('that come twice are a page that moved: unknown', async () => {
    expect(await positions(positionRow(), positionRow({ size: '0.7' }))).toMatchObject({ kind: 'unknown' });
  });

  it('are read to the last page, with the cursor as it came', async () => {
    const pages: Record<string, ReturnType<typeof page>> = {
      '': page([positionRow()], 'a%3A1%2Cb'),
      'a:1,b': page([positionRow({ symbol: 'ETHUSDT' })], 'last'),
      last: page([positionRow({ symbol: 'SOLUSDT' })]),
    };
    const { transport, exchange, run } = bench({
      [POSITIONS]: (request) => pages[cursorOf(request)] ?? page([]),
    });
    expect(knownValue(await run(exchange.readPositions('reconcile')))).toHaveLength(3);
    expect(transport.of(POSITIONS).map(({ query }) => query)).toEqual([
      'category=linear&settleCoin=USDT&limit=200',
      'category=linear&settleCoin=USDT&limit=200&cursor=a%3A1%2Cb',
      'category=linear&settleCoin=USDT&limit=200&cursor=last',
    ]);
  });

  it.each([
    ['is HTML', answered('<html>')],
    ['has no list', answered(envelope({ nextPageCursor: '' }))],
    ['has no cursor field', answered(envelope({ list: [] }))],
    ['repeats its cursor', page([positionRow({ symbol: 'ETHUSDT' })], 'more')],
  ])('are unknown when the second page %s', async (_name, second) => {
    const { exchange, run } = bench({
      [POSITIONS]: (request) => (cursorOf(request) === '' ? page([positionRow()], 'more') : second),
    });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({
      kind: 'unknown',
      reason: 'bad-answer',
    });
  });

  it('are unknown when the pages never end', async () => {
    let count = 0;
    const { transport, exchange, run } = bench({
      [POSITIONS]: () => {
        count += 1;
        return page([], `c${count}`);
      },
    });
    expect(await run(exchange.readPositions('reconcile'))).toMatchObject({ kind: 'unknown' });
    expect(transport.of(POSITIONS)).toHaveLength(50);
  });
});

describe('what is held on one instrument', () => {
  async function held(...rows: readonly unknown[]) {
    const { exchange, run } = bench({ [POSITIONS]: () => answered(envelope({ list: rows })) });
    return run(exchange.readHeld(instrument(), 'reconcile'));
  }

  it('is nothing only where a row of it says so', async () => {
    expect(knownValue(await held(positionRow({ size: '0', side: '' })))).toEqual([]);
    expect(knownValue(await held(positionRow({ positionIM: '12.5' })))).toMatchObject([
      { instrumentId: 'BTCUSDT', margin: decimal('12.5') },
    ]);
  });

  it.each([
    ['no row', []],
    ['a row of another instrument', [positionRow({ symbol: 'ETHUSDT', size: '0', side: '' })]],
    ['a row without a size', [positionRow({ size: '' })]],
  ])('is unknown with %s', async (_name, rows) => {
    expect(await held(...rows)).toMatchObject({ kind: 'unknown', reason: 'bad-answer' });
  });
});

describe('the balance', () => {
  const coin = {
    coin: 'USDT',
    equity: '1010.5',
    walletBalance: '1000',
    totalPositionIM: '200',
    totalOrderIM: '50',
    locked: '0',
  };
  const wallet = (change: Record<string, unknown>) => ({
    totalAvailableBalance: '700',
    coin: [coin],
    ...change,
  });

  async function balance(row: unknown) {
    const { exchange, run } = bench({ [BALANCE]: () => answered(envelope({ list: [row] })) });
    return run(exchange.readBalance('reconcile'));
  }

  it('is the money in USDT', async () => {
    const { equity, walletBalance, available } = knownValue(await balance(wallet({})));
    expect([equity, walletBalance, available].map(String)).toEqual(['1010.5', '1000', '700']);
  });

  it('tells the margin all positions bind, or that it does not tell it', async () => {
    expect(String(knownValue(await balance(wallet({}))).positionMargin)).toBe('200');
    const silent = wallet({ coin: [{ ...coin, totalPositionIM: '' }] });
    expect(knownValue(await balance(silent)).positionMargin).toBeNull();
  });

  it('in isolated margin mode has available what margins and holds leave', async () => {
    expect(String(knownValue(await balance(wallet({ totalAvailableBalance: '' }))).available)).toBe('750');
  });

  it.each([
    ['no coins', wallet({ coin: [] })],
    ['another coin only', wallet({ coin: [{ ...coin, coin: 'BTC' }] })],
    ['empty equity', wallet({ coin: [{ ...coin, equity: '' }] })],
    ['no available field', wallet({ totalAvailableBalance: undefined })],
    ['no row', undefined],
  ])('with %s is unknown, never zero', async (_name, row) => {
    expect(await balance(row)).toMatchObject({ kind: 'unknown', reason: 'bad-answer' });
  });
});

describe('a symbol of a list read before', () => {
  it('keeps its name although it is a contract of another kind', async () => {
    const rows = [instrumentRow(), instrumentRow({ symbol: 'XYZUSDT', contractType: 'LinearFutures' })];
    const { exchange, run } = bench({
      '/v5/market/instruments-info': () => page(rows),
      [POSITIONS]: () => page([positionRow({ symbol: 'XYZUSDT' }), positionRow()]),
    });
    await run(exchange.readInstruments());
    const ids = knownValue(await run(exchange.readPositions('reconcile'))).map(
      ({ instrumentId }) => instrumentId,
    );
    expect(ids).toEqual(['BTCUSDT']);
  });
});
