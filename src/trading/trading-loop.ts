import type { Decision } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { Time } from '../platform/time.ts';

/** An event before the loop has stamped it. */
export type Unstamped<E = EngineEvent> = E extends EngineEvent ? Omit<E, 'timeMs'> : never;

/** Sees every step in order: what went in, what came out. */
export interface StepObserver {
  onStep(sequence: number, event: EngineEvent, decisions: readonly Decision[]): void;
  /** The engine has thrown at this event; no step follows. For those alone who want to show it again. */
  onBrokenStep?(event: EngineEvent, message: string): void;
}

/** More events waiting than this means the loop cannot keep up: a programming error, not load. */
const QUEUE_MAX = 100_000;
/** Of a second, how much passes while the clock stands behind the time that was stamped last. */
const SLOWED_RATE = 0.5;

/**
 * The one place that calls the engine. It stamps events with the clock (never backwards, and never standing still), runs them one
 * at a time, and shows each step to the observers. Events raised by an observer wait their turn.
 *
 * A step that throws is a broken invariant: half of it may have happened, so nothing that follows can be trusted.
 * The loop takes no further event and says so once; the owner ends the process, and the next start recovers from
 * what was durable before that step.
 */
export class TradingLoop {
  readonly engine: Engine;
  private readonly time: Time;
  private readonly observers: StepObserver[] = [];
  private readonly queue: Unstamped[] = [];
  private running = false;
  private sequence = 0;
  private lastTimeMs = 0;
  /** Monotonic time at which `lastTimeMs` was reached. */
  private stampedAtMs = 0;
  private readonly onBroken: (detail: string) => void;
  private broken: string | null = null;

  constructor(options: { engine: Engine; time: Time; onBroken: (detail: string) => void }) {
    this.engine = options.engine;
    this.time = options.time;
    this.onBroken = options.onBroken;
  }

  /** Observers are called in the order of joining. */
  observe(observer: StepObserver): void {
    this.observers.push(observer);
  }

  /** Hands an event to the engine, now or as soon as the running step is done. */
  dispatch(event: Unstamped): void {
    if (this.broken !== null) return;
    if (this.queue.length >= QUEUE_MAX) {
      this.breakDown(event, new Error(`The trading loop is ${QUEUE_MAX} events behind.`));
      return;
    }
    this.queue.push(event);
    if (this.running) return;
    this.running = true;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.tryStep(next);
    this.running = false;
  }

  /** What broke the loop; null while it runs. */
  brokenBy(): string | null {
    return this.broken;
  }

  private tryStep(event: Unstamped): void {
    try {
      this.step(event);
    } catch (error) {
      this.breakDown(event, error);
    }
  }

  private breakDown(event: Unstamped, error: unknown): void {
    this.queue.length = 0;
    if (this.broken !== null) return;
    const instrument = 'instrumentId' in event ? ` of ${event.instrumentId}` : '';
    this.broken = `${event.kind}${instrument}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    this.onBroken(this.broken);
  }

  private step(unstamped: Unstamped): void {
    const event = { ...unstamped, timeMs: this.stamp() } as EngineEvent;
    const decisions = this.decide(event);
    this.sequence += 1;
    for (const observer of this.observers) observer.onStep(this.sequence, event, decisions);
  }

  private decide(event: EngineEvent): readonly Decision[] {
    try {
      return this.engine.step(event);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      for (const observer of this.observers) observer.onBrokenStep?.(event, message);
      throw error;
    }
  }

  /**
   * Where the clock was set back time goes on at half its pace until the clock has come up: exits that are due again and
   * stops that are not confirmed wait for nobody's clock.
   */
  private stamp(): number {
    const monotonicMs = this.time.monotonicMs();
    const slowedMs = Math.floor(this.lastTimeMs + (monotonicMs - this.stampedAtMs) * SLOWED_RATE);
    const timeMs = Math.max(slowedMs, this.time.nowMs());
    // Of steps that follow each other closely no part of a millisecond is lost.
    if (timeMs > this.lastTimeMs) this.stampedAtMs = monotonicMs;
    this.lastTimeMs = Math.max(this.lastTimeMs, timeMs);
    return this.lastTimeMs;
  }
}
