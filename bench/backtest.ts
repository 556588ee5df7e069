import { runBacktest } from '../src/backtest/backtest.ts';
import { backtestOptionsSchema } from '../src/backtest/options.ts';
import { pastInstrument } from '../src/backtest/past-instrument.ts';
import type { PastInstrument, PastMarket } from '../src/backtest/past-market.ts';
import { assert, ensure } from '../src/core/base/assert.ts';
import { rng, seedOf } from '../src/core/base/rng.ts';
import type { CandleColumns } from '../src/core/domain/candle-file.ts';
import { tradingSettingsSchema } from '../src/core/engine/settings.ts';
import type { Bench, BenchOptions, BenchTable } from './bench.ts';
import { CANDLES_OF_YEAR, INSTRUMENTS, syntheticCloses } from './market.ts';
import { measure } from './measure.ts';
import { START_MS, STEP_MS, TIMEFRAME } from './scripted-engine.ts';

/** Walks a year of every instrument with all rules, fees, stops, trades and the equity curve. */
export const backtestBench: Bench = {
  name: 'backtest',
  run: (options) => Promise.resolve(run(options)),
};

/** How far a candle's extremes stand beyond its body, as a share of the price. */
const WICK = 0.006;

/** Trades of all runs, so that no engine may drop the work. */
let traded = 0;

function run({ smoke }: BenchOptions): BenchTable {
  const instruments = smoke ? 3 : INSTRUMENTS;
  const candles = smoke ? 300 : CANDLES_OF_YEAR;
  const market = syntheticMarket(instruments, candles);
  const contenders = [
    { name: 'empty: nothing may be entered', run: () => walk(market, false) },
    { name: 'shipped settings', run: () => walk(market, true) },
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
    title: `a walk through ${instruments} instruments x ${candles} candles of ${TIMEFRAME}, event by event`,
    rows,
    notes: [
      'Candles are in memory; reading them from files is not in the figure.',
      'Beside the candles the walk shows prices to the engine in steps of 0.5 % for what is held, keeps the books of core/matching exactly, and reads the account at every close.',
    ],
  };
}

function walk(market: PastMarket, tradingEnabled: boolean): void {
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
  };
  traded += runBacktest(request).trades.length;
}

function syntheticMarket(instruments: number, candles: number): PastMarket {
  const columns = syntheticCloses(instruments, candles);
  const made = columns.map((closes, index) => past(`COIN${index}USDT`, closes, index));
  return {
    recordedTimeframe: TIMEFRAME,
    timeframe: TIMEFRAME,
    instruments: made.sort((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1)),
  };
}

function past(name: string, closes: Float64Array, index: number): PastInstrument {
  const dice = rng(seedOf('wicks', index));
  const first = closes[0] ?? 1;
  const priceDecimals = Math.max(2, 5 - Math.floor(Math.log10(first)));
  const onTick = (price: number): number => Number(price.toFixed(priceDecimals));
  const close = closes.map(onTick);
  const open = close.map((price, i) => (i === 0 ? price : (close[i - 1] ?? price)));
  const high = close.map((price, i) => onTick(Math.max(price, open[i] ?? price) * (1 + WICK * dice.next())));
  const low = close.map((price, i) => onTick(Math.min(price, open[i] ?? price) * (1 - WICK * dice.next())));
  const volume = close.map((price) => Math.round(1e6 / price) + 1);
  const count = closes.length;
  const prices = { open, high, low, close, volume };
  const decimals = { priceDecimals, volumeDecimals: 3 };
  const recorded: CandleColumns = {
    timeframe: TIMEFRAME,
    firstOpenMs: START_MS,
    count,
    ...prices,
    ...decimals,
  };
  const instrument = ensure(pastInstrument(name, recorded), 'A made name is an instrument.');
  const lastOpenMs = START_MS + (count - 1) * STEP_MS;
  const file = { name, rows: count, firstOpenMs: START_MS, lastOpenMs, sha256: '' };
  return { instrument, file, recorded, decided: recorded, fundings: [] };
}
