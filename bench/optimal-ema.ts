import { searchOptimalEma } from '../src/backtest/optimal-ema/optimal-ema.ts';
import { type EmaSearchRule, emaSearchSettingsSchema } from '../src/backtest/optimal-ema/settings.ts';
import type { SearchedCandles } from '../src/backtest/optimal-ema/signals.ts';
import { assert } from '../src/core/base/assert.ts';
import { DEFAULT_TRADING_SETTINGS } from '../src/core/engine/settings.ts';
import { systemTime } from '../src/platform/time.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { goalRow, percentile } from './figures.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS, syntheticCloses } from './market.ts';

/** Searches the pair of averages of every instrument. */
export const optimalEmaBench: Bench = {
  name: 'optimal-ema',
  run: (options) => Promise.resolve(run(options)),
};

/** What the bots service reads of one instrument for a search. */
const HISTORY_CANDLES = 5_000;
/** Seconds for all instruments on the full grid, promised for two workers and kept by one. */
const FULL_SECONDS_MAX = 20;
/** The bots service searches between its other work: more than this at a time would need a thread of its own. */
const SLICE_MS_MAX = 20;

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const year = syntheticCloses(instruments, CANDLES_OF_YEAR).map(candlesOf);
  const kept = syntheticCloses(Math.ceil(instruments / 10), HISTORY_CANDLES).map(candlesOf);
  const rounds = smoke ? 1 : 3;
  const full = Array.from({ length: rounds }, () => timesMs(year, 'full'));
  const volatility = Array.from({ length: rounds }, () => timesMs(year, 'volatility'));
  const slices = Array.from({ length: rounds }, () => percentile(timesMs(kept, 'volatility'), 99));
  return {
    title: `the pair of averages of ${instruments} instruments x ${CANDLES_OF_YEAR} candles, both directions, one core`,
    rows: [
      goalRow(
        { name: 'full grid, 20,856 pairs', unit: 's', figures: full.map(seconds) },
        smoke ? null : FULL_SECONDS_MAX,
      ),
      goalRow({ name: 'grid by volatility', unit: 's', figures: volatility.map(seconds) }, null),
      goalRow(
        { name: `one of ${HISTORY_CANDLES} candles, p99`, unit: 'ms', figures: slices },
        smoke ? null : SLICE_MS_MAX,
      ),
    ],
    notes: [
      'Walk-forward in 4 folds, the interval of the gain by 1,000 resamples, and the choice on all candles are in the figures.',
      'Averages are computed once a length; a pair is one comparison at each signal.',
    ],
  };
}

/** How long the search of each instrument took, ms. */
function timesMs(
  market: readonly SearchedCandles[],
  grid: EmaSearchRule['search']['grid'],
): readonly number[] {
  const search = emaSearchSettingsSchema.parse({ grid, signalsMin: 5 });
  const rule: EmaSearchRule = { search, signal: DEFAULT_TRADING_SETTINGS.signal };
  let chosen = 0;
  const times = market.map((candles) => {
    const startMs = systemTime.monotonicMs();
    if (searchOptimalEma(candles, rule).pair !== null) chosen += 1;
    return systemTime.monotonicMs() - startMs;
  });
  assert(chosen > 0, 'Some instrument has signals enough for a pair to be chosen.');
  return times;
}

function seconds(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0) / 1_000;
}

function candlesOf(close: Float64Array): SearchedCandles {
  const open = close.map((value, row) => close[row - 1] ?? value);
  return { timeframe: '6h', firstOpenMs: 0, count: close.length, open, close };
}
