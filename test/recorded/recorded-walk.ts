import { join } from 'node:path';
import { runBacktest } from '../../src/backtest/backtest.ts';
import type { BacktestResult } from '../../src/backtest/backtest-result.ts';
import { loadPastMarket } from '../../src/backtest/load-market.ts';
import { backtestOptionsSchema } from '../../src/backtest/options.ts';
import type { PastMarket } from '../../src/backtest/past-market.ts';
import type { WalkObserver } from '../../src/backtest/past-walk.ts';
import { type TradingSettings, tradingSettingsSchema } from '../../src/core/engine/settings.ts';
import { filterSettingsSchema } from '../../src/core/filter/settings.ts';
import { signalSettingsSchema } from '../../src/core/signal/settings.ts';

/** The recorded market: folder below `market-data`, and how many instruments it has at least. */
export const RECORDED = [
  { name: '53 coins x 1h', folder: 'binance-usdm/1h', instrumentsMin: 53 },
  { name: '50 coins x 4h', folder: 'binance-usdm/4h', instrumentsMin: 50 },
  { name: '164 coins x 1d', folder: 'bybit-linear/1d', instrumentsMin: 164 },
] as const;

/** Reads one of the recorded markets, with the funding that is known of it. */
export async function recordedMarket(dataFolder: string, folder: string): Promise<PastMarket> {
  const market = await loadPastMarket({
    folder: join(dataFolder, 'market-data', folder),
    timeframe: null,
    symbols: null,
    fundingFolder: join(dataFolder, 'market-data/binance-usdm/funding'),
    onProgress: () => undefined,
  });
  if (!market.ok) throw new Error(market.error);
  return market.value;
}

/** Settings the recorded markets are walked with. */
export const VARIANTS = {
  /** As shipped. */
  shipped: {},
  /** Every filter on that can be switched on, the ones without a default limit with one. */
  strict: {
    filter: {
      ...switchedOn(filterSettingsSchema.shape),
      rsiTimeStrict: true,
      volatilityPctMin: 1,
      volatilityPctMax: 4,
      liquidityTurnoverMinUsdt: 20_000_000,
      scope: 'whitelist',
      whitelist: ['BTCUSDT', 'SOLUSDT', 'DOGEUSDT', 'AAVEUSDT', 'UNIUSDT', 'FILUSDT', 'DYDXUSDT', 'LDOUSDT'],
      blacklist: ['LINKUSDT'],
    },
    signal: { ...switchedOn(signalSettingsSchema.shape), confirmDivergenceRequired: true },
  },
  /** Every exit rule on, with levels near enough to be met, and filters that let most entries through. */
  exits: {
    filter: { rsiTimeEnabled: false },
    exit: {
      stopLossPct: 9,
      takeProfitPct: 12,
      partialTakeProfits: [{ profitPct: 4, sharePct: 30 }],
      breakEvenTriggerPct: 2,
      trailingActivationPct: 5,
      trailingDistancePct: 2,
      trailingTakeCloses: true,
      positionHoursMax: 240,
      fundingExitPctMax: 0.02,
      trendFlipExit: true,
    },
    risk: { positionNotionalUsdt: 100 },
  },
} as const;

/** The settings of a variant on the market's timeframe. */
export function settingsOf(market: PastMarket, variant: keyof typeof VARIANTS): TradingSettings {
  return tradingSettingsSchema.parse({ ...VARIANTS[variant], timeframe: market.timeframe });
}

function switchedOn(shape: Readonly<Record<string, unknown>>): Readonly<Record<string, true>> {
  const switches = Object.keys(shape).filter((key) => key.endsWith('Enabled') || key.startsWith('avoid'));
  return Object.fromEntries(switches.map((key) => [key, true as const]));
}

/** Walks through a recorded market. */
export function walkRecorded(
  market: PastMarket,
  settings: TradingSettings,
  observe?: WalkObserver,
): BacktestResult {
  return runBacktest({
    market,
    settings,
    instruments: new Map(),
    options: backtestOptionsSchema.parse({}),
    fromMs: null,
    toMs: null,
    engineVersion: 'recorded',
    ...(observe === undefined ? {} : { observe }),
  });
}
