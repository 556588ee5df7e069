import type { CandleSeries } from '../domain/candle-series.ts';
import { type Direction, directionSign } from '../domain/order.ts';
import type { RsiHistory } from '../indicator/rsi-history.ts';
import { type StochRsiValue, stochRsiOf } from '../indicator/stoch-rsi.ts';
import { type AdaptiveLevels, adaptiveLevels } from './adaptive-levels.ts';
import { type Divergence, readDivergence } from './divergence.ts';
import type { SignalSettings } from './settings.ts';
import type { Volatility, VolatilityState } from './volatility.ts';

/** What can speak for a base signal besides RSI at its threshold. */
export type Confirmation = 'divergence' | 'volume' | 'stoch-rsi';

/** Closed candles and what streamed from them: views of live state, read at once and never kept. */
export interface ReadMarket {
  readonly candles: CandleSeries;
  readonly rsiHistory: RsiHistory;
  readonly volatility: Pick<VolatilityState, 'value'>;
}

/** What was read around a base signal, for one direction; plain JSON, kept with the decision. */
export interface SignalReadings {
  /** Null where price has never moved. */
  readonly volatility: Volatility | null;
  /** Null without a volatility. */
  readonly levels: AdaptiveLevels | null;
  readonly divergence: Divergence;
  /** Mean volume of the newest 5 closed candles over that of the 5 before; null where those traded nothing. */
  readonly volumeRate: number | null;
  /** Null where fewer RSI values are held than it is made of. */
  readonly stochRsi: StochRsiValue | null;
  /** Closed candles in a row, up to the newest, with RSI at the extreme on the side of the direction. */
  readonly extremeCandles: number;
  /** What speaks for the signal and is let count by the settings. */
  readonly confirmations: readonly Confirmation[];
}

/** Closed candles without which nothing around a signal means anything. */
const CANDLES_MIN = 50;
/** Candles on each side of a volume comparison. */
const VOLUME_CANDLES = 5;

/**
 * Reads everything that surrounds a base signal from the newest closed candles; for an entry signal only, it costs
 * as much as several candles. Null with fewer than 50 candles.
 */
export function readAroundSignal(
  direction: Direction,
  { candles, rsiHistory, volatility: { value: volatility } }: ReadMarket,
  settings: SignalSettings,
): SignalReadings | null {
  if (candles.length < CANDLES_MIN) return null;
  const found = {
    divergence: readDivergence(direction, { candles, rsiHistory }, settings),
    volumeRate: volumeRate(candles),
    stochRsi: stochRsiOf(rsiHistory),
  };
  return {
    volatility,
    levels: volatility === null ? null : adaptiveLevels(volatility.rate, settings),
    divergence: found.divergence,
    volumeRate: found.volumeRate,
    stochRsi: found.stochRsi,
    extremeCandles: extremeCandles(direction, rsiHistory, settings),
    confirmations: confirmations(direction, found, settings),
  };
}

function volumeRate(candles: CandleSeries): number | null {
  const newest = volumeSum(candles, 0);
  const before = volumeSum(candles, VOLUME_CANDLES);
  return before > 0 ? newest / before : null;
}

/** Volume of the 5 candles that end `ago` candles before the newest. */
function volumeSum(candles: CandleSeries, ago: number): number {
  let sum = 0;
  for (let step = 1; step <= VOLUME_CANDLES; step += 1) {
    sum += candles.volumeAt(candles.length - ago - step);
  }
  return sum;
}

function extremeCandles(direction: Direction, rsiHistory: RsiHistory, settings: SignalSettings): number {
  let count = 0;
  for (let rsi = rsiHistory.at(0); rsi !== null; rsi = rsiHistory.at(count)) {
    const extreme = direction === 'long' ? rsi <= settings.rsiExtremeLow : rsi >= settings.rsiExtremeHigh;
    if (!extreme) break;
    count += 1;
  }
  return count;
}

/** Nothing that could not be read confirms. */
function confirmations(
  direction: Direction,
  found: Pick<SignalReadings, 'divergence' | 'volumeRate' | 'stochRsi'>,
  settings: SignalSettings,
): readonly Confirmation[] {
  const { divergence, volumeRate: rate, stochRsi } = found;
  const speaking: Confirmation[] = [];
  if (divergence.found) speaking.push('divergence');
  if (settings.confirmVolumeCounted && rate !== null && rate > settings.volumeConfirmMultiple) {
    speaking.push('volume');
  }
  const fromMiddle = stochRsi === null ? 0 : directionSign(direction) * (50 - stochRsi.k);
  if (settings.confirmStochRsiCounted && fromMiddle > 50 - settings.stochRsiExtremeMax) {
    speaking.push('stoch-rsi');
  }
  return speaking;
}
