import type { Engine } from '../core/engine/engine.ts';
import { SNAPSHOT_VERSION } from '../core/engine/snapshot.ts';
import { sleep, type Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import type { AccountLease } from './account-lease.ts';
import type { StepObserver } from './trading-loop.ts';

/** A save that failed is tried again after this: a full disk is not written to with every price. */
const RETRY_MS = 1_000;

/**
 * Saves the engine's trading state after every step that changed it, one write at a time, the newest
 * state winning. `persisted` is what an entry waits for before it is sent. Once another process has taken the
 * account nothing is saved any more: the state that stands is the other's.
 */
export class StateKeeper implements StepObserver {
  private readonly engine: Engine;
  private readonly store: Store;
  private readonly time: Time;
  private readonly lease: AccountLease;
  private readonly report: (message: string) => void;
  private readonly before: () => Promise<void>;
  private savedVersion: number;
  private saving: Promise<void> | null = null;
  private following = false;
  private begun = false;
  private stopped = false;

  constructor(options: {
    engine: Engine;
    store: Store;
    time: Time;
    lease: AccountLease;
    report: (message: string) => void;
    /** What must be durable before a state that no longer holds it is. */
    before: () => Promise<void>;
  }) {
    this.engine = options.engine;
    this.store = options.store;
    this.time = options.time;
    this.lease = options.lease;
    this.report = options.report;
    this.before = options.before;
    this.savedVersion = options.engine.tradingVersion;
  }

  /** Saves from here on: what was stored is loaded now, and what comes before that must not replace it. */
  begin(): void {
    this.begun = true;
    this.onStep();
  }

  onStep(): void {
    if (!this.begun || this.following || this.engine.tradingVersion === this.savedVersion) return;
    this.following = true;
    void this.follow();
  }

  /** Saves nothing from here on: what the engine holds cannot be trusted. */
  stop(): void {
    this.stopped = true;
  }

  /** Resolves when every step so far is durable; rejects when the store fails. */
  async persisted(): Promise<void> {
    const wanted = this.engine.tradingVersion;
    while (this.savedVersion < wanted) {
      this.saving ??= this.save().finally(() => {
        this.saving = null;
      });
      await this.saving;
    }
  }

  /** Saves until nothing is left to save, however often the store fails. */
  private async follow(): Promise<void> {
    while (!this.stopped && this.engine.tradingVersion !== this.savedVersion) {
      try {
        await this.persisted();
      } catch (error) {
        if (this.stopped) break;
        this.report(`The trading state could not be saved: ${String(error)}`);
        await sleep(this.time, RETRY_MS);
      }
    }
    this.following = false;
  }

  private async save(): Promise<void> {
    if (!this.begun) throw new Error('What was stored is not loaded yet.');
    if (this.stopped) throw new Error('The trading state is not saved any more.');
    const version = this.engine.tradingVersion;
    const trading = this.engine.tradingSnapshot();
    const state = JSON.stringify({ version: SNAPSHOT_VERSION, trading, market: null });
    await this.before();
    try {
      await this.store.saveTradingState(this.lease.held(), state, this.time.nowMs());
    } catch (error) {
      if (this.lease.isLossOf(error)) this.stop();
      throw error;
    }
    this.savedVersion = version;
  }
}
