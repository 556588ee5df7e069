import type { Rng } from '../core/base/rng.ts';
import { Engine } from '../core/engine/engine.ts';
import type { Command } from '../core/engine/event.ts';
import type { TradingSettings } from '../core/engine/settings.ts';
import type { EngineSnapshot } from '../core/engine/snapshot.ts';
import type { AccountStream, Exchange } from '../exchange/exchange.ts';
import { MarketWatch } from '../market/market-watch.ts';
import type { JobState } from '../platform/scheduled-job.ts';
import { Scheduler } from '../platform/scheduler.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import { AccountSync } from '../trading/account-sync.ts';
import { IntentJournal } from '../trading/intent-journal.ts';
import { OrderExecutor } from '../trading/order-executor.ts';
import { Recorder } from '../trading/recorder.ts';
import { type Recovery, readRecovery, resumeOrders } from '../trading/recovery.ts';
import { StateKeeper } from '../trading/state-keeper.ts';
import { type StepObserver, TradingLoop } from '../trading/trading-loop.ts';
import { type ModeReading, readMode } from '../trading/trading-mode.ts';
import { type CommandAnswer, CommandAnswers } from './command-answers.ts';
import { feedEvents } from './feed-events.ts';
import { parseRemembered } from './remembered-state.ts';
import { tradingJobs } from './trading-jobs.ts';
import { watchedInstruments } from './watched-instruments.ts';

/** Pause between two attempts to read the exchange for the first time. */
const FIRST_READ_RETRY_MS = 2_000;
/** Parts of a shutdown that, with the executor's three seconds, stay below the six a service is given to end. */
const JOBS_WAIT_MS = 1_000;
const STORE_WAIT_MS = 1_500;
const BROKEN = 'Trading has stopped: a step broke an invariant. The service has to be started again.';

export interface TradingServiceOptions {
  readonly exchange: Exchange;
  readonly store: Store;
  readonly time: Time;
  readonly rng: Rng;
  readonly accountId: string;
  /** Settings to use; they are already stored. */
  readonly settings: { readonly version: number; readonly settings: TradingSettings };
  readonly report: (message: string) => void;
  /** A broken invariant has stopped trading for good: end the process, the next start recovers. */
  readonly onBroken: (detail: string) => void;
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
    const { exchange, store, time, accountId, report, onBroken } = options;
    this.options = options;
    this.engine = new Engine({
      settings: options.settings.settings,
      settingsVersion: options.settings.version,
    });
    this.loop = new TradingLoop({
      engine: this.engine,
      time,
      onBroken: (detail) => {
        this.keeper.stop();
        report(`Trading has stopped, a step broke an invariant: ${detail}`);
        onBroken(detail);
      },
    });
    const dispatch = this.loop.dispatch.bind(this.loop);
    this.recorder = new Recorder({ store, time, report });
    const before = () => this.recorder.storeClosed();
    this.keeper = new StateKeeper({ engine: this.engine, store, time, accountId, report, before });
    this.sync = new AccountSync({ exchange, store, time, dispatch, report });
    const journal = new IntentJournal({ store, time, accountId, onError: report });
    this.market = new MarketWatch({
      exchange,
      time,
      sink: feedEvents(dispatch),
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
    // In the order they write: a closed position before the state that no longer holds it, and an exit's intent
    // before the state, which it does not wait for. An entry waits for both. What a crash takes is done again.
    for (const observer of [this.recorder, this.executor, this.keeper, this.answers]) {
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
    const snapshot = remembered === null ? null : parseRemembered(remembered);
    if (snapshot !== null) this.remember(snapshot);
    // Before anything can ask for a reading: one that does not go back far enough takes a position whose end it
    // cannot explain for gone.
    const { open, fillsFromMs } = await readRecovery({ store, accountId, nowMs: time.nowMs() }, snapshot);
    this.sync.readFillsFrom(fillsFromMs);
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
    if (this.stopping) return;
    this.universeKnown = true;
    const oneWay = await exchange.setOneWayMode();
    if (oneWay.kind !== 'done') this.options.report('The account could not be put into one-way mode.');
    this.resume(open, snapshot !== null);
    await this.untilDone(
      () => this.sync.syncNow('reconcile'),
      () => this.sync.syncNow('reconcile'),
    );
    this.announceMode();
  }

  /** Orders an earlier process left open are looked up. */
  private resume(open: Recovery['open'], stateKnown: boolean): void {
    const { report } = this.options;
    const instrument = this.market.instrument.bind(this.market);
    resumeOrders(open, { executor: this.executor, instrument, report });
    if (stateKnown || open.length === 0) return;
    report(
      `${open.length} orders are open but no trading state is stored: what they fill counts as foreign.`,
    );
  }

  private remember(snapshot: EngineSnapshot): void {
    this.engine.restore(snapshot);
    if (!snapshot.trading.autoBot.enabled) return;
    const reason = 'The service was started again; Auto Bot stays off until a person turns it on.';
    this.command({ kind: 'disable-auto-bot' }, 'system', reason);
  }

  /** Hands a person's or the system's command to the engine; gives its answer. */
  command(command: Command, actor: string, reason: string): CommandAnswer {
    if (this.loop.brokenBy() !== null) return { accepted: false, message: BROKEN };
    this.counted += 1;
    const commandId = `${this.options.time.nowMs()}-${this.counted}`;
    this.answers.expect(commandId);
    this.loop.dispatch({ kind: 'command', commandId, actor, reason, command });
    if (command.kind === 'configure') this.market.changeTimeframe(command.settings.timeframe);
    return this.loop.brokenBy() === null
      ? this.answers.take(commandId)
      : { accepted: false, message: BROKEN };
  }

  mode(): ModeReading {
    if (this.loop.brokenBy() !== null) return { mode: 'halted', reason: BROKEN };
    return readMode({
      leaseTaken: this.leaseTaken,
      universeKnown: this.universeKnown,
      accountAgeMs: this.sync.ageMs(),
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
    const { time } = this.options;
    this.market.stop();
    await this.scheduler.stop(JOBS_WAIT_MS);
    await this.executor.stop();
    this.sync.stop();
    this.accountStream?.close();
    // A store that hangs has taken what it could; a state that cannot be trusted is not saved.
    const saved = Promise.allSettled([this.loop.brokenBy() === null ? this.keeper.persisted() : null]);
    await Promise.race([saved.then(() => this.recorder.flush()), sleep(time, STORE_WAIT_MS)]);
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
      onFill: (fill) => {
        this.sync.onFill(fill);
        this.sync.request();
      },
      onAccountChanged: () => this.sync.request(),
      onState: (state) => {
        if (state.kind === 'silent') return;
        this.accountStreamUp = state.kind === 'up';
        if (this.accountStreamUp) this.sync.request();
        this.announceMode();
      },
    });
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
