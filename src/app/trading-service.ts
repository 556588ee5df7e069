import { Engine } from '../core/engine/engine.ts';
import type { Command } from '../core/engine/event.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import type { AccountStream } from '../exchange/exchange.ts';
import { MarketWatch } from '../market/market-watch.ts';
import { Scheduler } from '../platform/scheduler.ts';
import { sleep } from '../platform/time.ts';
import { AccountLease } from '../trading/account-lease.ts';
import { AccountSync } from '../trading/account-sync.ts';
import { CloseRecorder } from '../trading/close-recorder.ts';
import { keepClock } from '../trading/exchange-clock.ts';
import { HaltKeeper } from '../trading/halt-keeper.ts';
import { haltOf } from '../trading/halt-latch.ts';
import { IntentJournal } from '../trading/intent-journal.ts';
import type { ModeReading } from '../trading/mode-machine.ts';
import { type ExecutorContext, OrderExecutor } from '../trading/order-executor.ts';
import { OrderGate } from '../trading/order-gate.ts';
import { heldOn } from '../trading/order-look.ts';
import { Reconciler } from '../trading/reconciler.ts';
import { Recorder } from '../trading/recorder.ts';
import { readRecovery, resumeOrders } from '../trading/recovery.ts';
import { StateKeeper } from '../trading/state-keeper.ts';
import { steadyTime } from '../trading/steady-time.ts';
import { type StepObserver, TradingLoop } from '../trading/trading-loop.ts';
import { accountHandlers } from './account-handlers.ts';
import { type Alert, alertThrough } from './alert.ts';
import { type CommandAnswer, CommandAnswers } from './command-answers.ts';
import { feedEvents } from './feed-events.ts';
import { untilDone } from './first-read.ts';
import { heldInstruments, recallState } from './recall-state.ts';
import { BROKEN, ServiceMode } from './service-mode.ts';
import { storageJobs } from './storage-jobs.ts';
import { tradingJobs } from './trading-jobs.ts';
import type { TradingServiceOptions } from './trading-service-options.ts';
import { watchedInstruments } from './watched-instruments.ts';

/** Parts of a shutdown that, with the executor's three seconds, stay below the six a service is given to end. */
const JOBS_WAIT_MS = 1_000;
const STORE_WAIT_MS = 1_500;

/**
 * The trading half of the bots service, whole: market, engine, orders, account, memory. The same object runs
 * live, in the demo, and in one process with the venue under a virtual clock.
 */
export class TradingService {
  readonly engine: Engine;
  readonly market: MarketWatch;
  readonly sync: AccountSync;
  readonly reconciler: Reconciler;
  readonly recorder: Recorder;
  /** The last code before an order leaves. */
  readonly gate: OrderGate;
  private readonly closes: CloseRecorder;
  private readonly options: TradingServiceOptions;
  private readonly loop: TradingLoop;
  private readonly executor: OrderExecutor;
  private readonly keeper: StateKeeper;
  private readonly lease: AccountLease;
  private readonly alert: Alert;
  readonly scheduler: Scheduler;
  /** Whether a person has halted trading, and what came of it. */
  readonly halt: HaltKeeper;
  private readonly standing: ServiceMode;
  private accountStream: AccountStream | null = null;
  private followedVersion = 0;
  private counted = 0;
  private readonly answers = new CommandAnswers();

  constructor(options: TradingServiceOptions) {
    const { exchange, store, time, accountId, latch, report, onBroken } = options;
    this.options = options;
    this.engine = new Engine({
      settings: options.settings.settings,
      settingsVersion: options.settings.version,
    });
    const steady = steadyTime(time, () => (exchange.isTimeKnown() ? exchange.timeMs() : null));
    this.loop = new TradingLoop({
      engine: this.engine,
      time: steady,
      onBroken: (detail) => {
        this.keeper.stop();
        report(`Trading has stopped, a step broke an invariant: ${detail}`);
        onBroken(detail);
      },
    });
    const dispatch = this.loop.dispatch.bind(this.loop);
    this.recorder = new Recorder({ store, time, report });
    this.closes = new CloseRecorder({ engine: this.engine, closes: store.closes, time, report });
    this.alert = alertThrough({ recorder: this.recorder, time, report });
    const onLost = (detail: string): void => this.loseLease(detail);
    this.lease = new AccountLease({ ...options, onLost });
    const { lease } = this;
    const before = () => this.recorder.storeClosed();
    this.keeper = new StateKeeper({ engine: this.engine, store, time, lease, report, before });
    const awaited = () => this.engine.awaited();
    const instrument: ExecutorContext['instrument'] = (id) => this.market.instrument(id);
    this.sync = new AccountSync({ exchange, store, time, dispatch, report, awaited, instrument });
    const journal = new IntentJournal({ store, time, lease, onError: report });
    const settings = () => this.engine.settings().risk;
    this.gate = new OrderGate({ exchange, store, time, accountId, report, settings });
    const { timeframe } = options.settings.settings;
    const watched = { exchange, time: steady, timeframe };
    this.market = new MarketWatch({ ...watched, sink: feedEvents(dispatch) });
    this.executor = new OrderExecutor({
      ...{ exchange, journal, time, dispatch, report, instrument, gate: this.gate },
      halted: () => haltOf(latch),
      held: (id) => heldOn(this.engine.positions(), id),
      persisted: () => this.keeper.persisted(),
      requestSync: () => this.sync.request(),
    });
    this.halt = this.haltKeeper();
    this.reconciler = new Reconciler({
      ...{ engine: this.engine, log: store.differences, time, accountId, report },
      isLeaseLost: () => lease.isLost(),
      requestSync: () => this.sync.request(),
      tell: (row) => this.recorder.addEvent(row),
    });
    const { engine, loop, sync, market } = this;
    const { gate } = this;
    const parts = { exchange, store, time, lease, latch, market, sync, loop, engine, gate };
    this.standing = new ServiceMode({ ...parts, recorder: this.recorder });
    // In the order they write: a closed position before the state that no longer holds it, and an exit's intent
    // before the state, which it does not wait for. An entry waits for both. What a crash takes is done again.
    const writers: readonly StepObserver[] = [this.gate, this.recorder, this.executor, this.keeper];
    for (const observer of [...writers, this.answers, this.closes, this.reconciler])
      this.loop.observe(observer);
    this.loop.observe({ onStep: () => this.followCandles() });
    this.scheduler = new Scheduler({
      time,
      random: options.rng,
      onError: (name, error) => report(`Job ${name} failed: ${String(error)}`),
    });
    const jobs = [...tradingJobs(this.jobParts()), ...storageJobs(store, time)];
    for (const job of jobs) this.scheduler.add(job);
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
    const { store, time, accountId, exchange } = this.options;
    const { settings, instruments, version } = this.options.settings;
    // Before the first step: a machine whose clock is wrong from the beginning would be followed in it.
    await exchange.readTime();
    const { epoch, instance } = await this.lease.take();
    const lease = this.lease.held();
    const isStopping = (): boolean => this.standing.isStopping();
    const snapshot = await recallState({ ...this.options, lease, alert: this.alert, isStopping });
    if (isStopping()) return;
    if (snapshot !== null) this.engine.restore(snapshot);
    this.options.beforeFirstStep?.(this.engine);
    if (snapshot !== null) this.remember(snapshot);
    this.keeper.begin();
    // Before anything can ask for a reading: one that does not go back far enough takes a position whose end it
    // cannot explain for gone.
    const { open, fillsFromMs } = await readRecovery({ store, accountId, nowMs: time.nowMs() }, snapshot);
    this.sync.readFillsFrom(fillsFromMs);
    await this.gate.recall(open);
    await this.reconciler.begin();
    const configure = { kind: 'configure', settings, instruments, version } as const;
    const configured = this.command(configure, 'system', 'start');
    if (!configured.accepted) throw new Error(`The settings cannot be put in force. ${configured.message}`);
    this.loop.dispatch({ kind: 'lease', accountId, epoch, instance });
    this.openAccountStream();
    this.scheduler.start();
    const attempt = { ...this.options, isStopping };
    await untilDone(
      { first: () => this.market.start(), again: () => this.market.refreshUniverse() },
      attempt,
    );
    if (isStopping()) return;
    this.standing.noteUniverse();
    const oneWay = await exchange.setOneWayMode();
    if (oneWay.kind !== 'done') this.options.report('The account could not be put into one-way mode.');
    const instrument = this.market.instrument.bind(this.market);
    resumeOrders(open, { executor: this.executor, instrument, report: this.options.report });
    const read = () => this.readAccount();
    await untilDone({ first: read, again: read }, attempt);
    this.standing.announce();
  }

  private remember(snapshot: EngineSnapshot): void {
    this.market.hold(heldInstruments(this.engine));
    if (!snapshot.trading.autoBot.enabled) return;
    const reason = 'The service was started again; Auto Bot stays off until a person turns it on.';
    this.command({ kind: 'disable-auto-bot' }, 'system', reason);
  }

  /** Hands a person's or the system's command to the engine; gives its answer. */
  command(command: Command, actor: string, reason: string): CommandAnswer {
    if (this.loop.brokenBy() !== null) return { accepted: false, message: BROKEN };
    const halted = command.kind === 'enable-auto-bot' ? haltOf(this.options.latch) : null;
    if (halted !== null) return { accepted: false, message: halted };
    this.counted += 1;
    const commandId = `${this.options.time.nowMs()}-${this.counted}`;
    this.answers.expect(commandId);
    this.loop.dispatch({ kind: 'command', commandId, actor, reason, command });
    return this.loop.brokenBy() === null
      ? this.answers.take(commandId)
      : { accepted: false, message: BROKEN };
  }

  mode(): ModeReading {
    return this.standing.reading();
  }

  /** Reads the latch now instead of within a second. */
  noteHalt(): void {
    this.halt.check();
    this.standing.announce();
  }

  /** Orders whose outcome is being looked up. */
  unresolvedOrders(): number {
    return this.executor.unresolvedCount();
  }

  /** Entries stop, what rests of them is taken back, orders in flight finish, state is saved. Stops stay. */
  async stop(): Promise<void> {
    this.standing.noteStopping();
    const { time } = this.options;
    this.market.stop();
    await this.scheduler.stop(JOBS_WAIT_MS);
    await this.executor.stop();
    this.sync.stop();
    this.accountStream?.close();
    // A store that hangs has taken what it could; a state that cannot be trusted is not saved.
    const saved = Promise.allSettled([this.loop.brokenBy() === null ? this.keeper.persisted() : null]);
    const written = saved.then(() =>
      Promise.all([this.recorder.flush(), this.closes.flush(), this.reconciler.flush()]),
    );
    await Promise.race([written, sleep(time, STORE_WAIT_MS)]);
  }

  /** The account, and whether another process enters on it. */
  private async readAccount(): Promise<boolean> {
    const clock = keepClock(this.options.exchange);
    const read = await Promise.all([this.sync.syncNow('reconcile'), this.lease.look()]);
    await clock;
    return !read.includes(false);
  }

  private jobParts() {
    return {
      refreshUniverse: async () => {
        if (this.standing.universeKnown()) await this.market.refreshUniverse();
      },
      repairCandles: () => this.market.repairOverdue(),
      syncAccount: async () => {
        if (this.standing.universeKnown()) await this.readAccount();
      },
      entryPass: () => this.loop.dispatch({ kind: 'timer', name: 'entry-pass' }),
      protect: () => this.loop.dispatch({ kind: 'timer', name: 'protect' }),
      announceMode: () => this.noteHalt(),
      followPrices: () => this.market.followPrices(watchedInstruments(this.engine)),
    };
  }

  /** After every step that may have changed settings or positions: the engine knows a series exactly as long. */
  private followCandles(): void {
    if (this.engine.tradingVersion === this.followedVersion) return;
    this.followedVersion = this.engine.tradingVersion;
    const held = this.engine.positions().map(({ instrumentId, timeframe }) => ({ instrumentId, timeframe }));
    this.market.followCandles(this.engine.settings().timeframe, held);
  }

  private loseLease(detail: string): void {
    this.alert('trading.lease.lost', `${this.mode().reason} ${detail}`);
    this.standing.announce();
  }

  private haltKeeper(): HaltKeeper {
    return new HaltKeeper({
      ...this.options,
      instrument: (id) => this.market.instrument(id),
      uncertain: () => (this.sync.newest() === null ? null : this.executor.uncertainCount()),
      onHalted: ({ by, reason }) => {
        if (this.engine.autoBot().enabled) this.command({ kind: 'disable-auto-bot' }, by, `Halt. ${reason}`);
      },
      tell: this.alert,
      told: () => this.recorder.flush(),
    });
  }

  private openAccountStream(): void {
    const { executor, sync, lease } = this;
    const onUp = (up: boolean): void => this.standing.noteAccountStream(up);
    this.accountStream = this.options.exchange.streamAccount(
      accountHandlers({ executor, sync, lease, onUp }),
    );
  }
}
