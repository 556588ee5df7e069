import type { AutoBotState } from '../api/auto-bot.ts';
import type { CoinList, CoinRow, DecisionView } from '../api/coin.ts';
import type { EventView, PositionList, TradeView } from '../api/position.ts';
import type { Status } from '../api/status.ts';
import type { StreamTopic } from '../api/stream.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { Command, EngineEvent } from '../core/engine/event.ts';
import type { ApiCommand, BotsApi, CommandResult, DecisionRequest, StreamMessage } from '../http/bots-api.ts';
import type { Actor, PageRequest, Rows } from '../http/caller.ts';
import type { FilterWorthApi } from '../http/filter-worth-api.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import type { LedgerKeeper } from '../trading/ledger-keeper.ts';
import { tradeRowOf } from '../trading/rows.ts';
import type { StepObserver } from '../trading/trading-loop.ts';
import { botView, decisionView, eventView, foreignRow, positionRow, tradeView } from './api-views.ts';
import { CoinBoard, findInstrumentId } from './coin-board.ts';
import { commandFor, takesBot } from './command-for.ts';
import { DecisionDesk } from './decision-desk.ts';
import { filterWorthDesk } from './filter-worth-desk.ts';
import { fundedTradesJob } from './funded-trades-job.ts';
import { HaltDesk } from './halt-desk.ts';
import { IntentDesk } from './intent-desk.ts';
import { LedgerDesk } from './ledger-desk.ts';
import { LiveTopics } from './live-topics.ts';
import { OptimalEmaDesk, optimalEmaJob } from './optimal-ema-desk.ts';
import { ReconciliationDesk } from './reconciliation-desk.ts';
import { RiskDesk } from './risk-desk.ts';
import { runWorker } from './run-worker.ts';
import type { SettingsDesk } from './settings-desk.ts';
import type { VersionedSettings } from './settings-history.ts';
import { type StatusParts, statusView } from './status-view.ts';
import { StoredHistory } from './stored-history.ts';
import type { TradingService } from './trading-service.ts';
import { tradingSettings } from './trading-settings.ts';

type Refused = Extract<CommandResult, { ok: false }>;

/** Screens are told of positions this often, of coins and status every second time. */
const REFRESH_MS = 500;

export interface BotsFacadeOptions extends Omit<StatusParts, 'startedMs'> {
  readonly store: Store;
  readonly time: Time;
  readonly ledger: LedgerKeeper;
}

/** The bots service as HTTP sees it: reads of the engine and the store, and commands through the one door. */
export class BotsFacade implements BotsApi, StepObserver {
  readonly settings: SettingsDesk;
  readonly decisionLog: DecisionDesk;
  readonly filterWorth: FilterWorthApi;
  readonly halt: HaltDesk;
  readonly intents: IntentDesk;
  readonly ledger: LedgerDesk;
  readonly optimalEma: OptimalEmaDesk;
  readonly reconciliation: ReconciliationDesk;
  readonly risk: RiskDesk;
  private readonly options: BotsFacadeOptions;
  private readonly trading: TradingService;
  private readonly board: CoinBoard;
  private readonly history: StoredHistory;
  private readonly topics = new LiveTopics();
  private readonly startedMs: number;
  private publishedEvents = 0;
  private refreshes = 0;
  private stopped = false;

  constructor(options: BotsFacadeOptions & { readonly current: VersionedSettings }) {
    this.options = options;
    this.trading = options.trading;
    const desks = tradingSettings(options);
    this.settings = desks.settings;
    this.optimalEma = new OptimalEmaDesk(options.trading, desks.optimalEma);
    options.trading.scheduler.add(optimalEmaJob(desks.optimalEma));
    this.filterWorth = filterWorthDesk(options);
    this.ledger = new LedgerDesk(options);
    this.reconciliation = new ReconciliationDesk(options);
    this.risk = new RiskDesk({ ...options, ledger: this.ledger });
    this.halt = new HaltDesk(options);
    this.startedMs = options.time.nowMs();
    this.board = new CoinBoard(options);
    this.history = new StoredHistory(options.store);
    this.decisionLog = new DecisionDesk(options);
    this.intents = new IntentDesk(options);
    options.trading.observe(this);
    options.trading.scheduler.add(
      fundedTradesJob(options.store, (trade) => this.topics.publish('trades', trade)),
    );
    this.refreshLater();
  }

  onStep(_sequence: number, _event: EngineEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'explain') this.topics.publish('decisions', decisionView(decision.record));
      else if (decision.kind === 'position-closed') {
        this.topics.publish(
          'trades',
          tradeView({ ...tradeRowOf(decision.closed), funding: null, pnl: null }),
        );
      }
    }
  }

  status(): Status {
    return statusView({ ...this.options, startedMs: this.startedMs }, this.options.time.nowMs());
  }

  ready(): { readonly ready: boolean; readonly reason: string } {
    const mode = this.trading.mode();
    return { ready: mode.mode === 'ready', reason: mode.reason };
  }

  coinsVersion(): number {
    this.freshenCoins();
    return this.board.version();
  }

  coins(): CoinList {
    this.freshenCoins();
    return this.board.list();
  }

  coin(symbol: string): CoinRow | null {
    const id = findInstrumentId(this.trading, symbol);
    const row = id === null ? null : this.trading.engine.scanRow(id);
    return row === null ? null : this.board.rowOf(row);
  }

  candles(symbol: string, limit: number): ReturnType<BotsApi['candles']> {
    const id = findInstrumentId(this.trading, symbol);
    if (id === null) return null;
    const candles = this.trading.engine.candles(id)?.toCandles().slice(-limit) ?? [];
    return { symbol: id, timeframe: this.trading.engine.settings().timeframe, candles: [...candles] };
  }

  rsi(symbol: string, limit: number): ReturnType<BotsApi['rsi']> {
    const id = findInstrumentId(this.trading, symbol);
    if (id === null) return null;
    const settings = this.trading.engine.settings(id);
    return {
      symbol: id,
      timeframe: settings.timeframe,
      length: settings.signal.rsiLength,
      points: [...this.trading.engine.rsiPoints(id, limit)],
    };
  }

  async decision(symbol: string, historyLimit: number): ReturnType<BotsApi['decision']> {
    const id = findInstrumentId(this.trading, symbol);
    if (id === null) return null;
    const timeMs = this.options.time.nowMs();
    const now = this.trading.engine.explain(id, timeMs);
    if (now === null) return null;
    const indicators = this.trading.engine.indicators(id, timeMs);
    return { now: decisionView(now), indicators, ...(await this.history.ofInstrument(id, historyLimit)) };
  }

  bots(): ReturnType<BotsApi['bots']> {
    return this.trading.engine.bots().map(botView);
  }

  positions(): PositionList {
    const { engine, sync } = this.trading;
    return {
      asOfMs: sync.newest()?.asOfMs ?? null,
      rows: engine.positions().map(positionRow),
      foreign: engine.foreignPositions().map((row) => foreignRow(row, engine.ignored(row.instrumentId))),
    };
  }

  trades(page: PageRequest): Promise<Rows<TradeView> | null> {
    return this.history.trades(page);
  }

  events(page: PageRequest): Promise<Rows<EventView> | null> {
    return this.history.events(page);
  }

  decisions(page: DecisionRequest): Promise<Rows<DecisionView> | null> {
    const { symbol } = page;
    if (symbol === null) return this.history.decisions(page, null);
    // One that is no longer listed may still have its decisions, under its full name.
    const instrumentId = findInstrumentId(this.trading, symbol) ?? symbol.toUpperCase();
    return this.history.decisions(page, instrumentId);
  }

  autoBot(): AutoBotState {
    const state = this.trading.engine.autoBot();
    return { ...state, changed: state.changed === null ? null : { ...state.changed } };
  }

  config(): ReturnType<BotsApi['config']> {
    return { version: this.settings.version(), config: this.trading.engine.settings() };
  }

  async command(command: ApiCommand, actor: Actor, reason: string): Promise<CommandResult> {
    const resolved = await this.resolve(command);
    if ('ok' in resolved) return resolved;
    const run = () => this.trading.command(resolved, actor.name, reason);
    // A bot with settings of its own must fit those below it, so it comes in turn with changes of them.
    const answer = resolved.kind === 'create-bot' ? await this.settings.inTurn(run) : run();
    this.refresh();
    if (answer.accepted) return { ok: true, message: answer.message };
    return { ok: false, kind: 'conflict', code: 'command.refused', detail: answer.message };
  }

  workers(): ReturnType<BotsApi['workers']> {
    return this.trading.scheduler.states();
  }

  runWorker(name: string, actor: Actor, reason: string): ReturnType<BotsApi['runWorker']> {
    return runWorker(this.options, { name, actor, reason });
  }

  subscribe(topics: readonly StreamTopic[], listener: (message: StreamMessage) => void): () => void {
    for (const topic of topics) {
      const value = this.current(topic);
      if (value !== null) listener({ topic, json: JSON.stringify(value) });
    }
    return this.topics.subscribe(topics, listener);
  }

  stop(): void {
    this.stopped = true;
  }

  /** State topics begin with their state; the others are streams of what happens from now on. */
  private current(topic: StreamTopic): unknown {
    if (topic === 'coins') return this.coins();
    if (topic === 'positions') return this.positions();
    if (topic === 'auto-bot') return this.autoBot();
    return topic === 'status' ? this.status() : null;
  }

  private async resolve(command: ApiCommand): Promise<Command | Refused> {
    if (command.kind === 'enable-auto-bot' || command.kind === 'disable-auto-bot') return command;
    const { engine, sync } = this.trading;
    const instrumentId = findInstrumentId(this.trading, command.symbol);
    const instrument = instrumentId === null ? null : engine.instrument(instrumentId);
    if (instrument === null) {
      const detail = `There is no coin ${command.symbol} here; GET /api/coins lists those there are.`;
      return { ok: false, kind: 'not-found', code: 'coin.unknown', detail };
    }
    const { id } = instrument;
    if (takesBot(command) && !engine.bots().some((bot) => bot.instrumentId === id)) {
      const detail = `There is no bot named ${id}.`;
      return { ok: false, kind: 'not-found', code: 'bot.unknown', detail };
    }
    if (command.kind !== 'adopt-position') return commandFor(command, id);
    const ground = await sync.readForAdoption(instrument);
    if (!ground.ok) return { ok: false, kind: 'conflict', code: 'command.refused', detail: ground.error };
    return { kind: command.kind, instrumentId: id, ...ground.value };
  }

  private refreshLater(): void {
    this.options.time.after(REFRESH_MS, () => {
      if (this.stopped) return;
      this.refresh();
      void this.publishStored().finally(() => this.refreshLater());
    });
  }

  /** The rows are rebuilt for who listens, by the timer; while nobody does, for who asks. */
  private freshenCoins(): void {
    if (!this.topics.isHeard('coins')) this.board.refreshWhenOlder(REFRESH_MS);
  }

  private refresh(): void {
    this.refreshes += 1;
    this.topics.publishChange('positions', this.positions());
    this.topics.publishChange('auto-bot', this.autoBot());
    if (this.refreshes % 2 === 0) return;
    const coins = this.topics.isHeard('coins') ? this.board.refresh() : null;
    if (coins !== null) this.topics.publish('coins', coins);
    this.topics.publish('status', this.status());
  }

  /** Events are shown once they are stored, with the number they are stored under. */
  private async publishStored(): Promise<void> {
    const stored = this.trading.recorder.storedEventCount();
    const fresh = stored - this.publishedEvents;
    if (fresh === 0) return;
    this.publishedEvents = stored;
    const { rows } = await this.options.store.listEvents({ limit: Math.min(fresh, 500), cursor: null });
    for (const row of [...rows].reverse()) this.topics.publish('events', eventView(row));
  }
}
