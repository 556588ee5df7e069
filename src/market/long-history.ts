import type { Instrument } from '../core/domain/instrument.ts';
import { known, type Reading } from '../core/domain/reading.ts';
import { type Timeframe, timeframeMs } from '../core/domain/timeframe.ts';
import type { Exchange, ServedCandle } from '../exchange/exchange.ts';

/** Candles of one answer. */
const PAGE_CANDLES = 1_000;
/** Answers of one history: 5,000 candles, more than three years of 6 hours. */
const PAGES_MAX = 5;

/** Closed candles without a hole, oldest first, as columns: row `i` opens at `firstOpenMs + i x timeframe`. */
export interface LongHistory {
  readonly timeframe: Timeframe;
  readonly firstOpenMs: number;
  readonly count: number;
  readonly open: Float64Array;
  readonly close: Float64Array;
}

export interface HistoryQuery {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  /** Open time of the newest candle wanted. */
  readonly untilMs: number;
}

/**
 * Up to 5,000 candles of the past, page by page from the newest one back; it ends where the instrument begins or a
 * candle is missing. Unknown when any page is: a history of which a part could not be read is shorter than it looks.
 */
export async function readLongHistory(
  exchange: Pick<Exchange, 'readCandles'>,
  { instrument, timeframe, untilMs }: HistoryQuery,
): Promise<Reading<LongHistory>> {
  const lengthMs = timeframeMs(timeframe);
  const newestFirst: ServedCandle[] = [];
  let [asOfMs, source] = [0, ''];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const endMs = untilMs - page * PAGE_CANDLES * lengthMs;
    const startMs = Math.max(0, endMs - (PAGE_CANDLES - 1) * lengthMs);
    const reading = await exchange.readCandles({ instrument, timeframe, startMs, endMs });
    if (reading.kind === 'unknown') return reading;
    ({ asOfMs, source } = reading);
    const before = newestFirst.length;
    appendWithoutHole(newestFirst, reading.value, lengthMs);
    if (newestFirst.length - before < PAGE_CANDLES) break;
  }
  return known(columnsOf(newestFirst.reverse(), timeframe), asOfMs, source);
}

/** Takes closed candles from the newest one back, as long as each is the one before. */
function appendWithoutHole(
  newestFirst: ServedCandle[],
  page: readonly ServedCandle[],
  lengthMs: number,
): void {
  for (const candle of page.toReversed()) {
    if (!candle.closed) continue;
    const after = newestFirst.at(-1);
    if (after !== undefined && candle.openTimeMs !== after.openTimeMs - lengthMs) return;
    newestFirst.push(candle);
  }
}

function columnsOf(candles: readonly ServedCandle[], timeframe: Timeframe): LongHistory {
  return {
    timeframe,
    firstOpenMs: candles[0]?.openTimeMs ?? 0,
    count: candles.length,
    open: Float64Array.from(candles, ({ open }) => open),
    close: Float64Array.from(candles, ({ close }) => close),
  };
}
