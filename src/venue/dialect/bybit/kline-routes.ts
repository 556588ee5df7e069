import { z } from 'zod';
import type { Candle } from '../../../core/domain/candle.ts';
import type { Instrument } from '../../../core/domain/instrument.ts';
import { timeframeMs } from '../../../core/domain/timeframe.ts';
import type { CandlePrice } from '../../market/market-source.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { categoryInput, findInstrument, timeInput, wholeNumber } from './input.ts';
import { candleRow, premiumRow, referenceRow } from './market-row.ts';
import { parameterError, type Reply, result } from './reply.ts';
import { type PublicRoute, parsed } from './route.ts';
import { CATEGORY, INTERVALS } from './words.ts';

const klineInput = z.object({
  category: categoryInput.default(CATEGORY),
  symbol: z.string(),
  interval: z.string(),
  start: timeInput,
  end: timeInput,
  limit: wholeNumber({ min: 1, max: 1000, usual: 200 }),
});

/** Whose candles, and how one is written. */
interface KlineKind {
  readonly price: CandlePrice;
  readonly row: (candle: Candle, instrument: Instrument) => readonly string[];
}

/** Candles of the last, the mark and the index price and of the premium: asked for and bounded alike. */
export const klineRoutes: readonly PublicRoute[] = [
  klineRoute('/v5/market/kline', { price: 'last', row: candleRow }),
  klineRoute('/v5/market/mark-price-kline', { price: 'mark', row: referenceRow }),
  klineRoute('/v5/market/index-price-kline', { price: 'index', row: referenceRow }),
  klineRoute('/v5/market/premium-index-price-kline', { price: 'premium', row: premiumRow }),
];

function klineRoute(path: string, kind: KlineKind): PublicRoute {
  return {
    method: 'GET',
    path,
    access: 'public',
    answer: parsed(klineInput, (input, { floor }) => kline(floor, input, kind)),
  };
}

/** Newest first, the open candle on top. With a start alone the page begins there and goes forward. */
function kline(floor: TradingFloor, input: z.output<typeof klineInput>, { price, row }: KlineKind): Reply {
  const instrument = findInstrument(floor, input.symbol);
  if (input.category !== CATEGORY || instrument === null) return parameterError('Not supported symbols');
  const timeframe = INTERVALS.get(input.interval);
  if (timeframe === undefined) return parameterError('Invalid period!');
  const { start, limit } = input;
  const forwardMs = start === null ? null : start + limit * timeframeMs(timeframe) - 1;
  const candles = floor.market.candles({
    instrumentId: instrument.id,
    price,
    timeframe,
    startMs: start,
    endMs: input.end ?? forwardMs,
    limit,
  });
  if (candles === null) return parameterError('Not supported symbols');
  const list = candles.map((candle) => row(candle, instrument)).toReversed();
  return result({ symbol: instrument.exchangeSymbol, category: input.category, list });
}
