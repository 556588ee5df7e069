import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../src/backtest/backtest.ts';
import type { BacktestRequest } from '../../src/backtest/backtest-request.ts';
import { filterWorth } from '../../src/backtest/filter-worth/filter-worth.ts';
import { worthSettingsSchema } from '../../src/backtest/filter-worth/settings.ts';
import { withoutFilter } from '../../src/backtest/filter-worth/without-filter.ts';
import { loadPastMarket } from '../../src/backtest/load-market.ts';
import { backtestOptionsSchema } from '../../src/backtest/options.ts';
import { settingsOf, type VARIANTS } from './recorded-walk.ts';

const DATA_FOLDER = process.env['INFOBOT_TEST_DATA'] ?? '../shared';
const SYMBOLS = ['AAVEUSDT', 'BTCUSDT', 'DOGEUSDT', 'LINKUSDT', 'SOLUSDT', 'UNIUSDT'];

/** Six coins of the 4-hour market. */
async function requestOf(variant: keyof typeof VARIANTS): Promise<BacktestRequest> {
  const market = await loadPastMarket({
    folder: join(DATA_FOLDER, 'market-data/binance-usdm/4h'),
    timeframe: null,
    symbols: SYMBOLS,
    fundingFolder: join(DATA_FOLDER, 'market-data/binance-usdm/funding'),
    onProgress: () => undefined,
  });
  if (!market.ok) throw new Error(market.error);
  return {
    market: market.value,
    settings: settingsOf(market.value, variant),
    instruments: new Map(),
    options: backtestOptionsSchema.parse({}),
    fromMs: Date.UTC(2025, 6, 1),
    toMs: null,
    engineVersion: 'recorded',
  };
}

describe('six recorded coins x 4h', () => {
  it('tell the same of their filters twice, with every blocked signal accounted for', async () => {
    const backtest = await requestOf('shipped');
    const ask = () =>
      filterWorth({ backtest, worth: worthSettingsSchema.parse({}), onProgress: () => undefined });
    const first = ask();
    expect(first.filters.length).toBeGreaterThan(3);
    expect(first.filters.length + first.silent.length).toBe(20);
    expect(first.filters.reduce((sum, { alone }) => sum + alone.candidates, 0)).toBeLessThan(first.blocked);
    for (const { alone, shared } of first.filters) {
      for (const solo of [alone, shared]) {
        expect(solo.trades + solo.overlapping + solo.unpriced).toBe(solo.candidates);
        expect(Number.isFinite(solo.totalSavedUsdt)).toBe(true);
      }
    }
    expect(JSON.stringify(ask())).toBe(JSON.stringify(first));
  });

  it('are vetoed by no filter that is switched off', async () => {
    const strict: BacktestRequest = { ...(await requestOf('strict')), fromMs: null };
    const vetoedBy = (request: BacktestRequest) =>
      new Set(runBacktest(request).vetoes.map(({ code }) => code.split('.')[1] ?? ''));
    const active = [...vetoedBy(strict)].filter((name) => withoutFilter(strict, name) !== null);
    expect(active.length).toBeGreaterThan(6);
    for (const name of active) {
      expect(vetoedBy({ ...strict, ...withoutFilter(strict, name) })).not.toContain(name);
    }
  });
});
