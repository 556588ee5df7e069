import { assert, assertNever } from '../base/assert.ts';
import type { Decision } from './decision.ts';
import type {
  CandleHistory,
  EntriesAllowed,
  FeedLost,
  FeedRestored,
  InstrumentChanged,
  LeaseTaken,
} from './event.ts';
import { InstrumentMarket } from './instrument-market.ts';
import { type EngineState, notify, touchTrading } from './state.ts';

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
      setFeed(state, event, event.reason);
      return;
    case 'feed-restored':
      setFeed(state, event, null);
      return;
    case 'lease':
      takeLease(state, event);
      return;
    case 'entries-allowed':
      state.entriesAllowed = { allowed: event.allowed, reason: event.reason };
      return;
    default:
      assertNever(event);
  }
}

function takeHistory(state: EngineState, event: CandleHistory, out: Decision[]): void {
  const { instrumentId, timeframe, candles } = event;
  const market = state.markets.get(instrumentId);
  if (market === undefined || market.series.timeframe !== timeframe || market.replace(candles)) return;
  const message = `A candle history of ${instrumentId} with faults or gaps was refused.`;
  const detail = { candles: candles.length };
  out.push(notify('warning', 'engine.candle.unsound', { instrumentId, message, detail }));
}

function takeInstrument(state: EngineState, { instrument }: InstrumentChanged, out: Decision[]): void {
  const { id } = instrument;
  const { timeframe, signal } = state.settings;
  const market = state.markets.get(id);
  const traded = market === undefined || isTraded(market.instrument);
  if (market === undefined) state.markets.set(id, new InstrumentMarket(instrument, timeframe, signal));
  else market.instrument = instrument;
  if (!traded || isTraded(instrument) || !state.positions.has(id)) return;
  const message = `${id} leaves the exchange while a position of ours is open on it.`;
  const detail = { status: instrument.status, deliveryTimeMs: instrument.deliveryTimeMs };
  out.push(notify('critical', 'engine.position.delisting', { instrumentId: id, message, detail }));
}

function isTraded({ status, deliveryTimeMs }: InstrumentChanged['instrument']): boolean {
  return status === 'trading' && deliveryTimeMs === null;
}

/** The whole feed coming back brings every instrument back; one that stays silent is reported anew. */
function setFeed(state: EngineState, { instrumentId }: FeedLost | FeedRestored, reason: string | null): void {
  const market = instrumentId === null ? undefined : state.markets.get(instrumentId);
  if (market !== undefined) market.feedLost = reason;
  if (instrumentId !== null) return;
  state.feedLost = reason;
  if (reason === null) for (const known of state.markets.values()) known.feedLost = null;
}

/** A higher epoch counts its intents from one; the same epoch taken again goes on counting. */
function takeLease(state: EngineState, { accountId, epoch }: LeaseTaken): void {
  const { lease } = state;
  const same = lease !== null && lease.accountId === accountId;
  assert(!same || epoch >= lease.epoch, 'The epoch of an account never falls.');
  if (same && lease.epoch === epoch) return;
  state.lease = { accountId, epoch, intentNumber: 1 };
  touchTrading(state);
}
