import type { Decision } from '../core/engine/decision.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { EngineEvent } from '../core/engine/event.ts';
import type { Time } from '../platform/time.ts';

/** An event before the loop has stamped it. */
export type Unstamped<E = EngineEvent> = E extends EngineEvent ? Omit<E, 'timeMs'> : never;

/** Sees every step in order: what went in, what came out. */
export interface StepObserver {
  onStep(sequence: number, event: EngineEvent, decisions: readonly Decision[]): void;
}

/** More events waiting than this means the loop cannot keep up: a programming error, not load. */
const QUEUE_MAX = 100_000;

/**
 * The one place that calls the engine. It stamps events with the clock (never backwards), runs them one
 * at a time, and shows each step to the observers. Events raised by an observer wait their turn.
 */
export class TradingLoop {
  readonly engine: Engine;
  private readonly time: Time;
  private readonly observers: StepObserver[] = [];
  private readonly queue: Unstamped[] = [];
  private running = false;
  private sequence = 0;
  private lastTimeMs = 0;

  constructor(options: { engine: Engine; time: Time }) {
    this.engine = options.engine;
    this.time = options.time;
  }

  /** Observers are called in the order of joining. */
  observe(observer: StepObserver): void {
    this.observers.push(observer);
  }

  /** Hands an event to the engine, now or as soon as the running step is done. */
  dispatch(event: Unstamped): void {
    if (this.queue.length >= QUEUE_MAX) throw new Error(`The trading loop is ${QUEUE_MAX} events behind.`);
    this.queue.push(event);
    if (this.running) return;
    this.running = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.step(next);
    } finally {
      this.running = false;
    }
  }

  private step(unstamped: Unstamped): void {
    this.lastTimeMs = Math.max(this.lastTimeMs, this.time.nowMs());
    const event = { ...unstamped, timeMs: this.lastTimeMs } as EngineEvent;
    const decisions = this.engine.step(event);
    this.sequence += 1;
    for (const observer of this.observers) observer.onStep(this.sequence, event, decisions);
  }
}
