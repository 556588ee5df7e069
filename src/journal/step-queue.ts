import type { Decision } from '../core/engine/decision.ts';
import type { EngineEvent } from '../core/engine/event.ts';

/** What is written in place of the decisions of a step at which the engine threw; a replay makes the same of it. */
export interface BrokenStep {
  readonly kind: 'broken';
  readonly message: string;
}

/** A step as the loop showed it. */
export interface Step {
  readonly event: EngineEvent;
  readonly decisions: readonly (Decision | BrokenStep)[];
}

/** Steps that wait to be written, in places made beforehand: adding one is two stores. */
export class StepQueue {
  private readonly events: (EngineEvent | null)[];
  private readonly decided: (readonly (Decision | BrokenStep)[] | null)[];
  private first = 0;
  private count = 0;

  constructor(stepsMax: number) {
    this.events = new Array<EngineEvent | null>(stepsMax).fill(null);
    this.decided = new Array<readonly (Decision | BrokenStep)[] | null>(stepsMax).fill(null);
  }

  get length(): number {
    return this.count;
  }

  /** False, and nothing is added, when it is full. */
  add(event: EngineEvent, decisions: readonly (Decision | BrokenStep)[]): boolean {
    const room = this.events.length;
    if (this.count === room) return false;
    const place = (this.first + this.count) % room;
    this.events[place] = event;
    this.decided[place] = decisions;
    this.count += 1;
    return true;
  }

  /** The oldest; null when none waits. */
  next(): Step | null {
    const event = this.events[this.first] ?? null;
    const decisions = this.decided[this.first] ?? null;
    if (this.count === 0 || event === null || decisions === null) return null;
    this.events[this.first] = null;
    this.decided[this.first] = null;
    this.first = (this.first + 1) % this.events.length;
    this.count -= 1;
    return { event, decisions };
  }
}
