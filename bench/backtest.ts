import { runBacktest } from '../src/backtest/backtest.ts';
import { backtestOptionsSchema } from '../src/backtest/options.ts';
import type { PastMarket } from '../src/backtest/past-market.ts';
import { assert } from '../src/core/base/assert.ts';
import { tradingSettingsSchema } from '../src/core/engine/settings.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS } from './market.ts';
import { measure } from './measure.ts';
import { syntheticMarket } from './past-market.ts';
import { TIMEFRAME } from './scripted-engine.ts';

/** Walks a year of every instrument with all rules, fees, stops, trades and the equity curve. */
export const backtestBench: Bench = {
  name: 'backtest',
  run: (options) => Promise.resolve(run(options)),
};

/** Trades of all runs, so that no engine may drop the work. */
let traded = 0;

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const candles = smoke ? 300 : CANDLES_OF_YEAR;
  const market = syntheticMarket(instruments, candles);
  const contenders = [
    {
      name: 'plain, nothing may be entered',
      run: () => walk(market, { tradingEnabled: false, screening: false }),
    },
    { name: 'plain: every candle is shown', run: () => walk(market, { screening: false }) },
    { name: 'screened, every look counted', run: () => walk(market, {}) },
    { name: 'screened, trades alone', run: () => walk(market, { looks: false }) },
  ] as const;
  const rows = measure({
    contenders,
    rounds: smoke ? 1 : 5,
    repetitions: 1,
    unit: 'ns/candle',
    unitsPerMs: 1e6 / (instruments * candles),
  });
  assert(smoke || traded > 0, 'The walks have traded.');
  return {
    title: `a walk through ${instruments} instruments x ${candles} candles of ${TIMEFRAME}`,
    rows,
    notes: [
      'Candles are in memory; reading them from files is not in the figure.',
      'Screened and plain walks give the same bytes; trades alone leave out counts of signals without a free slot.',
      'Beside the candles the walk shows prices to the engine in steps of 0.5 % for what is held, keeps the books of core/matching exactly, and reads the account at every close.',
    ],
  };
}

interface How {
  readonly tradingEnabled?: boolean;
  readonly screening?: boolean;
  readonly looks?: boolean;
}

function walk(market: PastMarket, { tradingEnabled = true, ...how }: How): void {
  const settings = tradingSettingsSchema.parse({ timeframe: TIMEFRAME, filter: { tradingEnabled } });
  const options = backtestOptionsSchema.parse({});
  const instruments = new Map();
  const request = {
    market,
    settings,
    instruments,
    options,
    fromMs: null,
    toMs: null,
    engineVersion: 'bench',
    ...how,
  };
  traded += runBacktest(request).trades.length;
}
