import { describe, expect, it } from 'vitest';
import { CANDLE_FILE_HEADER, parseCandleFile } from '../../core/domain/candle-file.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { type Timeframe, timeframeMs } from '../../core/domain/timeframe.ts';
import type { CandlePrice, MarketSource, Quote } from './market-source.ts';
import { recordedMarket } from './replay.ts';
import { syntheticMarket } from './synthetic.ts';

const HOUR_MS = 3_600_000;
const START_MS = Math.floor(1_795_000_000_000 / HOUR_MS) * HOUR_MS;
const WALKED_SECONDS = 2 * 3600 + 1234;

function market(candleScale: 'demo' | 'real', startMs = START_MS): MarketSource {
  return syntheticMarket({ seed: 11, startMs, candleScale, instrumentCount: 6 });
}

/** Hours that rise and fall by a percent and a half, played at their own length. */
function recorded(): MarketSource {
  const rows = Array.from({ length: 520 }, (_, at) => {
    const [open, close] = at % 2 === 0 ? ['100.0', '101.5'] : ['101.5', '100.0'];
    return `${at * HOUR_MS},${open},102.2,99.1,${close},5.5`;
  });
  const read = parseCandleFile([CANDLE_FILE_HEADER, ...rows].join('\n'));
  if (!read.ok) throw new Error('The rows are a candle file.');
  const coin = { exchangeBase: 'BTC', path: 'rows', columns: read.value };
  return recordedMarket([coin], { name: 'rows', timeframe: '1h', startMs: START_MS, seed: 4 });
}

function idAt(source: MarketSource, index: number): InstrumentId {
  const instrument = source.instruments()[index];
  if (instrument === undefined) throw new Error('No such instrument.');
  return instrument.id;
}

function last(
  source: MarketSource,
  price: CandlePrice,
  { instrumentId, timeframe, limit }: { instrumentId: InstrumentId; timeframe: Timeframe; limit: number },
) {
  return source.candles({ instrumentId, price, timeframe, startMs: null, endMs: null, limit }) ?? [];
}

/** What a client that read the ticker every second would put together. */
function folded(quotes: readonly Quote[], price: 'markPrice' | 'indexPrice', lengthMs: number) {
  const candles = new Map<number, number[]>();
  for (const quote of quotes) {
    const openTimeMs = Math.floor(quote.timeMs / lengthMs) * lengthMs;
    candles.set(openTimeMs, [...(candles.get(openTimeMs) ?? []), quote[price]]);
  }
  return [...candles].map(([openTimeMs, prices]) => ({
    openTimeMs,
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1),
    volume: 0,
  }));
}

describe('candles of mark and index price', () => {
  it.each(['demo', 'real', 'recorded'] as const)(
    'are what the quotes of every second make, the open one too, in a %s market',
    (scale) => {
      const source = scale === 'recorded' ? recorded() : market(scale);
      const ids = (scale === 'recorded' ? [0] : [0, 2, 5]).map((index) => idAt(source, index));
      const quotes = new Map<InstrumentId, Quote[]>(ids.map((id) => [id, []]));
      for (let second = 0; second < WALKED_SECONDS; second += 1) {
        source.advance(START_MS + second * 1000);
        for (const id of ids) {
          const quote = source.quote(id);
          if (quote !== null) quotes.get(id)?.push(quote);
        }
      }
      for (const [instrumentId, seen] of quotes) {
        for (const timeframe of ['1m', '15m', '1h'] as const) {
          const mark = folded(seen, 'markPrice', timeframeMs(timeframe));
          const index = folded(seen, 'indexPrice', timeframeMs(timeframe));
          const range = { instrumentId, timeframe, limit: mark.length };
          expect(last(source, 'mark', range)).toEqual(mark);
          expect(last(source, 'index', range)).toEqual(index);
        }
      }
    },
    30_000,
  );

  it('of a day hold those of its hours', () => {
    const source = market('real', START_MS + 5 * HOUR_MS);
    const instrumentId = idAt(source, 1);
    for (const price of ['mark', 'index', 'premium'] as const) {
      const [day] = last(source, price, { instrumentId, timeframe: '1d', limit: 2 });
      const hours = last(source, price, { instrumentId, timeframe: '1h', limit: 72 }).filter(
        (hour) => Math.floor(hour.openTimeMs / (24 * HOUR_MS)) * 24 * HOUR_MS === day?.openTimeMs,
      );
      expect(hours).toHaveLength(24);
      expect(day).toEqual({
        openTimeMs: hours[0]?.openTimeMs,
        open: hours[0]?.open,
        high: Math.max(...hours.map(({ high }) => high)),
        low: Math.min(...hours.map(({ low }) => low)),
        close: hours.at(-1)?.close,
        volume: 0,
      });
    }
  });

  it('are the same whenever the market was started, and others for another seed', () => {
    const endMs = START_MS - HOUR_MS;
    const read = (source: MarketSource) => {
      const range = {
        instrumentId: idAt(source, 0),
        timeframe: '5m',
        startMs: null,
        endMs,
        limit: 50,
      } as const;
      return source.candles({ ...range, price: 'mark' });
    };
    expect(read(market('demo', START_MS + 7 * HOUR_MS))).toEqual(read(market('demo')));
    const other = syntheticMarket({ seed: 12, startMs: START_MS, candleScale: 'demo', instrumentCount: 6 });
    expect(read(other)).not.toEqual(read(market('demo')));
  });
});

describe('candles of the premium', () => {
  it('are the mean last price of five seconds over the index price, less 1, within a tick of each', () => {
    const source = market('real');
    const instrument = source.instruments()[0];
    if (instrument === undefined) throw new Error('No instrument.');
    const tick = instrument.tickSize.toNumber();
    const lasts: number[] = [];
    for (let second = 0; second < 600; second += 1) {
      source.advance(START_MS + second * 1000);
      const quote = source.quote(instrument.id);
      if (quote === null) throw new Error('No quote.');
      lasts.push(quote.lastPrice);
      const inMinute = lasts.slice(-Math.min(5, (second % 60) + 1));
      const mean = inMinute.reduce((sum, each) => sum + each, 0) / inMinute.length;
      const [open] = last(source, 'premium', { instrumentId: instrument.id, timeframe: '1m', limit: 1 });
      const off = Math.abs((open?.close ?? 1) - (mean / quote.indexPrice - 1));
      expect(off).toBeLessThan((0.51 * tick) / quote.indexPrice + 1e-9);
    }
  });

  it('have their extremes inside, to both sides of nothing', () => {
    const source = market('real');
    const candles = last(source, 'premium', { instrumentId: idAt(source, 0), timeframe: '4h', limit: 20 });
    for (const { open, high, low, close } of candles.slice(0, -1)) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(high).toBeGreaterThan(0.00005);
      expect(low).toBeLessThan(-0.00005);
    }
  });
});
