import { CANDLES_KEPT_MAX } from '../../core/domain/candle-series.ts';
import type { InstrumentId } from '../../core/domain/instrument.ts';
import { timeframeMs } from '../../core/domain/timeframe.ts';
import { settingsOf } from '../../core/engine/own-settings.ts';
import type { TradingSettings } from '../../core/engine/settings.ts';
import { candlesBeforeEntry } from '../../core/filter/maturity.ts';
import { FLAT_RSI, rsiColumn } from '../../core/indicator/rsi.ts';
import type { SignalSettings } from '../../core/signal/settings.ts';
import type { Span } from '../backtest-request.ts';
import { endMsOf, type PastInstrument, type PastMarket } from '../past-market.ts';

/** What a market is screened by. */
export interface ScreenedMarket {
  readonly market: PastMarket;
  readonly span: Span;
  readonly settings: TradingSettings;
  /** Whole settings of instruments that do something otherwise. */
  readonly own: ReadonlyMap<InstrumentId, TradingSettings>;
}

/** Which instruments signal an entry, close by close. */
export interface SignalSchedule {
  /** Closed candles of the walk, all instruments together. */
  readonly candles: number;
  /** Instruments whose newest candle at that close signals an entry, in the order they are listed. */
  at(closeMs: number): Signals;
}

/** What signals an entry at one close. */
export interface Signals {
  readonly ids: readonly InstrumentId[];
  /** How far beyond its threshold each RSI stands, RSI points: what ranks them. */
  readonly depths: readonly number[];
  /** Where in the lists those stand that have shown candles enough for an entry: the filters veto the others for sure. */
  readonly able: readonly number[];
}

/** None at all: shared, so that quiet closes hold nothing. */
const NONE: Signals = { ids: [], depths: [], able: [] };

interface NotedSignals {
  readonly ids: InstrumentId[];
  readonly depths: number[];
  readonly able: number[];
}

/**
 * Looks through whole columns for candles whose RSI makes them signals by the instrument's settings. RSI is that of the engine to the last bit, from the same first candle on. An instrument whose record
 * ends at an extreme stays there.
 */
export function signalSchedule(screened: ScreenedMarket): SignalSchedule {
  const { market, span } = screened;
  const decidedMs = timeframeMs(market.timeframe);
  const firstCloseMs = Math.floor(span.fromMs / decidedMs + 1) * decidedMs;
  const closes = Math.max(0, Math.floor((span.toMs - firstCloseMs) / decidedMs) + 1);
  const due: (NotedSignals | undefined)[] = Array.from({ length: closes });
  const rows = market.instruments.reduce((most, { decided }) => Math.max(most, decided.count), 0);
  const walked = { ...span, firstCloseMs, closes, decidedMs, due, column: new Float64Array(rows) };
  let candles = 0;
  for (const past of asListed(market, span)) {
    candles += screen(past, settingsOf(screened, past.instrument.id), walked);
  }
  return { candles, at: (closeMs) => due[(closeMs - firstCloseMs) / decidedMs] ?? NONE };
}

/** The instruments of the walk in the order it lists them: as their records begin, and at once by id. */
function asListed({ instruments, recordedTimeframe }: PastMarket, { fromMs, toMs }: Span) {
  const recordedMs = timeframeMs(recordedTimeframe);
  const listedMs = ({ recorded }: PastInstrument): number => Math.max(fromMs, recorded.firstOpenMs);
  return instruments
    .filter(({ recorded }) => endMsOf(recorded, recordedMs) > fromMs && recorded.firstOpenMs < toMs)
    .toSorted((a, b) => listedMs(a) - listedMs(b) || (a.instrument.id < b.instrument.id ? -1 : 1));
}

interface Walked extends Span {
  readonly firstCloseMs: number;
  readonly closes: number;
  readonly decidedMs: number;
  /** By number of the close. */
  readonly due: (NotedSignals | undefined)[];
  /** Room for one column, used again and again. */
  readonly column: Float64Array;
}

/** Notes an instrument at each close it signals at, and gives the number of its candles in the walk. */
function screen(past: PastInstrument, { signal, filter }: TradingSettings, walked: Walked): number {
  const { firstCloseMs, closes, decidedMs, fromMs, due, column } = walked;
  const { id } = past.instrument;
  const { firstOpenMs, count, close } = past.decided;
  /** Number of the close of row 0, negative for history. */
  const offset = (firstOpenMs + decidedMs - firstCloseMs) / decidedMs;
  const known = Math.min(count, Math.max(0, Math.floor((fromMs - firstOpenMs) / decidedMs)));
  const first = Math.max(0, known - CANDLES_KEPT_MAX);
  const rsi = column.subarray(0, count - first);
  rsiColumn({ input: close.subarray(first), length: signal.rsiLength, output: rsi });
  const last = Math.min(count, closes - offset);
  const ableFrom = first + candlesBeforeEntry(filter) - 1;
  let depth = Number.NaN;
  for (let row = Math.max(first, known - 1); row < last; row += 1) {
    depth = depthOf(rsi[row - first] ?? Number.NaN, signal);
    if (depth >= 0 && row >= known) note(due, row + offset, { id, depth, able: row >= ableFrom });
  }
  // After its last candle an instrument stays where it was, and is no longer traded.
  if (depth >= 0) {
    for (let number = Math.max(0, count + offset); number < closes; number += 1)
      note(due, number, { id, depth, able: true });
  }
  return Math.max(0, last - known);
}

function note(
  due: (NotedSignals | undefined)[],
  closeNumber: number,
  { id, depth, able }: { readonly id: InstrumentId; readonly depth: number; readonly able: boolean },
): void {
  const noted = due[closeNumber] ?? { ids: [], depths: [], able: [] };
  due[closeNumber] = noted;
  if (able) noted.able.push(noted.ids.length);
  noted.ids.push(id);
  noted.depths.push(depth);
}

/** How far beyond its threshold RSI stands, as the engine's signal has it; less than 0, or NaN, where it is none. */
function depthOf(rsi: number, { rsiLongMax, rsiShortMin }: SignalSettings): number {
  if (rsi === FLAT_RSI) return Number.NaN;
  return rsi < FLAT_RSI ? rsiLongMax - rsi : rsi - rsiShortMin;
}
