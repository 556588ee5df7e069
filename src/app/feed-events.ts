import type { FeedSink } from '../market/feed-sink.ts';
import type { TradingLoop } from '../trading/trading-loop.ts';

/** What the market tells, as events of the engine. */
export function feedEvents(dispatch: TradingLoop['dispatch']): FeedSink {
  return {
    instrument: (instrument) => dispatch({ kind: 'instrument', instrument }),
    candleHistory: (instrumentId, timeframe, candles) =>
      dispatch({ kind: 'candle-history', instrumentId, timeframe, candles }),
    candleClosed: (instrumentId, timeframe, candle) =>
      dispatch({ kind: 'candle-closed', instrumentId, timeframe, candle }),
    price: ({ instrumentId, lastPrice, markPrice, turnover24h, bidPrice, askPrice, fundingRate }) => {
      const quote = { bidPrice, askPrice, fundingRate };
      dispatch({ kind: 'price', instrumentId, lastPrice, markPrice, turnover24h, ...quote });
    },
    feedLost: (instrumentId, timeframe, reason) =>
      dispatch({ kind: 'feed-lost', instrumentId, timeframe, reason }),
    feedRestored: (instrumentId, timeframe) => dispatch({ kind: 'feed-restored', instrumentId, timeframe }),
  };
}
