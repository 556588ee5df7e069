import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CoinRow } from '../../../../src/api/coin.ts';
import { type ScanView, scanOrder } from './scan-order.ts';

const VIEW: ScanView = { filter: 'all', search: '', sort: { column: 'rsi', descending: false } };

function row(symbol: string, part: Partial<CoinRow>): CoinRow {
  return {
    symbol,
    timeframe: '6h',
    status: 'trading',
    price: null,
    change24hPct: null,
    turnover24h: null,
    rsi: null,
    trend: null,
    signal: 'wait',
    blockers: [],
    mature: false,
    candles: 0,
    candleOpenTimeMs: null,
    inPosition: null,
    ...part,
  };
}

describe('the order of the scan', () => {
  test('puts coins without a value last, whichever way it sorts', () => {
    const rows = [row('A', { rsi: null }), row('B', { rsi: 70 }), row('C', { rsi: 20 })];
    expect(scanOrder(rows, VIEW).symbols).toEqual(['C', 'B', 'A']);
    const descending = { ...VIEW, sort: { column: 'rsi', descending: true } } as const;
    expect(scanOrder(rows, descending).symbols).toEqual(['B', 'C', 'A']);
  });

  test('counts every filter over all coins, whatever the search lists', () => {
    const rows = [
      row('A', { signal: 'enter-long', blockers: ['filter.trend.down'] }),
      row('B', { signal: 'enter-short' }),
      row('C', { blockers: ['filter.maturity.too-young'], inPosition: 'long' }),
    ];
    const order = scanOrder(rows, { ...VIEW, search: ' b ' });
    expect(order.symbols).toEqual(['B']);
    expect(order.counts).toEqual({ all: 3, long: 1, short: 1, blocked: 1, position: 1 });
  });

  test('is the same for the same rows in any order', () => {
    const values = fc.array(fc.option(fc.integer({ min: 1, max: 5 })), { maxLength: 30 });
    fc.assert(
      fc.property(values, (all) => {
        const rows = all.map((rsi, index) => row(`C${index}`, { rsi }));
        expect(scanOrder([...rows].reverse(), VIEW).symbols).toEqual(scanOrder(rows, VIEW).symbols);
      }),
    );
  });
});
