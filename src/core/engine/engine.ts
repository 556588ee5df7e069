import { assert } from '../base/assert.ts';
import type { CandleSeries } from '../domain/candle-series.ts';
import type { Comparison } from '../domain/difference.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { ExchangePosition } from '../domain/position.ts';
import { heldQuantity } from '../position/holding.ts';
import { applyEvent } from './apply-event.ts';
import { type AwaitedOfAccount, awaitedOf } from './awaited.ts';
import { captureOf, type EngineCapture } from './capture.ts';
import {
  type AccountAtClose,
  accountAtClose,
  type InstrumentFacts,
  indicatorsOf,
  instrumentFacts,
} from './close-record.ts';
import { closestToEntry, type NearEntry } from './closest.ts';
import { decideOnCandle, NO_DECISIONS, refusedCandle } from './decide-on-candle.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import type { CandleClosed, EngineEvent, PriceTick } from './event.ts';
import { explainNow } from './explain.ts';
import { guardByPrice } from './guard.ts';
import type { IndicatorsAtClose } from './indicators-at-close.ts';
import { settingsOf } from './own-settings.ts';
import { isQuiet, type PriceStretch } from './quiet.ts';
import {
  type AutoBotView,
  autoBotViewOf,
  botViewsOf,
  positionViewOf,
  type RsiPoint,
  rsiPointsOf,
  scanRowOf,
} from './reads.ts';
import { type RecordedStretch, takeStretch } from './recorded-stretch.ts';
import { type RiskView, riskViewOf } from './risk-view.ts';
import type { TradingSettings } from './settings.ts';
import type { EngineSnapshot, TradingSnapshot } from './snapshot.ts';
import { readSnapshot } from './snapshot-read.ts';
import { writeSnapshot, writeTrading } from './snapshot-write.ts';
import { type EngineState, emptyState, type IgnoredPosition, marketsOf, slotsUsed } from './state.ts';
import { stopObstacle } from './stop-obstacle.ts';
import { type FrozenInstrument, frozenInstruments } from './surprise.ts';
import type { Surprises } from './surprise-memory.ts';
import { tendLadders } from './tend-ladder.ts';
import type { BotView, PositionView, ScanRow } from './view.ts';

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
    applyEvent(this.state, event, out);
    return tendLadders(this.state, out);
  }

  /** Takes recorded candles in one go. The decisions are those on the newest. */
  advance(stretch: RecordedStretch): readonly Decision[] {
    this.state.timeMs = stretch.timeMs;
    return takeStretch(this.state, stretch);
  }

  /** True when nothing would be decided on a position of ours at any price of a stretch. */
  isQuiet(stretch: PriceStretch): boolean {
    return isQuiet(this.state, stretch);
  }

  /** True when no position more may be entered. */
  get slotsTaken(): boolean {
    const { positions, settings } = this.state;
    const { positionsMax } = settings.risk;
    return positions.size >= positionsMax || slotsUsed(this.state) >= positionsMax;
  }

  /** All state as plain JSON. */
  snapshot(): EngineSnapshot {
    return writeSnapshot(this.state);
  }

  /** What must survive a restart, without the market: store it whenever `tradingVersion` has changed. */
  tradingSnapshot(): TradingSnapshot {
    return writeTrading(this.state);
  }

  /** The same to go on from in the next step, so quickly made that a running engine may be asked. */
  capture(): EngineCapture {
    return captureOf(this.state);
  }

  /** Replaces all state. Auto Bot is off and entries are not allowed afterwards, whatever they were. */
  restore(snapshot: EngineSnapshot): void {
    const { tradingVersion, scanVersion } = this.state;
    this.state = readSnapshot(snapshot);
    this.state.tradingVersion = tradingVersion + 1;
    this.state.scanVersion = scanVersion + 1;
  }

  /** Changes whenever what `tradingSnapshot` gives has changed in more than readings of the exchange and best prices. */
  get tradingVersion(): number {
    return this.state.tradingVersion;
  }

  /** Changes whenever any row of the scan may have changed. */
  get scanVersion(): number {
    return this.state.scanVersion;
  }

  /** Those of all instruments; with an id, those that hold for it. */
  settings(id?: InstrumentId): TradingSettings {
    return id === undefined ? this.state.settings : settingsOf(this.state, id);
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

  /** Instruments whose newest candle signals an entry, in the order they became known; `among` limits who is asked. */
  entrySignals(among: readonly InstrumentId[] | null = null): readonly InstrumentId[] {
    const ids: InstrumentId[] = [];
    for (const market of marketsOf(this.state, among)) {
      const kind = market.scan.atExtreme ? market.scan.signal()?.kind : 'wait';
      if (kind !== undefined && kind !== 'wait') ids.push(market.instrument.id);
    }
    return ids;
  }

  /** Why it would or would not enter at `timeMs`; null for an instrument not known or without a candle. */
  explain(id: InstrumentId, timeMs: number): DecisionRecord | null {
    const market = this.state.markets.get(id);
    return market === undefined ? null : explainNow(this.state, market, timeMs);
  }

  /** What is known of each instrument without asking a filter, in the order they became known. */
  instrumentFacts(): readonly InstrumentFacts[] {
    return instrumentFacts(this.state);
  }

  /** What its indicators say of a close; null for an instrument not known, or when its next candle has come. */
  indicators(id: InstrumentId, closeTimeMs: number): IndicatorsAtClose | null {
    return indicatorsOf(this.state, id, closeTimeMs);
  }

  /** Switch, slots and money: what a close is recorded with. */
  accountAtClose(): AccountAtClose {
    return accountAtClose(this.state);
  }

  /** The instruments nearest to an entry signal, nearest first, with all that would stand against an entry. */
  closestToEntry(limit: number, timeMs: number): readonly NearEntry[] {
    return closestToEntry(this.state, { limit, timeMs });
  }

  /** Positions of ours, entries on their way included. */
  positions(): readonly PositionView[] {
    return [...this.state.positions.values()].map((position) => positionViewOf(this.state, position));
  }

  /** Positions at the exchange that are not ours, at the last reading. */
  foreignPositions(): readonly ExchangePosition[] {
    return this.state.foreign;
  }

  /** What the newest reading of the account differed in; null before the first. */
  get compared(): Comparison | null {
    return this.state.compared;
  }

  /** Who wants to hear no more of the foreign position on an instrument, when and why; null: nobody said so. */
  ignored(id: InstrumentId): Pick<IgnoredPosition, 'actor' | 'timeMs' | 'reason'> | null {
    return this.state.ignored.get(id) ?? null;
  }

  /** Limits with what stands against them, and what stops keep back. */
  risk(): RiskView {
    return riskViewOf(this.state);
  }

  /** Why stops keep all entries back, a sentence; null: they do not. */
  get stopObstacle(): string | null {
    return stopObstacle(this.state)?.detail ?? null;
  }

  /** Orders that came as a surprise, and where nothing is entered for want of certainty about an order. */
  unaccounted(): { readonly surprises: Surprises; readonly frozen: readonly FrozenInstrument[] } {
    return { surprises: this.state.surprises, frozen: frozenInstruments(this.state) };
  }

  /** What the next reading of the account must look for. */
  awaited(): AwaitedOfAccount {
    return awaitedOf(this.state);
  }

  bots(): readonly BotView[] {
    return botViewsOf(this.state);
  }

  autoBot(): AutoBotView {
    return autoBotViewOf(this.state);
  }

  /** The live scanned series: read it at once, never keep it. Null for an instrument not known. */
  candles(id: InstrumentId): CandleSeries | null {
    return this.state.markets.get(id)?.scan.candles ?? null;
  }

  /** Oldest first, at most `limit`; empty for an instrument not known. */
  rsiPoints(id: InstrumentId, limit: number): readonly RsiPoint[] {
    assert(Number.isInteger(limit) && limit > 0, 'At least one RSI point is asked for.');
    const market = this.state.markets.get(id);
    return market === undefined ? [] : rsiPointsOf(market.scan, limit);
  }

  private closeCandle(event: CandleClosed): readonly Decision[] {
    const { state } = this;
    const market = state.markets.get(event.instrumentId);
    const series = market?.on(event.timeframe) ?? null;
    if (market === undefined || series === null) return NO_DECISIONS;
    const wasGap = series.gap;
    const intake = series.append(event.candle);
    if (intake === 'seen') return NO_DECISIONS;
    state.scanVersion += 1;
    if (intake !== 'taken') {
      if (wasGap) return NO_DECISIONS;
      series.noteFault(event.timeMs);
      return [refusedCandle(event, intake)];
    }
    return decideOnCandle(state, market, series);
  }

  private tick(event: PriceTick): readonly Decision[] {
    const { state } = this;
    const market = state.markets.get(event.instrumentId);
    if (market === undefined || !(event.lastPrice > 0 && event.markPrice > 0)) return NO_DECISIONS;
    market.lastPrice = event.lastPrice;
    market.priceMs = event.timeMs;
    market.markPrice = event.markPrice;
    market.turnover24h = event.turnover24h;
    market.bidPrice = event.bidPrice;
    market.askPrice = event.askPrice;
    market.fundingRate = event.fundingRate;
    if (event.bidPrice !== null) state.quotesGiven = true;
    if (event.fundingRate !== null) state.fundingGiven = true;
    state.scanVersion += 1;
    const position = state.positions.size === 0 ? undefined : state.positions.get(event.instrumentId);
    if (position === undefined || heldQuantity(position.holding).isZero()) return NO_DECISIONS;
    const out: Decision[] = [];
    guardByPrice(state, position, event, out);
    return out.length === 0 ? NO_DECISIONS : tendLadders(state, out);
  }
}
