import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { CoinRow } from '../../../src/api/coin.ts';
import { CoinRows } from './coin-rows.ts';

function row(symbol: string, price: number): CoinRow {
  return {
    symbol,
    timeframe: '6h',
    status: 'trading',
    price,
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
  };
}

describe('coin rows', () => {
  test('wake only those who watch the coin that moved', () => {
    const rows = new CoinRows();
    const btc = vi.fn();
    const eth = vi.fn();
    rows.subscribe('BTCUSDT', btc);
    const end = rows.subscribe('ETHUSDT', eth);
    rows.apply([row('ETHUSDT', 1)], 1);
    end();
    rows.apply([row('ETHUSDT', 2)], 2);
    expect(btc).not.toHaveBeenCalled();
    expect(eth).toHaveBeenCalledTimes(1);
  });

  test('a list removes coins it does not name, but not one a newer message brought', () => {
    const rows = new CoinRows();
    rows.apply([row('OLDUSDT', 1)], 1);
    rows.apply([row('NEWUSDT', 1)], 7);
    rows.replace([row('BTCUSDT', 1)], 5);
    expect(
      rows
        .all()
        .map((one) => one.symbol)
        .sort(),
    ).toEqual(['BTCUSDT', 'NEWUSDT']);
  });

  test('a restarted server, counting from the start, is believed', () => {
    const rows = new CoinRows();
    rows.apply([row('BTCUSDT', 1)], 900);
    rows.forgetVersions();
    rows.apply([row('BTCUSDT', 2)], 1);
    expect(rows.row('BTCUSDT')?.price).toBe(2);
  });

  test('in whatever order messages arrive, the newest version of a coin stands', () => {
    const versions = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(versions, (arrived) => {
        const rows = new CoinRows();
        for (const version of arrived) rows.apply([row('BTCUSDT', version)], version);
        expect(rows.row('BTCUSDT')?.price).toBe(Math.max(...arrived));
      }),
    );
  });
});
