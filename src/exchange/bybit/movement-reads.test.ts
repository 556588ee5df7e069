import { describe, expect, it } from 'vitest';
import { bench, envelope, knownValue, START_MS } from '../../../test/conformance/exchange-bybit-answers.ts';
import { answered } from '../../../test/conformance/exchange-scripted-transport.ts';
import { isResultOfTrading } from '../../core/domain/movement.ts';

const LOG = '/v5/account/transaction-log';
const HOUR_MS = 3_600_000;

function row(type: string, change = '-5', changes: Record<string, unknown> = {}) {
  const transactionTime = String(START_MS - 1_000);
  return {
    id: `${type} ${change}`,
    type,
    category: '',
    currency: 'USDT',
    change,
    transactionTime,
    ...changes,
  };
}

async function movements(...list: readonly unknown[]) {
  const { exchange, run } = bench({ [LOG]: () => answered(envelope({ list, nextPageCursor: '' })) });
  return run(exchange.readMovements(START_MS - HOUR_MS, START_MS));
}

/** As the exchange documents an answer: a settlement, and a trade whose funding is empty. */
const DOCUMENTED = [
  {
    transSubType: '',
    id: '592324_XRPUSDT_161440249321',
    symbol: 'XRPUSDT',
    side: 'Buy',
    funding: '-0.003676',
    orderLinkId: '',
    orderId: '1672128000-8-592324-1-2',
    fee: '0.00000000',
    change: '-0.003676',
    cashFlow: '0',
    transactionTime: '1672128000000',
    type: 'SETTLEMENT',
    feeRate: '0.0001',
    bonusChange: '',
    size: '100',
    qty: '100',
    cashBalance: '5086.55825002',
    currency: 'USDT',
    category: 'linear',
    tradePrice: '0.3676',
    tradeId: '534c0003-4bf7-486f-aa02-78cee36825e4',
    extraFees: '',
  },
  {
    transSubType: '',
    id: '592324_XRPUSDT_161440247134',
    symbol: 'XRPUSDT',
    side: 'Buy',
    funding: '',
    orderLinkId: 'linear-order',
    orderId: '592b7e41-78fd-42e2-9aa3-91e1835ef3e1',
    fee: '0.01908720',
    change: '-0.0190872',
    cashFlow: '0',
    transactionTime: '1672121182224',
    type: 'TRADE',
    feeRate: '0.0006',
    bonusChange: '-0.1430544',
    size: '100',
    qty: '88',
    cashBalance: '5086.56192602',
    currency: 'USDT',
    category: 'linear',
    tradePrice: '0.3615',
    tradeId: '5184f079-88ec-54c7-8774-5173cafd2b4e',
    extraFees: '',
  },
];

describe('movements of money', () => {
  it('are read as they are documented, part by part', async () => {
    const [settlement, trade] = knownValue(await movements(...DOCUMENTED));
    expect(settlement).toMatchObject({
      ...{ id: '592324_XRPUSDT_161440249321', kind: 'funding', word: 'SETTLEMENT', instrumentId: 'XRPUSDT' },
      ...{ timeMs: 1_672_128_000_000, fillId: '534c0003-4bf7-486f-aa02-78cee36825e4' },
    });
    const parts = [settlement, trade].map((each) => [each?.change, each?.cashFlow, each?.funding, each?.fee]);
    expect(parts.map((each) => each.map(String))).toEqual([
      ['-0.003676', '0', '-0.003676', '0'],
      ['-0.0190872', '0', 'null', '0.0190872'],
    ]);
  });

  it.each([
    ['TRADE', 'trade', true],
    ['SETTLEMENT', 'funding', true],
    ['DELIVERY', 'delivery', true],
    ['LIQUIDATION', 'insurance', true],
    ['ADL', 'deleveraging', true],
    ['INTEREST', 'interest', false],
    ['TRANSFER_IN', 'transfer', false],
    ['BONUS', 'bonus', false],
    ['BONUS_RECOLLECT', 'bonus', false],
    ['FEE_REFUND', 'refund', false],
    ['AIRDROP', 'bonus', false],
    ['CURRENCY_BUY', 'conversion', false],
    ['CURRENCY_SELL', 'conversion', false],
    ['SOMETHING_INVENTED_TOMORROW', 'unknown', false],
  ])('called %s are %s, and a result of trading: %s', async (word, kind, isResult) => {
    const [only, ...others] = knownValue(await movements(row(word)));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ id: `${word} -5`, kind, word, timeMs: START_MS - 1_000 });
    expect([String(only?.change), only !== undefined && isResultOfTrading(only)]).toEqual(['-5', isResult]);
  });

  it('that a fill made in a liquidation are not what the insurance paid', async () => {
    const [fill] = knownValue(await movements(row('LIQUIDATION', '-5', { tradeId: 'f1' })));
    expect(fill?.kind).toBe('liquidation');
  });

  it('by a trade of coins are a conversion', async () => {
    const [spot] = knownValue(await movements(row('TRADE', '-90', { category: 'spot', symbol: 'BTCUSDT' })));
    expect(spot).toMatchObject({ kind: 'conversion', instrumentId: null });
  });

  it('told on two pages are there once', async () => {
    expect(knownValue(await movements(row('TRADE'), row('TRADE')))).toHaveLength(1);
  });

  it('are unknown when one row cannot be read', async () => {
    expect(await movements(row('TRADE'), row('TRANSFER_IN', 'much'))).toMatchObject({ kind: 'unknown' });
    expect(await movements(row('TRANSFER_IN', '5', { currency: 'BTC' }))).toMatchObject({ kind: 'unknown' });
  });

  it('are asked for in windows that follow on each other, for a list has an end', async () => {
    const asked: (readonly [number, number])[] = [];
    const { exchange, run } = bench({
      [LOG]: ({ query }) => {
        const asks = new URLSearchParams(query);
        asked.push([Number(asks.get('startTime')), Number(asks.get('endTime'))]);
        return answered(envelope({ list: [], nextPageCursor: '' }));
      },
    });
    await run(exchange.readMovements(START_MS - 7 * HOUR_MS, START_MS));
    expect(asked.map((times) => times.map((timeMs) => timeMs - START_MS))).toEqual([
      [-7 * HOUR_MS, -4 * HOUR_MS - 1],
      [-4 * HOUR_MS, -HOUR_MS - 1],
      [-HOUR_MS, 0],
    ]);
  });
});
