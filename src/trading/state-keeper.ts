import type { Engine } from '../core/engine/engine.ts';
import { SNAPSHOT_VERSION } from '../core/engine/snapshot.ts';
import type { Time } from '../platform/time.ts';
import type { Store } from '../store/store.ts';
import type { StepObserver } from './trading-loop.ts';

/**
 * Saves the engine's trading state after every step that changed it, one write at a time, the newest
 * state winning. `persisted` is what an entry waits for before it is sent.
 */
export class StateKeeper implements StepObserver {
  private readonly engine: Engine;
  private readonly store: Store;
  private readonly time: Time;
  private readonly accountId: string;
  private readonly report: (message: string) => void;
  private savedVersion: number;
  private saving: Promise<void> | null = null;

  constructor(options: {
    engine: Engine;
    store: Store;
    time: Time;
    accountId: string;
    report: (message: string) => void;
  }) {
    this.engine = options.engine;
    this.store = options.store;
    this.time = options.time;
    this.accountId = options.accountId;
    this.report = options.report;
    this.savedVersion = options.engine.tradingVersion;
  }

  onStep(): void {
    if (this.engine.tradingVersion === this.savedVersion) return;
    this.persisted().catch((error: unknown) => {
      this.report(`The trading state could not be saved: ${String(error)}`);
    });
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

  private async save(): Promise<void> {
    const version = this.engine.tradingVersion;
    const trading = this.engine.tradingSnapshot();
    const state = JSON.stringify({ version: SNAPSHOT_VERSION, trading, market: null });
    await this.store.saveTradingState(this.accountId, state, this.time.nowMs());
    this.savedVersion = version;
  }
}
