/** OHLCV of one interval. Prices in quote currency, volume in base units. */
export interface Candle {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Why a candle is refused. */
export type CandleFault =
  | 'not-finite'
  | 'not-positive'
  | 'high-below-body'
  | 'low-above-body'
  | 'negative-volume';

/** Null when the candle is sound. Zero volume is sound: illiquid instruments have such candles. */
export function candleFault(candle: Candle): CandleFault | null {
  const { open, high, low, close, volume } = candle;
  if (!Number.isFinite(open + high + low + close + volume)) return 'not-finite';
  if (open <= 0 || high <= 0 || low <= 0 || close <= 0) return 'not-positive';
  if (high < open || high < close) return 'high-below-body';
  if (low > open || low > close) return 'low-above-body';
  return volume < 0 ? 'negative-volume' : null;
}
