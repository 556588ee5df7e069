import type { InstrumentId } from '../core/domain/instrument.ts';
import type { Ticker } from '../exchange/exchange.ts';

/** Newest price and 24 h figures of one instrument, for screens. */
export interface BoardPrice {
  readonly lastPrice: number;
  readonly turnover24h: number;
  readonly priceChange24hPct: number | null;
}

/**
 * The newest known price of every instrument: full tickers where followed, else the close of the open
 * candle. Screens read it; decisions never do.
 */
export class PriceBoard {
  /** Changed in place: hundreds move every second, and a new object for each would be most of the garbage. */
  private readonly prices = new Map<InstrumentId, { -readonly [K in keyof BoardPrice]: BoardPrice[K] }>();
  private changes = 0;

  takeTicker(ticker: Ticker): void {
    this.prices.set(ticker.instrumentId, {
      lastPrice: ticker.lastPrice,
      turnover24h: ticker.turnover24h,
      priceChange24hPct: ticker.priceChange24hPct,
    });
    this.changes += 1;
  }

  /** The open candle's close moves the last price; the 24 h figures stay. */
  takeClose(instrumentId: InstrumentId, close: number): void {
    const before = this.prices.get(instrumentId);
    if (before === undefined || before.lastPrice === close) return;
    before.lastPrice = close;
    this.changes += 1;
  }

  /** A view: read it at once, never keep it. Null before the first ticker of the instrument. */
  of(instrumentId: InstrumentId): BoardPrice | null {
    return this.prices.get(instrumentId) ?? null;
  }

  /** Grows with every change: a version for caches. */
  version(): number {
    return this.changes;
  }
}
