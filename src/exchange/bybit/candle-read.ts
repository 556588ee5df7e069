import { err, ok, type Result } from '../../core/base/result.ts';
import { candleFault } from '../../core/domain/candle.ts';
import { known, type Reading } from '../../core/domain/reading.ts';
import { type Timeframe, timeframeMs } from '../../core/domain/timeframe.ts';
import type { CandleQuery, ServedCandle } from '../exchange.ts';
import { CELLS, candlePageFrom } from './candle-page.ts';
import { scanCandlePage } from './candle-scan.ts';
import type { ReadContext } from './market-reads.ts';
import { queryText } from './query.ts';

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
  const call = { path: CANDLES_PATH, query, signed: false, requestClass: 'scan' } as const;
  const reading = await client.read({ ...call, scan: scanCandlePage });
  if (reading.kind === 'unknown') return reading;
  const page = candlePageFrom(reading.value);
  if (!page.ok) return client.badAnswer(`${CANDLES_PATH}: result.${page.error}`);
  const { symbol, cells } = page.value;
  if (symbol !== instrument.exchangeSymbol) {
    return client.badAnswer(`${CANDLES_PATH}: result.symbol: ${symbol} was not asked for`);
  }
  const candles = soundCandles(context, cells, {
    firstMs: startMs,
    lastMs,
    lengthMs,
    asOfMs: reading.asOfMs,
  });
  if (!candles.ok) return client.badAnswer(`${CANDLES_PATH}: result.list${candles.error}`);
  return known(candles.value, reading.asOfMs, CANDLES_PATH);
}

/** A start off the timeframe's grid spoils the page; a candle that contradicts itself is left out and counted. */
function soundCandles(
  { counters }: ReadContext,
  cells: Float64Array,
  window: Window,
): Result<readonly ServedCandle[], string> {
  const { firstMs, lastMs, lengthMs } = window;
  const sound: ServedCandle[] = [];
  // The exchange lists the newest first.
  for (let at = cells.length - CELLS; at >= 0; at -= CELLS) {
    const candle = candleAt(cells, at, window);
    const { openTimeMs } = candle;
    if (openTimeMs <= 0 || openTimeMs % lengthMs !== 0) return err(`.${at / CELLS}: not a candle`);
    if (openTimeMs < firstMs || openTimeMs > lastMs) continue;
    if (candleFault(candle) === null) sound.push(candle);
    else counters.add('candle-unsound');
  }
  if (sound.length === 0 && cells.length > 0) return err(': no sound candle of the window in it');
  return ok(ascending(sound));
}

function candleAt(cells: Float64Array, at: number, { lengthMs, asOfMs }: Window): ServedCandle {
  const openTimeMs = cells[at] ?? Number.NaN;
  return {
    openTimeMs,
    closed: openTimeMs + lengthMs <= asOfMs,
    open: cells[at + 1] ?? Number.NaN,
    high: cells[at + 2] ?? Number.NaN,
    low: cells[at + 3] ?? Number.NaN,
    close: cells[at + 4] ?? Number.NaN,
    volume: cells[at + 5] ?? Number.NaN,
  };
}

/** Last listed first as they come. Of two candles of one open time the later listed stays. */
function ascending(candles: readonly ServedCandle[]): readonly ServedCandle[] {
  if (candles.every(({ openTimeMs }, at) => at === 0 || isAfter(openTimeMs, candles[at - 1]))) return candles;
  const sorted = candles.toSorted((a, b) => a.openTimeMs - b.openTimeMs);
  return sorted.filter(({ openTimeMs }, at) => at === 0 || isAfter(openTimeMs, sorted[at - 1]));
}

function isAfter(openTimeMs: number, before: ServedCandle | undefined): boolean {
  return before === undefined || openTimeMs > before.openTimeMs;
}
