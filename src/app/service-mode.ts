import type { Engine } from '../core/engine/engine.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { MarketWatch } from '../market/market-watch.ts';
import type { Time } from '../platform/time.ts';
import type { EventRow, Store } from '../store/store.ts';
import type { AccountLease } from '../trading/account-lease.ts';
import type { AccountSync } from '../trading/account-sync.ts';
import { clockFault } from '../trading/exchange-clock.ts';
import { type HaltLatch, haltOf } from '../trading/halt-latch.ts';
import { type ModeChange, ModeMachine, type ModeReading } from '../trading/mode-machine.ts';
import type { OrderGate } from '../trading/order-gate.ts';
import type { Recorder } from '../trading/recorder.ts';
import type { TradingLoop } from '../trading/trading-loop.ts';
import { type Doubt, doubtsOf } from '../trading/trading-mode.ts';

/** What is said wherever a broken invariant is met. */
export const BROKEN = 'Trading has stopped: a step broke an invariant. The service has to be started again.';

/** Whom the mode of the service is read from. */
export interface ServiceModeParts {
  readonly engine: Engine;
  readonly loop: TradingLoop;
  readonly lease: AccountLease;
  readonly sync: AccountSync;
  readonly gate: Pick<OrderGate, 'obstacle'>;
  readonly market: MarketWatch;
  readonly exchange: Exchange;
  readonly store: Store;
  readonly latch: HaltLatch;
  readonly time: Time;
  /** Writes every change of the mode down. */
  readonly recorder: Recorder;
}

/** How the trading service stands, and the word of it to the engine whenever it changes. */
export class ServiceMode {
  private readonly parts: ServiceModeParts;
  private accountStreamUp = false;
  private known = false;
  private ending = false;
  private readonly machine: ModeMachine;
  private announced: ModeReading | null = null;

  constructor(parts: ServiceModeParts) {
    this.parts = parts;
    this.machine = new ModeMachine(parts.time.nowMs(), (change) => parts.recorder.addEvent(eventOf(change)));
  }

  noteUniverse(): void {
    this.known = true;
  }

  noteStopping(): void {
    this.ending = true;
    this.announce();
  }

  noteAccountStream(up: boolean): void {
    this.accountStreamUp = up;
    this.announce();
  }

  universeKnown(): boolean {
    return this.known;
  }

  isStopping(): boolean {
    return this.ending;
  }

  reading(): ModeReading {
    return this.machine.reading(this.doubts());
  }

  /** Tells the engine what has changed since it was told last. */
  announce(): void {
    const { loop, lease, time } = this.parts;
    const doubts = this.doubts();
    this.machine.observe(doubts, { nowMs: time.nowMs(), monotonicMs: time.monotonicMs() });
    const reading = this.machine.reading(doubts);
    const same = this.announced?.mode === reading.mode && this.announced.reason === reading.reason;
    if (same) return;
    this.announced = reading;
    loop.dispatch({
      kind: 'entries-allowed',
      allowed: reading.mode === 'ready',
      reason: reading.reason,
      final: this.ending,
      leaseLost: lease.isLost(),
      ...(reading.mode === 'halted' ? { halted: true } : {}),
    });
  }

  private doubts(): readonly Doubt[] {
    const { engine, loop, lease, sync, market, exchange, store, time, gate } = this.parts;
    if (loop.brokenBy() !== null) return [{ code: 'broken', mode: 'halted', reason: BROKEN }];
    return doubtsOf({
      halted: haltOf(this.parts.latch),
      leaseTaken: lease.isTaken(),
      leaseLost: lease.isLost(),
      ordersAgeMs: lease.lookAgeMs(),
      universeKnown: this.known,
      accountAgeMs: sync.ageMs(),
      accountFault: sync.failure(),
      accountStreamUp: this.accountStreamUp,
      marketStreamUp: market.health().streamUp,
      bannedUntilMs: exchange.rateUsage().bannedUntilMs,
      storeFault: store.fault(),
      gateFault: gate.obstacle(),
      clockFault: clockFault(exchange, time),
      tradingHalt: exchange.tradingHalt(),
      stopObstacle: engine.stopObstacle,
      stopping: this.ending,
    });
  }
}

/** A change of the mode as it is remembered, and shown among events. */
function eventOf({ timeMs, from, to, reason, evidence }: ModeChange): EventRow {
  const isWorse = to === 'reduce-only' || to === 'halted';
  return {
    timeMs,
    severity: isWorse ? 'warning' : 'info',
    code: 'trading.mode.changed',
    instrumentId: null,
    message: `The service is ${to}, it was ${from}: ${reason}`,
    detailJson: JSON.stringify({ from, to, reason, ...evidence }),
  };
}
