import { pastInstrument } from '../src/backtest/past-instrument.ts';
import type { PastInstrument, PastMarket } from '../src/backtest/past-market.ts';
import { ensure } from '../src/core/base/assert.ts';
import { rng, seedOf } from '../src/core/base/rng.ts';
import type { CandleColumns } from '../src/core/domain/candle-file.ts';
import { syntheticCloses } from './market.ts';
import { START_MS, STEP_MS, TIMEFRAME } from './scripted-engine.ts';

/** How far a candle's extremes stand beyond its body, as a share of the price. */
const WICK = 0.006;

/** The random walks of all benches as recorded candles, on their tick. */
export function syntheticMarket(instruments: number, candles: number): PastMarket {
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
