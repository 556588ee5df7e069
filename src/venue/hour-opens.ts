import type { InstrumentId } from '../core/domain/instrument.ts';
import { openTimeMsAt } from '../core/domain/timeframe.ts';
import type { MarketSource } from './market/market-source.ts';

/** Prices at which the hour opened, read from the candles once an hour. */
export class HourOpens {
  private readonly market: MarketSource;
  private readonly known = new Map<InstrumentId, { readonly hourMs: number; readonly price: number }>();

  constructor(market: MarketSource) {
    this.market = market;
  }

  /** Null for an instrument without candles. */
  at(instrumentId: InstrumentId, nowMs: number): number | null {
    const hourMs = openTimeMsAt(nowMs, '1h');
    const known = this.known.get(instrumentId);
    if (known?.hourMs === hourMs) return known.price;
    const range = { instrumentId, timeframe: '1h', startMs: null, endMs: null, limit: 1 } as const;
    const candle = this.market.candles(range)?.at(-1);
    if (candle === undefined) return null;
    this.known.set(instrumentId, { hourMs, price: candle.open });
    return candle.open;
  }
}
