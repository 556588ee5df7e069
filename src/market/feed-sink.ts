import type { Candle } from '../core/domain/candle.ts';
import type { Instrument, InstrumentId } from '../core/domain/instrument.ts';
import type { Timeframe } from '../core/domain/timeframe.ts';
import type { Ticker } from '../exchange/exchange.ts';

/** Where the market's facts go: the trading loop, which stamps them and hands them to the engine. */
export interface FeedSink {
  instrument(instrument: Instrument): void;
  candleHistory(instrumentId: InstrumentId, timeframe: Timeframe, candles: readonly Candle[]): void;
  candleClosed(instrumentId: InstrumentId, timeframe: Timeframe, candle: Candle): void;
  price(ticker: Ticker): void;
  /** One series; with both null, the whole feed. */
  feedLost(instrumentId: InstrumentId | null, timeframe: Timeframe | null, reason: string): void;
  feedRestored(instrumentId: InstrumentId | null, timeframe: Timeframe | null): void;
}
