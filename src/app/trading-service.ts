import type { Rng } from '../core/base/rng.ts';
import { parseInstrumentId } from '../core/domain/instrument.ts';
import { parseClientOrderId } from '../core/domain/order.ts';
import { Engine } from '../core/engine/engine.ts';
import type { Command } from '../core/engine/event.ts';
import type { TradingSettings } from '../core/engine/settings.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import type { AccountStream, Exchange } from '../exchange/exchange.ts';
import type { FeedSink } from '../market/feed-sink.ts';
import { MarketWatch } from '../market/market-watch.ts';
import type { JobState } from '../platform/scheduled-job.ts';
import { Scheduler } from '../platform/scheduler.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { AccountSync } from '../trading/account-sync.ts';
import { IntentJournal } from '../trading/intent-journal.ts';
import { OrderExecutor } from '../trading/order-executor.ts';
import { Recorder } from '../trading/recorder.ts';
import { StateKeeper } from '../trading/state-keeper.ts';
import { type StepObserver, TradingLoop } from '../trading/trading-loop.ts';
import { type ModeReading, readMode } from '../trading/trading-mode.ts';
import { type CommandAnswer, CommandAnswers } from './command-answers.ts';
import { parseRemembered } from './remembered-state.ts';
import { tradingJobs } from './trading-jobs.ts';
import { watchedInstruments } from './watched-instruments.ts';

/** Pause between two attempts to read the exchange for the first time. */
const FIRST_READ_RETRY_MS = 2_000;

export interface TradingServiceOptions {
  readonly exchange: Exchange;
  readonly store: Store;
  readonly time: Time;
  readonly rng: Rng;
  readonly accountId: string;
  /** Settings to use; they are already stored. */
  readonly settings: { readonly version: number; readonly settings: TradingSettings };
  readonly report: (message: string) => void;
}

/**
 * The trading half of the bots service, whole: market, engine, orders, account, memory. The same object runs
 * live, in the demo, and in one process with the venue under a virtual clock.
 */
export class TradingService {
  readonly engine: Engine;
  readonly market: MarketWatch;
  readonly sync: AccountSync;
  readonly recorder: Recorder;
  private readonly options: TradingServiceOptions;
  private readonly loop: TradingLoop;
  private readonly executor: OrderExecutor;
  private readonly keeper: StateKeeper;
  private readonly scheduler: Scheduler;
  private accountStream: AccountStream | null = null;
  private accountStreamUp = false;
  private leaseTaken = false;
  private universeKnown = false;
  private stopping = false;
  private announced: ModeReading | null = null;
  private counted = 0;
  private readonly answers = new CommandAnswers();

  constructor(options: TradingServiceOptions) {
    const { exchange, store, time, accountId, report } = options;
    this.options = options;
    this.engine = new Engine({
      settings: options.settings.settings,
      settingsVersion: options.settings.version,
    });
    this.loop = new TradingLoop({ engine: this.engine, time });
    const dispatch = this.loop.dispatch.bind(this.loop);
    this.keeper = new StateKeeper({ engine: this.engine, store, time, accountId, report });
    this.recorder = new Recorder({ store, time, report });
    this.sync = new AccountSync({ exchange, store, time, dispatch, report });
    const journal = new IntentJournal({ store, time, accountId, onError: report });
    this.market = new MarketWatch({
      exchange,
      time,
      sink: feedSink(dispatch),
      timeframe: options.settings.settings.timeframe,
    });
    this.executor = new OrderExecutor({
      exchange,
      journal,
      time,
      dispatch,
      report,
      instrument: (id) => this.market.instrument(id),
      persisted: () => this.keeper.persisted(),
      requestSync: () => this.sync.request(),
    });
    // The keeper first: by the time the executor acts, the step's state is on its way to the disk.
    for (const observer of [this.keeper, this.recorder, this.executor, this.answers]) {
      this.loop.observe(observer);
    }
    this.scheduler = new Scheduler({
      time,
      random: options.rng,
      onError: (name, error) => report(`Job ${name} failed: ${String(error)}`),
    });
    for (const job of tradingJobs(this.jobParts())) this.scheduler.add(job);
  }

  /** Sees every step after the service's own observers. Join before `start`. */
  observe(observer: StepObserver): void {
    this.loop.observe(observer);
  }

  /**
   * Recovery is the only start: lease, what we remember, then the exchange, which wins. Resolves when the
   * first complete reading is in; keeps trying until `stop`.
   */
  async start(): Promise<void> {
    const { store, time, accountId, exchange, settings } = this.options;
    const epoch = await store.takeEpoch(accountId, time.nowMs());
    const remembered = await store.loadTradingState(accountId);
    if (remembered !== null) this.remember(parseRemembered(remembered));
    this.command(
      { kind: 'configure', settings: settings.settings, version: settings.version },
      'system',
      'start',
    );
    this.loop.dispatch({ kind: 'lease', accountId, epoch });
    this.leaseTaken = true;
    this.openAccountStream();
    this.scheduler.start();
    await this.untilDone(
      () => this.market.start(),
      () => this.market.refreshUniverse(),
    );
    this.universeKnown = true;
    const oneWay = await exchange.setOneWayMode();
    if (oneWay.kind !== 'done') this.options.report('The account could not be put into one-way mode.');
    await this.resumeIntents();
    this.sync.readFillsFrom(await this.oldestUnknownMs());
    await this.untilDone(
      () => this.sync.syncNow('reconcile'),
      () => this.sync.syncNow('reconcile'),
    );
    this.announceMode();
  }

  private remember(snapshot: EngineSnapshot): void {
    this.engine.restore(snapshot);
    if (!snapshot.trading.autoBot.enabled) return;
    const reason = 'The service was started again; Auto Bot stays off until a person turns it on.';
    this.command({ kind: 'disable-auto-bot' }, 'system', reason);
  }

  /** Hands a person's or the system's command to the engine; gives its answer. */
  command(command: Command, actor: string, reason: string): CommandAnswer {
    this.counted += 1;
    const commandId = `${this.options.time.nowMs()}-${this.counted}`;
    this.answers.expect(commandId);
    this.loop.dispatch({ kind: 'command', commandId, actor, reason, command });
    if (command.kind === 'configure') this.market.changeTimeframe(command.settings.timeframe);
    return this.answers.take(commandId);
  }

  mode(): ModeReading {
    const newest = this.sync.newest();
    const nowMs = this.options.time.nowMs();
    return readMode({
      leaseTaken: this.leaseTaken,
      universeKnown: this.universeKnown,
      accountAgeMs: newest === null ? null : nowMs - newest.asOfMs,
      accountStreamUp: this.accountStreamUp,
      marketStreamUp: this.market.health().streamUp,
      bannedUntilMs: this.options.exchange.rateUsage().bannedUntilMs,
      stopping: this.stopping,
    });
  }

  workers(): readonly JobState[] {
    return this.scheduler.states();
  }

  /** Orders whose outcome is being looked up. */
  unresolvedOrders(): number {
    return this.executor.unresolvedCount();
  }

  /** Entries stop, orders in flight finish, state is saved. Stops stay at the exchange. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.announceMode();
    await this.scheduler.stop();
    await this.executor.stop();
    this.sync.stop();
    this.market.stop();
    this.accountStream?.close();
    await this.keeper.persisted();
    await this.recorder.flush();
  }

  private jobParts() {
    const { store, time } = this.options;
    return {
      refreshUniverse: async () => {
        if (this.universeKnown) await this.market.refreshUniverse();
      },
      repairCandles: () => this.market.repairOverdue(),
      syncAccount: async () => {
        if (this.universeKnown) await this.sync.syncNow('reconcile');
      },
      entryPass: () => this.loop.dispatch({ kind: 'timer', name: 'entry-pass' }),
      protect: () => this.loop.dispatch({ kind: 'timer', name: 'protect' }),
      announceMode: () => this.announceMode(),
      followPrices: () => this.market.followPrices(watchedInstruments(this.engine)),
      prune: async (keepMs: { decisions: number; events: number }) => {
        const nowMs = time.nowMs();
        await store.prune({ decisionsMs: nowMs - keepMs.decisions, eventsMs: nowMs - keepMs.events });
      },
    };
  }

  private announceMode(): void {
    const reading = this.mode();
    const same = this.announced?.mode === reading.mode && this.announced.reason === reading.reason;
    if (same) return;
    this.announced = reading;
    this.loop.dispatch({
      kind: 'entries-allowed',
      allowed: reading.mode === 'ready',
      reason: reading.reason,
    });
  }

  private openAccountStream(): void {
    this.accountStream = this.options.exchange.streamAccount({
      onOrder: (order) => this.executor.onOrder(order),
      onFill: (fill) => void this.sync.onFill(fill).then(() => this.sync.request()),
      onAccountChanged: () => this.sync.request(),
      onState: (state) => {
        if (state.kind === 'silent') return;
        this.accountStreamUp = state.kind === 'up';
        if (this.accountStreamUp) this.sync.request();
        this.announceMode();
      },
    });
  }

  /** From when on fills may be missing: the newest stored fill, or an older order whose end is not known. */
  private async oldestUnknownMs(): Promise<number> {
    const { store, time, accountId } = this.options;
    const newestFillMs = (await store.lastFillMs()) ?? time.nowMs();
    const open = (await store.openIntents()).filter((intent) => intent.accountId === accountId);
    return Math.min(newestFillMs, ...open.map((intent) => intent.createdMs));
  }

  private async resumeIntents(): Promise<void> {
    for (const intent of await this.options.store.openIntents()) {
      const clientOrderId = parseClientOrderId(intent.clientOrderId);
      const instrumentId = parseInstrumentId(intent.instrumentId);
      const instrument = instrumentId === null ? null : this.market.instrument(instrumentId);
      if (clientOrderId === null || instrument === null || intent.accountId !== this.options.accountId)
        continue;
      this.executor.resume({ instrument, clientOrderId, sentMs: intent.updatedMs });
    }
  }

  private async untilDone(first: () => Promise<boolean>, again: () => Promise<boolean>): Promise<void> {
    let done = await first();
    while (!done && !this.stopping) {
      this.options.report('The exchange could not be read; trying again.');
      await sleep(this.options.time, FIRST_READ_RETRY_MS);
      done = await again();
    }
  }
}

function feedSink(dispatch: TradingLoop['dispatch']): FeedSink {
  return {
    instrument: (instrument) => dispatch({ kind: 'instrument', instrument }),
    candleHistory: (instrumentId, timeframe, candles) =>
      dispatch({ kind: 'candle-history', instrumentId, timeframe, candles }),
    candleClosed: (instrumentId, timeframe, candle) =>
      dispatch({ kind: 'candle-closed', instrumentId, timeframe, candle }),
    price: ({ instrumentId, lastPrice, markPrice, turnover24h }) =>
      dispatch({ kind: 'price', instrumentId, lastPrice, markPrice, turnover24h }),
    feedLost: (instrumentId, reason) => dispatch({ kind: 'feed-lost', instrumentId, reason }),
    feedRestored: (instrumentId) => dispatch({ kind: 'feed-restored', instrumentId }),
  };
}
