import { describe, expect, it } from 'vitest';
import { fallThen, marketOf, type Ohlc, openSettings, pastOf } from '../../test/fixture/past-candles.ts';
import { runBacktest } from './backtest.ts';
import { backtestOptionsSchema } from './options.ts';

/** Three orders of 30 USDT at 100, 98 and 96, on steps of a thousandth; their stop 10 % below 97.97. */
const LADDER = {
  risk: { positionNotionalUsdt: 90 },
  entry: {
    entryMethod: 'ladder',
    rungs: [0, 2, 4].map((offsetPct) => ({ offsetPct, weight: 1 })),
    rungsLifeCandles: 3,
  },
  exit: { stopLossPct: 10, takeProfitPct: 10 },
};

function run(...rows: readonly Ohlc[]) {
  return runBacktest({
    market: marketOf(pastOf('BTCUSDT', fallThen(...rows))),
    settings: openSettings(LADDER),
    instruments: new Map(),
    options: backtestOptionsSchema.parse({ feeTakerRate: 0.001, feeMakerRate: 0.0002, slippageBps: 0 }),
    fromMs: null,
    toMs: null,
    engineVersion: 'test',
  });
}

describe('a ladder in the past', () => {
  it('fills each rung at its own price when the price comes to it, for the maker’s fee', () => {
    const { open } = run([100, 100, 97.5, 98], [98, 98, 95.5, 97]);
    const row = open[0];
    expect(open).toHaveLength(1);
    const [first, second, third] = [0.3, 0.306, 0.312];
    const quantity = Number(row?.quantity);
    expect(quantity).toBeCloseTo(first + second + third, 9);
    const cost = first * 100 + second * 98 + third * 96;
    expect(Number(row?.entryPrice)).toBeCloseTo(cost / quantity, 9);
    const fees = first * 100 * 0.001 + (second * 98 + third * 96) * 0.0002;
    expect(Number(row?.pnl)).toBeCloseTo(97 * quantity - cost - fees, 9);
  });

  it('fills what the price never reached not at all, and takes it back when its candles are over', () => {
    const quiet: Ohlc = [99, 99.5, 98.5, 99];
    const { open, notices } = run([100, 100, 98.5, 99], quiet, quiet, quiet, [99, 99, 97, 98]);
    expect(open).toMatchObject([{ quantity: '0.3', entryPrice: '100' }]);
    expect(notices['engine.ladder.ending']).toBe(1);
  });

  it('leaves with all it has filled, and the rest never fills', () => {
    const { open, trades } = run([100, 100, 97.9, 98], [98, 109, 98, 109], [109, 109, 90, 95]);
    expect(open.filter(({ direction }) => direction === 'long')).toEqual([]);
    expect(trades[0]).toMatchObject({ quantity: '0.606', exitReason: 'exchange-take-profit' });
  });
});
