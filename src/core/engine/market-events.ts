import { assert, assertNever } from '../base/assert.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { Decision } from './decision.ts';
import type {
  CandleHistory,
  EntriesAllowed,
  FeedLost,
  FeedRestored,
  InstrumentChanged,
  LeaseTaken,
} from './event.ts';
import { guardByCandle } from './guard.ts';
import { followSeriesOf } from './held-series.ts';
import { InstrumentMarket } from './instrument-market.ts';
import type { OpenPosition } from './open-position.ts';
import { settingsOf } from './own-settings.ts';
import { type EngineState, notify, touchTrading } from './state.ts';
import type { StreamedSeries } from './streamed-series.ts';
import { endLadder } from './tend-ladder.ts';

/** What tells the engine about its surroundings: market reference, feed, lease, permission. */
type SurroundingsEvent =
  | CandleHistory
  | InstrumentChanged
  | FeedLost
  | FeedRestored
  | LeaseTaken
  | EntriesAllowed;

/** Learns what surrounds trading. Rows of the scan may change with any of it. */
export function applyMarketEvent(state: EngineState, event: SurroundingsEvent, out: Decision[]): void {
  state.scanVersion += 1;
  switch (event.kind) {
    case 'candle-history':
      takeHistory(state, event, out);
      return;
    case 'instrument':
      takeInstrument(state, event, out);
      return;
    case 'feed-lost':
      loseFeed(state, event, out);
      return;
    case 'feed-restored':
      restoreFeed(state, event);
      return;
    case 'lease':
      takeLease(state, event);
      return;
    case 'entries-allowed':
      permitEntries(state, event, out);
      return;
    default:
      assertNever(event);
  }
}

function permitEntries(
  state: EngineState,
  { allowed, reason, final = false, leaseLost = false, halted = false, timeMs }: EntriesAllowed,
  out: Decision[],
): void {
  const { entriesAllowed } = state;
  const sinceMs = entriesAllowed.allowed === allowed ? entriesAllowed.sinceMs : timeMs;
  state.entriesAllowed = { allowed, reason, sinceMs, leaseLost };
  if (!(final || halted) || leaseLost) return;
  for (const ladder of state.ladders.values()) {
    if (ladder.ending === null) endLadder(state, ladder, halted ? 'halted' : 'not-ready', out);
  }
}

/** A newest candle that came this way instead of by the stream is decided on all the same, once. */
function takeHistory(state: EngineState, event: CandleHistory, out: Decision[]): void {
  const { instrumentId, timeframe, candles } = event;
  const series = state.markets.get(instrumentId)?.on(timeframe) ?? null;
  if (series === null) return;
  const before = series.candles.lastOpenTimeMs;
  if (series.replace(candles)) {
    const position = state.positions.get(instrumentId);
    const advanced = series.candles.lastOpenTimeMs !== before;
    if (position !== undefined && advanced) guardByCandle(state, position, series, out);
    return;
  }
  series.noteFault(event.timeMs);
  const message = `A candle history of ${instrumentId} with faults or gaps was refused.`;
  const detail = { candles: candles.length };
  out.push(notify('warning', 'engine.candle.unsound', { instrumentId, message, detail }));
}

function takeInstrument(state: EngineState, { instrument }: InstrumentChanged, out: Decision[]): void {
  const { id } = instrument;
  const { timeframe, signal } = settingsOf(state, id);
  const market = state.markets.get(id);
  const traded = market === undefined || isTraded(market.instrument);
  if (market === undefined) {
    state.markets.set(id, new InstrumentMarket(instrument, timeframe, signal));
    followSeriesOf(state, id);
  } else market.instrument = instrument;
  if (!traded || isTraded(instrument) || !state.positions.has(id)) return;
  const message = `${id} leaves the exchange while a position of ours is open on it.`;
  const detail = { status: instrument.status, deliveryTimeMs: instrument.deliveryTimeMs };
  out.push(notify('critical', 'engine.position.delisting', { instrumentId: id, message, detail }));
}

function isTraded({ status, deliveryTimeMs }: InstrumentChanged['instrument']): boolean {
  return status === 'trading' && deliveryTimeMs === null;
}

/** A loss is told of once where a position's RSI exit is decided on what is lost: until it is back, the exit waits. */
function loseFeed(state: EngineState, { instrumentId, timeframe, reason }: FeedLost, out: Decision[]): void {
  const allLost = state.feedLost !== null;
  if (instrumentId === null) {
    state.feedLost = reason;
    if (!allLost) for (const position of state.positions.values()) tellWaiting(position, reason, out);
    return;
  }
  const position = state.positions.get(instrumentId);
  for (const series of seriesOf(state, instrumentId, timeframe)) {
    const known = allLost || series.feedLost !== null;
    series.feedLost = reason;
    if (!known && position?.entry.timeframe === series.timeframe) tellWaiting(position, reason, out);
  }
}

function tellWaiting({ instrumentId, entry }: OpenPosition, reason: string, out: Decision[]): void {
  const { timeframe } = entry;
  const message = `The RSI exit of ${instrumentId} waits for its ${timeframe} candles: ${reason}.`;
  const detail = { timeframe, reason };
  out.push(notify('warning', 'engine.position.rsi-exit-waits', { instrumentId, message, detail }));
}

/** The whole feed coming back brings every series back; one that stays silent is reported anew. */
function restoreFeed(state: EngineState, { instrumentId, timeframe }: FeedRestored): void {
  if (instrumentId === null) state.feedLost = null;
  const ids = instrumentId === null ? state.markets.keys() : [instrumentId];
  for (const id of ids) for (const series of seriesOf(state, id, timeframe)) series.feedLost = null;
}

/** The series followed of an instrument, of one timeframe or all. */
function seriesOf(
  state: EngineState,
  id: InstrumentId,
  timeframe: Timeframe | null,
): readonly StreamedSeries[] {
  const market = state.markets.get(id);
  if (market === undefined) return [];
  const followed = market.held === null ? [market.scan] : [market.scan, market.held];
  return timeframe === null ? followed : followed.filter((series) => series.timeframe === timeframe);
}

/** A higher epoch counts its intents from one; the same epoch taken again goes on counting. */
function takeLease(state: EngineState, { accountId, epoch, instance }: LeaseTaken): void {
  const { lease } = state;
  const same = lease !== null && lease.accountId === accountId;
  assert(!same || epoch >= lease.epoch, 'The epoch of an account never falls.');
  const again = same && lease.epoch === epoch;
  if (again && lease.instance === instance) return;
  if (lease !== null && !same) state.dayStart = null;
  const intentNumber = again ? lease.intentNumber : 1;
  state.lease = { accountId, epoch, intentNumber, ...(instance === undefined ? {} : { instance }) };
  touchTrading(state);
}
