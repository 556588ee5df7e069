import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { Time } from '../platform/time.ts';
import type { DecisionRow, EventRow, Store } from '../store/store.ts';
import type { TradeRow } from '../store/trade-row.ts';
import { decisionRowOf, eventRowOf, tradeRowOf } from './rows.ts';
import type { StepObserver } from './trading-loop.ts';

/** Rows wait this long to share a commit: a close of all instruments is stored within 100 ms, in a few commits. */
const FLUSH_MS = 30;
/** What could not be stored is tried again after this: a full disk is not asked with every price. */
const RETRY_MS = 1_000;
/** More rows waiting than this and the oldest decisions are dropped and counted: explanations never stop trading. */
const WAITING_MAX = 50_000;

/**
 * Stores what the engine explains: decisions, notices, closed positions. Closed positions are written at
 * once and until the store has them, the rest in batches. A store that fails is reported; trading goes on.
 */
export class Recorder implements StepObserver {
  private readonly store: Store;
  private readonly time: Time;
  private readonly report: (message: string) => void;
  private decisions: DecisionRow[] = [];
  private events: EventRow[] = [];
  /** Closed positions the store does not have for certain. */
  private readonly trades = new Map<string, TradeRow>();
  private flushing: Promise<void> | null = null;
  private scheduled = false;
  private dropped = 0;
  private storedEvents = 0;

  constructor(options: { store: Store; time: Time; report: (message: string) => void }) {
    this.store = options.store;
    this.time = options.time;
    this.report = options.report;
  }

  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'explain') this.decisions.push(decisionRowOf(decision.record));
      else if (decision.kind === 'notify') this.events.push(eventRowOf(decision, event.timeMs));
      else if (decision.kind === 'position-closed') this.addTrade(decision);
    }
    if (this.decisions.length + this.events.length > 0) this.schedule();
  }

  /** An event of the shell itself. */
  addEvent(row: EventRow): void {
    this.events.push(row);
    this.schedule();
  }

  /** Decisions dropped because the store could not keep up. */
  droppedCount(): number {
    return this.dropped;
  }

  /** Events stored since start: who shows them reads the store when this grows. */
  storedEventCount(): number {
    return this.storedEvents;
  }

  /**
   * Resolves when every position closed so far is in the store; rejects when the store fails. Adding one twice is a
   * no-op, so one that may be there already is simply added again.
   */
  async storeClosed(): Promise<void> {
    for (const row of [...this.trades.values()]) {
      await this.store.addTrade(row).catch((error: unknown) => {
        this.report(`Closed position ${row.tradeId} could not be stored: ${String(error)}`);
        throw error;
      });
      this.trades.delete(row.tradeId);
    }
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    if (this.flushing !== null) await this.flushing;
    this.flushing = this.writeWaiting().finally(() => {
      this.flushing = null;
    });
    await this.flushing;
  }

  private addTrade(decision: Extract<Decision, { kind: 'position-closed' }>): void {
    const row = tradeRowOf(decision.closed);
    this.trades.set(row.tradeId, row);
    this.storeClosed().catch(() => this.schedule(RETRY_MS));
  }

  private schedule(delayMs = FLUSH_MS): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.time.after(delayMs, () => {
      this.scheduled = false;
      void this.flush();
    });
  }

  private async writeWaiting(): Promise<void> {
    await this.storeClosed().catch(() => this.schedule(RETRY_MS));
    const decisions = this.decisions;
    const events = this.events;
    this.decisions = [];
    this.events = [];
    try {
      if (events.length > 0) await this.store.addEvents(events);
      this.storedEvents += events.length;
    } catch (error) {
      this.report(`Events could not be stored: ${String(error)}`);
      this.events = events.concat(this.events).slice(-WAITING_MAX);
      this.schedule(RETRY_MS);
    }
    try {
      if (decisions.length > 0) await this.store.addDecisions(decisions);
    } catch (error) {
      this.report(`Decisions could not be stored: ${String(error)}`);
      this.keepDecisions(decisions);
    }
  }

  private keepDecisions(failed: readonly DecisionRow[]): void {
    const waiting = failed.concat(this.decisions);
    this.dropped += Math.max(0, waiting.length - WAITING_MAX);
    this.decisions = waiting.slice(-WAITING_MAX);
    this.schedule(RETRY_MS);
  }
}
