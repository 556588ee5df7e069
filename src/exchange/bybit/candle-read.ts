import { err, ok, type Result } from '../../core/base/result.ts';
import { candleFault } from '../../core/domain/candle.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import { type Timeframe, timeframeMs } from '../../core/domain/timeframe.ts';
import type { CandleQuery, ServedCandle } from '../exchange.ts';
import type { ReadContext } from './market-reads.ts';
import { queryText } from './query.ts';
import { candlePage, PLAIN_NUMBER, parse } from './schema.ts';

/** The exchange's names of candle lengths. */
export const INTERVALS: Readonly<Record<Timeframe, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': 'D',
};

const CANDLES_PATH = '/v5/market/kline';
const CANDLES_MAX = 1000;

interface Window {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lengthMs: number;
  /** Time of the answer: what had ended by then is closed. */
  readonly asOfMs: number;
}

/**
 * Candles of a window, ascending, unique by open time, sound. A window of more than 1,000 is cut to its first
 * 1,000. `closed` is told by the exchange's own time in the answer. Empty when the instrument had none.
 */
export async function readCandles(
  context: ReadContext,
  { instrument, timeframe, startMs, endMs }: CandleQuery,
): Promise<Reading<readonly ServedCandle[]>> {
  const { client } = context;
  const lengthMs = timeframeMs(timeframe);
  const lastMs = Math.min(endMs, startMs + (CANDLES_MAX - 1) * lengthMs);
  const query = queryText({
    category: 'linear',
    symbol: instrument.exchangeSymbol,
    interval: INTERVALS[timeframe],
    start: String(startMs),
    end: String(lastMs),
    limit: String(CANDLES_MAX),
  });
  const reading = await client.read({ path: CANDLES_PATH, query, signed: false, requestClass: 'scan' });
  if (reading.kind === 'unknown') return reading;
  const page = parse(candlePage, reading.value);
  if (!page.ok) return client.badAnswer(`${CANDLES_PATH}: result.${page.error}`);
  const { symbol, list } = page.value;
  if (symbol !== instrument.exchangeSymbol) {
    return client.badAnswer(`${CANDLES_PATH}: result.symbol: ${symbol} was not asked for`);
  }
  const candles = soundCandles(context, list, { firstMs: startMs, lastMs, lengthMs, asOfMs: reading.asOfMs });
  if (!candles.ok) return client.badAnswer(`${CANDLES_PATH}: result.list${candles.error}`);
  return known(candles.value, reading.asOfMs, CANDLES_PATH);
}

/** One row that is no candle spoils the list; a candle that contradicts itself is left out and counted. */
function soundCandles(
  { counters }: ReadContext,
  rows: readonly unknown[],
  { firstMs, lastMs, lengthMs, asOfMs }: Window,
): Result<readonly ServedCandle[], string> {
  const byTime = new Map<number, ServedCandle>();
  for (const [index, row] of rows.entries()) {
    const candle = candleFromRow(row, lengthMs, asOfMs);
    if (candle === null) return err(`.${index}: not a candle`);
    if (candle.openTimeMs < firstMs || candle.openTimeMs > lastMs) continue;
    if (candleFault(candle) === null) byTime.set(candle.openTimeMs, candle);
    else counters.add('candle-unsound');
  }
  if (byTime.size === 0 && rows.length > 0) return err(': no sound candle of the window in it');
  return ok([...byTime.values()].sort((a, b) => a.openTimeMs - b.openTimeMs));
}

/** `[start, open, high, low, close, volume, turnover]`, all text. */
const ROW_LENGTH_MIN = 6;

/**
 * Written by hand: a cold start reads 175,000 rows, and a schema per row would cost more than all the rest.
 * Null for anything but numbers and a start on the timeframe's grid.
 */
function candleFromRow(row: unknown, lengthMs: number, asOfMs: number): ServedCandle | null {
  if (!Array.isArray(row) || row.length < ROW_LENGTH_MIN) return null;
  for (let i = 0; i < ROW_LENGTH_MIN; i += 1) {
    const text: unknown = row[i];
    if (typeof text !== 'string' || !PLAIN_NUMBER.test(text)) return null;
  }
  const openTimeMs = Number(row[0]);
  if (openTimeMs <= 0 || openTimeMs % lengthMs !== 0) return null;
  return {
    openTimeMs,
    closed: openTimeMs + lengthMs <= asOfMs,
    open: Number(row[1]),
    high: Number(row[2]),
    low: Number(row[3]),
    close: Number(row[4]),
    volume: Number(row[5]),
  };
}
