import type { Instrument } from '../core/domain/instrument.ts';
import type { ApprovedEntry, ApprovedOrder } from '../core/domain/order.ts';
import type { SendableOrder } from '../core/domain/sendable-order.ts';
import type { Refusal } from '../core/domain/verdict.ts';
import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import { type EntryFacts, entryRefusal } from '../core/risk/gate-entry.ts';
import { exitRefusal } from '../core/risk/gate-exit.ts';
import { type GateLimits, gateLimits } from '../core/risk/gate-limits.ts';
import type { RiskSettings } from '../core/risk/settings.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Time } from '../platform/time.ts';
import type { IntentRow } from '../store/intent-row.ts';
import type { Store } from '../store/store.ts';
import type { EntryFault, EntryReadings } from './entry-fault.ts';
import { GateBook } from './gate-book.ts';
import { GateClock } from './gate-clock.ts';
import { GateLosses } from './gate-losses.ts';
import { dayOf, GatePace } from './gate-pace.ts';
import { GatePrices } from './gate-prices.ts';
import { type GateRow, gateRows, RefusalTally } from './gate-standing.ts';
import { GateWaits } from './gate-waits.ts';
import type { StepObserver } from './trading-loop.ts';

const DAY_MS = 86_400_000;

/** What the gate needs from its surroundings. */
export interface GateContext {
  readonly store: Pick<Store, 'equityMarks' | 'intents' | 'listTrades'>;
  readonly exchange: Pick<Exchange, 'readMovements'>;
  readonly time: Time;
  readonly accountId: string;
  /** In force now; the ceilings stand whatever they say. */
  readonly settings: () => RiskSettings;
  readonly report: (message: string) => void;
}

/** What became of an order at the gate. */
export type Passage =
  | { readonly kind: 'refused'; readonly fault: EntryFault }
  | {
      readonly kind: 'admitted';
      readonly sendable: SendableOrder;
      /** Why it was turned back at its last moment; null: it was not. */
      readonly turnedBackBy: () => EntryFault | null;
    };

/** What an order brings to the gate. */
interface Presented {
  readonly instrument: Instrument;
  /** Read for this entry; null for an exit. */
  readonly readings: EntryReadings | null;
  /** Why no entry may leave now whatever it is; null: it may. */
  readonly bar: () => EntryFault | null;
}

/**
 * The last code before the signer. It alone makes an order sendable, and judges each once more by what the exchange told
 * it and by its own counts; of the engine it knows nothing but the settings. An entry is judged again right before its
 * first byte. Where the gate itself fails, entries stay and exits go.
 */
export class OrderGate implements StepObserver {
  private readonly context: GateContext;
  private readonly clock = new GateClock();
  private readonly book = new GateBook();
  private readonly pace = new GatePace();
  private readonly prices = new GatePrices();
  private readonly losses: GateLosses;
  private readonly waits = new GateWaits();
  private readonly refusals = new RefusalTally();
  private accountMs: number | null = null;
  private recalled = false;
  private broken: string | null = null;

  constructor(context: GateContext) {
    this.context = context;
    this.losses = new GateLosses(context);
  }

  /** What earlier processes have sent, lost and left open. Entries wait for it. Rejects with the store's errors. */
  async recall(open: readonly IntentRow[]): Promise<void> {
    const { store, time, accountId } = this.context;
    const nowMs = time.nowMs();
    await this.losses.recall();
    const { rows } = await store.listTrades({ limit: 200, cursor: null });
    this.waits.recall(rows, { nowMs, monotonicMs: time.monotonicMs() });
    this.pace.recall(nowMs, await store.intents.countSince(accountId, dayOf(nowMs) * DAY_MS));
    this.book.recall(open);
    this.recalled = true;
  }

  /** Why no entry would be let through now, for a person; null: nothing that is known. */
  obstacle(): string | null {
    if (this.broken !== null) return `The gate has failed: ${this.broken}`;
    if (this.recalled && this.losses.isKnown()) return null;
    return 'What the account has lost in the last 24 hours is being read.';
  }

  /** Learns from what the engine is told, before anything is decided on it is sent. Never throws. */
  onStep(_sequence: number, event: EngineEvent, decisions: readonly Decision[]): void {
    try {
      this.learn(event);
      const monotonicMs = this.context.time.monotonicMs();
      for (const decision of decisions)
        if (decision.kind === 'position-closed')
          this.waits.onClosed(decision.closed, event.timeMs, monotonicMs);
        else if (decision.kind === 'give-up-order') this.book.onGivenUp(decision.clientOrderId, monotonicMs);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Judges an order and, where nothing speaks against it, makes it one that can be sent. Never throws. */
  admit(order: ApprovedOrder, presented: Presented): Passage {
    const fault = order.kind === 'exit' ? this.exitFault(order) : this.entryFault(order, presented, false);
    if (fault !== null) return { kind: 'refused', fault };
    this.note(order);
    let last: EntryFault | null = null;
    const mayLeave = (): boolean => {
      last = order.kind === 'exit' ? null : this.entryFault(order, presented, true);
      return last === null;
    };
    return { kind: 'admitted', sendable: { order, mayLeave } as SendableOrder, turnedBackBy: () => last };
  }

  /** Every limit, with what stands against it now. */
  standing(): readonly GateRow[] {
    const nowMs = this.clock.nowMs();
    const paces = this.pace.paces(this.context.time.monotonicMs(), nowMs);
    const { losses, book } = this;
    const facts = losses.facts(nowMs);
    const measured = { limits: this.limits(), paces, facts, equity: losses.equity() };
    const exposure = this.accountMs === null ? null : book.exposure(null);
    return gateRows({ ...measured, ...book.largest(), exposure }, this.refusals);
  }

  /** How often each rule has refused an order in this process. */
  refusedCounts(): readonly { readonly code: string; readonly count: number }[] {
    return this.refusals.counts();
  }

  private limits(): GateLimits {
    return gateLimits(this.context.settings());
  }

  private learn(event: EngineEvent): void {
    const monotonicMs = this.context.time.monotonicMs();
    if (event.kind === 'price') {
      const { instrumentId, markPrice } = event;
      this.prices.take(instrumentId, markPrice, monotonicMs, this.context.settings().priceBandPctMax);
    } else if (event.kind === 'order-update') this.book.onUpdate(event, monotonicMs);
    else if (event.kind === 'fill') this.book.onFill(event, monotonicMs);
    else if (event.kind === 'positions-stated') this.book.onStated(event.positions, monotonicMs);
    else if (event.kind === 'account-snapshot') {
      this.book.onAccount(event, monotonicMs);
      this.losses.onAccount(event, this.clock.advance(event.asOfMs, event.timeMs, monotonicMs));
      this.accountMs = monotonicMs;
    }
  }

  private note(order: ApprovedOrder): void {
    try {
      this.pace.note(order, this.context.time.monotonicMs(), this.clock.nowMs());
      if (order.kind === 'entry') this.book.note(order);
    } catch (error) {
      this.fail(error);
    }
  }

  private exitFault(order: Extract<ApprovedOrder, { kind: 'exit' }>): EntryFault | null {
    try {
      const held = this.book.exitGround(order.instrumentId, order.direction, this.context.time.monotonicMs());
      return this.refused(exitRefusal(order, { held }));
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  private entryFault(order: ApprovedEntry, presented: Presented, again: boolean): EntryFault | null {
    try {
      const barred = presented.bar();
      if (barred !== null) return barred;
      const obstacle = this.obstacle();
      if (obstacle !== null) return this.refused(plain('gate.not-ready', obstacle));
      return this.refused(entryRefusal(order, this.facts(order, presented, again)));
    } catch (error) {
      this.fail(error);
      return this.refused(plain('gate.failed', `The gate has failed: ${String(error)}`));
    }
  }

  private facts(order: ApprovedEntry, { instrument, readings }: Presented, again: boolean): EntryFacts {
    const { book, pace, losses, accountMs } = this;
    const monotonicMs = this.context.time.monotonicMs();
    const nowMs = this.clock.nowMs();
    const limits = this.limits();
    const { instrumentId: id, clientOrderId } = order;
    const equity = losses.equity();
    return {
      instrument,
      limits,
      prices: this.prices.facts(id, readings?.ticker ?? null, {
        monotonicMs,
        bandPct: limits.priceBandPctMax,
      }),
      account: equity === null || accountMs === null ? null : { equity, ageMs: monotonicMs - accountMs },
      held: readings?.held ?? book.heldOn(id),
      orderedHere: book.orderedOn(id, clientOrderId),
      exposure: book.exposure(clientOrderId),
      leverage: readings?.leverage ?? null,
      paces: pace.paces(monotonicMs, nowMs, again ? 1 : 0),
      sameAgoMs: again ? null : pace.sameAgoMs(order, monotonicMs),
      loss: losses.facts(nowMs),
      waitMs: this.waits.leftMs(id, monotonicMs, limits.lossWaitMinutes),
    };
  }

  private refused(refusal: Refusal | null): EntryFault | null {
    if (refusal === null) return null;
    this.refusals.note(refusal.code, this.context.time.nowMs());
    return { code: refusal.code, detail: refusal.detail, refusal };
  }

  /** Told once; entries stay until the next start, exits go. */
  private fail(error: unknown): void {
    if (this.broken !== null) return;
    this.broken = error instanceof Error ? error.message : String(error);
    this.context.report(`The gate has failed, no entry is let through until the next start: ${this.broken}`);
  }
}

function plain(code: 'gate.not-ready' | 'gate.failed', detail: string): Refusal {
  return { code, detail, value: null, threshold: null };
}
