/** A candle in whole numbers: prices in ticks, volume in quantity steps. Sums and extremes of it are exact. */
export interface TickCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** One candle out of two neighbours in time; `earlier` null gives `later` back. */
export function joinCandles(earlier: TickCandle | null, later: TickCandle): TickCandle {
  if (earlier === null) return later;
  return {
    open: earlier.open,
    high: Math.max(earlier.high, later.high),
    low: Math.min(earlier.low, later.low),
    close: later.close,
    volume: earlier.volume + later.volume,
  };
}

/** A candle without a single fill. */
export function flatCandle(price: number): TickCandle {
  return { open: price, high: price, low: price, close: price, volume: 0 };
}
