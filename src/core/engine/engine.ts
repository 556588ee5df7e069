import { assert, assertNever } from '../base/assert.ts';
import type { CandleSeries } from '../domain/candle-series.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { heldQuantity } from '../position/holding.ts';
import { applyAccount } from './account.ts';
import { applyCommand } from './commands.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import { entryPass } from './entry-pass.ts';
import type { CandleClosed, EngineEvent, PriceTick } from './event.ts';
import { guardByPrice, guardByRsi } from './exits.ts';
import { explainNow, explainOnce } from './explain.ts';
import { bookFill } from './fills.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { applyMarketEvent } from './market-events.ts';
import { applyOrderUpdate } from './order-updates.ts';
import { protectAll } from './protect.ts';
import {
  type AutoBotView,
  autoBotViewOf,
  botViewsOf,
  positionViewOf,
  type RsiPoint,
  rsiPointsOf,
  scanRowOf,
} from './reads.ts';
import type { TradingSettings } from './settings.ts';
import type { EngineSnapshot, TradingSnapshot } from './snapshot.ts';
import { readSnapshot } from './snapshot-read.ts';
import { writeSnapshot, writeTrading } from './snapshot-write.ts';
import { type EngineState, emptyState, notify } from './state.ts';
import type { BotView, PositionView, ScanRow } from './view.ts';

/** No decisions: shared, so that the common case allocates nothing. */
const NONE: readonly Decision[] = [];

/** What an engine starts from. */
export interface EngineOptions {
  readonly settings: TradingSettings;
  /** Number of the stored version of `settings`; 0 for the defaults. */
  readonly settingsVersion: number;
}

/**
 * The roof of the core: events in, decisions out, and the same events always give the same decisions. It owns
 * all state and updates it in place; what the reads give is a view to be used at once, not kept.
 *
 * Life of a process: `restore` the stored snapshot if there is one, send the `lease`, the instruments and
 * histories, the account, and only then `entries-allowed`. Auto Bot is off until a command turns it on.
 */
export class Engine {
  private state: EngineState;

  constructor({ settings, settingsVersion }: EngineOptions) {
    this.state = emptyState(settings, settingsVersion);
  }

  /** Learns one event. The decisions are in the order they are to be carried out; usually there are none. */
  step(event: EngineEvent): readonly Decision[] {
    this.state.timeMs = event.timeMs;
    if (event.kind === 'candle-closed') return this.closeCandle(event);
    if (event.kind === 'price') return this.tick(event);
    const out: Decision[] = [];
    this.apply(event, out);
    return out;
  }

  /** All state as plain JSON. */
  snapshot(): EngineSnapshot {
    return writeSnapshot(this.state);
  }

  /** What must survive a restart, without the market: store it whenever `tradingVersion` has changed. */
  tradingSnapshot(): TradingSnapshot {
    return writeTrading(this.state);
  }

  /** Replaces all state. Auto Bot is off and entries are not allowed afterwards, whatever they were. */
  restore(snapshot: EngineSnapshot): void {
    const { tradingVersion, scanVersion } = this.state;
    this.state = readSnapshot(snapshot);
    this.state.tradingVersion = tradingVersion + 1;
    this.state.scanVersion = scanVersion + 1;
  }

  /** Changes whenever what `tradingSnapshot` gives has changed in more than readings of the exchange. */
  get tradingVersion(): number {
    return this.state.tradingVersion;
  }

  /** Changes whenever any row of the scan may have changed. */
  get scanVersion(): number {
    return this.state.scanVersion;
  }

  settings(): TradingSettings {
    return this.state.settings;
  }

  /** Null for an instrument not known. */
  instrument(id: InstrumentId): Instrument | null {
    return this.state.markets.get(id)?.instrument ?? null;
  }

  /** Null for an instrument not known. */
  scanRow(id: InstrumentId): ScanRow | null {
    const market = this.state.markets.get(id);
    return market === undefined ? null : scanRowOf(this.state, market);
  }

  /** All instruments, in the order they became known. */
  scanRows(): readonly ScanRow[] {
    return [...this.state.markets.values()].map((market) => scanRowOf(this.state, market));
  }

  /** Instruments whose newest candle signals an entry, in the order they became known. */
  entrySignals(): readonly InstrumentId[] {
    const ids: InstrumentId[] = [];
    for (const market of this.state.markets.values()) {
      const kind = market.atExtreme ? market.signal()?.kind : 'wait';
      if (kind !== undefined && kind !== 'wait') ids.push(market.instrument.id);
    }
    return ids;
  }

  /** Why it would or would not enter at `timeMs`; null for an instrument not known or without a candle. */
  explain(id: InstrumentId, timeMs: number): DecisionRecord | null {
    const market = this.state.markets.get(id);
    return market === undefined ? null : explainNow(this.state, market, timeMs);
  }

  /** Positions of ours, entries on their way included. */
  positions(): readonly PositionView[] {
    return [...this.state.positions.values()].map((position) => positionViewOf(this.state, position));
  }

  /** Positions at the exchange that are not ours, at the last reading. */
  foreignPositions(): readonly ExchangePosition[] {
    return this.state.foreign;
  }

  bots(): readonly BotView[] {
    return botViewsOf(this.state);
  }

  autoBot(): AutoBotView {
    return autoBotViewOf(this.state);
  }

  /** The live series: read it at once, never keep it. Null for an instrument not known. */
  candles(id: InstrumentId): CandleSeries | null {
    return this.state.markets.get(id)?.series ?? null;
  }

  /** Oldest first, at most `limit`; empty for an instrument not known. */
  rsiPoints(id: InstrumentId, limit: number): readonly RsiPoint[] {
    assert(Number.isInteger(limit) && limit > 0, 'At least one RSI point is asked for.');
    const market = this.state.markets.get(id);
    return market === undefined ? [] : rsiPointsOf(market, limit);
  }

  private closeCandle(event: CandleClosed): readonly Decision[] {
    const { state } = this;
    const market = state.markets.get(event.instrumentId);
    if (market === undefined || market.series.timeframe !== event.timeframe) return NONE;
    const wasGap = market.gap;
    const intake = market.append(event.candle);
    if (intake === 'seen') return NONE;
    state.scanVersion += 1;
    if (intake !== 'taken') return wasGap ? NONE : [refusedCandle(event, intake)];
    const held = state.positions.size > 0 && state.positions.has(event.instrumentId);
    return held || market.atExtreme ? this.decideOnCandle(event, market) : NONE;
  }

  private decideOnCandle(event: CandleClosed, market: InstrumentMarket): readonly Decision[] {
    const { state } = this;
    const out: Decision[] = [];
    const record = market.atExtreme ? explainNow(state, market, event.timeMs) : null;
    if (record !== null && record.signal.kind !== 'wait') explainOnce(market, record, out);
    const position = state.positions.get(event.instrumentId);
    if (position !== undefined) guardByRsi(state, position, market, out);
    return out.length === 0 ? NONE : out;
  }

  private tick(event: PriceTick): readonly Decision[] {
    const { state } = this;
    const market = state.markets.get(event.instrumentId);
    if (market === undefined || !(event.lastPrice > 0 && event.markPrice > 0)) return NONE;
    market.lastPrice = event.lastPrice;
    market.priceMs = event.timeMs;
    market.markPrice = event.markPrice;
    market.turnover24h = event.turnover24h;
    state.scanVersion += 1;
    const position = state.positions.size === 0 ? undefined : state.positions.get(event.instrumentId);
    if (position === undefined || heldQuantity(position.holding).isZero()) return NONE;
    const out: Decision[] = [];
    guardByPrice(state, position, event, out);
    return out.length === 0 ? NONE : out;
  }

  private apply(event: Exclude<EngineEvent, CandleClosed | PriceTick>, out: Decision[]): void {
    const { state } = this;
    switch (event.kind) {
      case 'order-update':
        applyOrderUpdate(state, event, out);
        return;
      case 'fill':
        bookFill(state, event.fill, out);
        return;
      case 'account-snapshot':
        applyAccount(state, event, out);
        return;
      case 'command':
        applyCommand(state, event, out);
        return;
      case 'timer':
        if (event.name === 'entry-pass') entryPass(state, out);
        else protectAll(state, out);
        return;
      case 'candle-history':
      case 'instrument':
      case 'feed-lost':
      case 'feed-restored':
      case 'lease':
      case 'entries-allowed':
        applyMarketEvent(state, event, out);
        return;
      default:
        assertNever(event);
    }
  }
}

function refusedCandle({ instrumentId, candle }: CandleClosed, intake: 'gap' | 'unsound'): Decision {
  const detail = { openTimeMs: candle.openTimeMs };
  const message =
    intake === 'gap'
      ? `Candles of ${instrumentId} are missing; it waits for its history.`
      : `A candle of ${instrumentId} with impossible prices was refused.`;
  const code = intake === 'gap' ? 'engine.candle.gap' : 'engine.candle.unsound';
  return notify('warning', code, { instrumentId, message, detail });
}
