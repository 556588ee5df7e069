import type { CandleSeries } from '../../core/domain/candle-series.ts';
import type { Instrument } from '../../core/domain/instrument.ts';
import type { PastMarket } from '../past-market.ts';

/**
 * One instrument's candles as they are held now, copied, ready to be walked through. Prices move as inside candles of
 * that length, and no funding is known. Null without a candle.
 */
export function heldMarket(instrument: Instrument, series: CandleSeries): PastMarket | null {
  const { timeframe, firstOpenTimeMs: firstOpenMs, lastOpenTimeMs: lastOpenMs, length: count } = series;
  if (firstOpenMs === null || lastOpenMs === null) return null;
  const recorded = {
    timeframe,
    firstOpenMs,
    count,
    open: series.open.slice(),
    high: series.high.slice(),
    low: series.low.slice(),
    close: series.close.slice(),
    volume: series.volume.slice(),
    priceDecimals: instrument.tickSize.decimalPlaces(),
    volumeDecimals: instrument.quantityStep.decimalPlaces(),
  };
  const file = { name: instrument.exchangeSymbol, rows: count, firstOpenMs, lastOpenMs, sha256: '' };
  const past = { instrument, file, recorded, decided: recorded, fundings: [] };
  return { recordedTimeframe: timeframe, timeframe, instruments: [past] };
}
