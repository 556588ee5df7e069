import type { OptimalEma } from '../../src/api/optimal-ema.ts';
import type { OptimalEmaApi } from '../../src/http/optimal-ema-api.ts';

/** One searched coin, BTC; it records what was asked for. */
export class FakeOptimalEma implements OptimalEmaApi {
  readonly forced: boolean[] = [];

  async list(): ReturnType<OptimalEmaApi['list']> {
    return { timeframe: '6h', rows: [SEARCHED] };
  }

  async of(symbol: string): ReturnType<OptimalEmaApi['of']> {
    return symbol.toUpperCase().startsWith('BTC') ? SEARCHED : null;
  }

  search(symbol: string, force: boolean): ReturnType<OptimalEmaApi['search']> {
    this.forced.push(force);
    return this.of(symbol);
  }
}

const few = { signals: 31, meanReturnPct: 0.5 };
const SEARCHED: OptimalEma = {
  symbol: 'BTCUSDT',
  timeframe: '6h',
  verdict: 'better',
  pair: { shortLength: 21, longLength: 55 },
  inForce: true,
  settingsHash: '0123456789abcdef',
  searchedMs: 2,
  evidence: {
    inSample: few,
    outOfSample: few,
    baseline: { signals: 60, meanReturnPct: -0.1 },
    defaultPair: { shortLength: 50, longLength: 200, signals: 0, meanReturnPct: null },
    gainPct: 0.6,
    gainInterval: { low: 0.1, high: 1.2 },
    folds: [
      {
        fromMs: 0,
        toMs: 1,
        pair: { shortLength: 21, longLength: 55 },
        inSample: few,
        outOfSample: few,
      },
    ],
    pairsTried: 230,
    candles: 1000,
    firstMs: 0,
    lastMs: 1,
  },
};
