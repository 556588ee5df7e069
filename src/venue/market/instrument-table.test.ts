import { describe, expect, it } from 'vitest';
import { instrumentRow } from '../dialect/bybit/market-row.ts';
import { parseInstrumentTable } from './instrument-table.ts';

const ROW = {
  symbol: 'SHIB1000USDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'SHIB1000',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  launchTime: '1600000000000',
  deliveryTime: '0',
  fundingInterval: 120,
  leverageFilter: { minLeverage: '1', maxLeverage: '16.67', leverageStep: '0.01' },
  priceFilter: { minPrice: '0.00001', maxPrice: '2', tickSize: '0.00001' },
  lotSizeFilter: {
    maxOrderQty: '5000000',
    minOrderQty: '10',
    qtyStep: '10',
    postOnlyMaxOrderQty: '4000000',
    maxMktOrderQty: '1000000',
    minNotionalValue: '5',
  },
  riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.1' },
};
const parse = (...rows: readonly object[]) => parseInstrumentTable(JSON.stringify(rows));

describe('parseInstrumentTable', () => {
  it('reads rules, bounds and the multiplier of a name, wherever it stands', () => {
    const read = parse(ROW, { ...ROW, symbol: '1000PEPEUSDT', baseCoin: '1000PEPE' });
    expect(read).toMatchObject({ ok: true, value: [{ id: '1000SHIBUSDT' }, { id: '1000PEPEUSDT' }] });
    const [shib] = read.ok ? read.value : [];
    expect(shib).toMatchObject({
      exchangeSymbol: 'SHIB1000USDT',
      multiplier: 1000,
      leverageMax: 16.67,
      fundingIntervalMs: 7_200_000,
      deliveryTimeMs: null,
    });
    expect(shib?.orderRules?.postOnlyQuantityMax.toNumber()).toBe(4_000_000);
  });

  it('takes the list alone, the result around it, and the whole answer', () => {
    const list = [ROW];
    for (const written of [list, { list }, { result: { list } }]) {
      expect(parseInstrumentTable(JSON.stringify(written))).toMatchObject({ ok: true });
    }
  });

  it('only shows dated contracts and those of other coins', () => {
    const read = parse(
      { ...ROW, symbol: 'BTCPERP', baseCoin: 'BTC', quoteCoin: 'USDC', settleCoin: 'USDC' },
      { ...ROW, symbol: 'BTCUSDT-04APR25', baseCoin: 'BTC', contractType: 'LinearFutures' },
    );
    expect(read).toMatchObject({
      value: [
        { id: 'BTCPERP', isOnlyShown: true },
        { id: 'BTCUSDT04APR25', isOnlyShown: true },
      ],
    });
  });

  it.each([
    ['nonsense', 'is no list'],
    ['{}', 'is no list'],
    ['[]', 'lists no instrument'],
    [JSON.stringify([{ ...ROW, status: 'Odd' }]), 'row 1: status'],
    [JSON.stringify([ROW, { ...ROW, symbol: 'X', lotSizeFilter: {} }]), 'row 2: lotSizeFilter'],
    [JSON.stringify([ROW, ROW]), 'row 2: SHIB1000USDT is listed twice'],
    [JSON.stringify([{ ...ROW, symbol: '!' }]), 'row 1: symbol'],
  ])('names what is wrong with %s', (text, problem) => {
    const read = parseInstrumentTable(text);
    expect(read.ok ? '' : read.error).toContain(problem);
  });
});

describe('a row of a table', () => {
  it('is served as it was written, but for what has changed since', () => {
    const read = parse(ROW);
    const [shib] = read.ok ? read.value : [];
    if (shib === undefined) throw new Error('The row is read.');
    expect(instrumentRow(shib)).toMatchObject(ROW);
    const changed = { ...shib, quantityStep: shib.quantityStep.times(10), status: 'delivering' } as const;
    expect(instrumentRow(changed)).toMatchObject({
      ...ROW,
      status: 'Delivering',
      lotSizeFilter: { ...ROW.lotSizeFilter, qtyStep: '100' },
    });
  });
});
