import type { Candle } from '../../src/core/domain/candle.ts';
import { CandleSeries } from '../../src/core/domain/candle-series.ts';
import { type Timeframe, timeframeMs } from '../../src/core/domain/timeframe.ts';
import type { EntryMarket, EntryReadings, EntrySeries } from '../../src/core/filter/entry-readings.ts';
import { RsiHistory } from '../../src/core/indicator/rsi-history.ts';
import { VolatilityState, volatilityAfter } from '../../src/core/signal/volatility.ts';
import { CANDLE_MS, START_MS } from './story.ts';

/** Open time of the newest candle of a made series. */
const NEWEST_OPEN_MS = START_MS + 239 * CANDLE_MS;

/** A series of these candles whose newest opened at `newestOpenTimeMs`; parts left out follow from the close. */
export function seriesOf(
  candles: readonly (Partial<Candle> & { readonly close: number })[],
  timeframe: Timeframe = '6h',
  newestOpenTimeMs: number = NEWEST_OPEN_MS,
): CandleSeries {
  const series = new CandleSeries(timeframe);
  for (const [index, candle] of candles.entries()) {
    const { close, open = close, volume = 10_000 } = candle;
    const openTimeMs = newestOpenTimeMs - (candles.length - 1 - index) * timeframeMs(timeframe);
    const high = Math.max(open, close);
    const low = Math.min(open, close);
    series.append({ openTimeMs, high, low, ...candle, open, volume });
  }
  return series;
}

/** A series of candles that open at the close before and end at these closes. */
export function closesOf(closes: readonly number[]): CandleSeries {
  return seriesOf(closes.map((close, index) => ({ open: closes[index - 1] ?? close, close })));
}

/** RSI that stood at 50 for 40 candles and then took these values. */
export function rsiHistoryOf(tail: readonly number[], before = 40): RsiHistory {
  const history = new RsiHistory();
  for (let candle = 0; candle < before; candle += 1) history.push(50);
  for (const rsi of tail) history.push(rsi);
  return history;
}

/** What streams from these candles. */
export function volatilityOf(candles: CandleSeries): VolatilityState {
  const volatility = new VolatilityState();
  volatility.restore(volatilityAfter(candles.toCandles()));
  return volatility;
}

/** A series that every filter passes for a long. */
function entrySeries(changes: Partial<EntrySeries> = {}): EntrySeries {
  const candles = changes.candles ?? closesOf(Array.from({ length: 240 }, (_, index) => 100 + (index % 3)));
  return {
    candles,
    volatility: volatilityOf(candles),
    rsi: { peek: () => 20 },
    rsiHistory: rsiHistoryOf([28, 31, 33, 30, 34, 32, 20]),
    faultsMs: [],
    learnedExitScam: () => null,
    ...changes,
  };
}

/** A market that every filter passes for a long. */
export function entryMarket(
  changes: Partial<EntryMarket> = {},
  series: Partial<EntrySeries> = {},
): EntryMarket {
  return {
    scan: entrySeries(series),
    price: 100,
    priceMs: NEWEST_OPEN_MS + timeframeMs('6h'),
    turnover24h: 1_000_000,
    bidPrice: 99.99,
    askPrice: 100.01,
    fundingRate: 0.0001,
    ...changes,
  };
}

/** What the filters read beside the facts, sound for a long. */
export function readings(changes: Partial<EntryReadings> = {}): EntryReadings {
  return {
    market: entryMarket(),
    quotesGiven: true,
    fundingGiven: true,
    lossStreak: null,
    heldMarkets: () => [],
    ...changes,
  };
}
