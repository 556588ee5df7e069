import type { CoinRow, DecisionView } from '../../src/api/coin.ts';

/** The eight verdicts of the entry chain, vetoes where the row names blockers. */
export function verdictsOf(row: CoinRow): DecisionView['verdicts'] {
  const pass = { kind: 'pass' as const, value: null, threshold: null, margin: null, unit: '' };
  const isTrendVeto = row.blockers.includes('filter.trend.down');
  return [
    { ...pass, filter: 'trading-switch', code: 'filter.trading-switch.pass', value: 'on' },
    {
      ...pass,
      filter: 'entries-allowed',
      code: 'filter.entries-allowed.pass',
      value: 'Account, market and streams are fresh, and nothing else speaks against an entry.',
      threshold: 'allowed',
    },
    { ...pass, filter: 'scope', code: 'filter.scope.pass', value: 'all' },
    { ...pass, filter: 'instrument', code: 'filter.instrument.pass', value: 'trading' },
    {
      ...pass,
      filter: 'data',
      code: 'filter.data.pass',
      value: 840_000,
      threshold: 21_605_000,
      margin: 20_765_000,
      unit: 'ms',
    },
    {
      ...pass,
      filter: 'trend',
      kind: isTrendVeto ? 'veto' : 'pass',
      code: isTrendVeto ? 'filter.trend.down' : 'filter.trend.pass',
      value: row.trend,
    },
    {
      filter: 'maturity',
      kind: row.mature ? 'pass' : 'veto',
      code: row.mature ? 'filter.maturity.pass' : 'filter.maturity.too-young',
      value: row.candles,
      threshold: 200,
      margin: row.candles - 200,
      unit: 'candles',
    },
    {
      ...pass,
      filter: 'cool-down',
      code: 'filter.cool-down.pass',
      value: 0,
      threshold: 0,
      margin: 0,
      unit: 'ms',
    },
  ];
}

/** What surrounds every signal of the fake market. */
export const READINGS: DecisionView['signalReadings'] = {
  volatility: { atr: 1.8, atrPct: 2.4, rate: 1.62 },
  levels: { longMax: 24, shortMin: 76 },
  divergence: {
    found: true,
    earlier: { ago: 6, price: 101.5, rsi: 21.4 },
    later: { ago: 2, price: 100.25, rsi: 24.9 },
  },
  volumeRate: 1.31,
  stochRsi: { k: 0, d: 4.2 },
  extremeCandles: 2,
  confirmations: ['divergence', 'volume', 'stoch-rsi'],
};
