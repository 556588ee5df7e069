import type { Decision } from '../../src/core/engine/decision.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';
import type { Step } from './step-judge.ts';

/** What goes wrong is to blame for what happens within this time. */
const AFTERMATH_MS = 10_000;

/** How often each rare state was met: what happened alone, and in the wake of each trouble. */
export class Sightings {
  readonly counts = new Map<string, number>();
  private readonly troubles = new Map<string, number>();
  /** The last word on each order, by id. */
  private readonly words = new Map<string, string>();
  /** Ids of fills the engine was told. */
  private readonly fills = new Set<string>();
  private readonly leaving = new Set<string>();

  trouble(name: string, nowMs: number): void {
    this.note(name);
    this.troubles.set(name, nowMs);
  }

  step({ event, decisions }: Step): void {
    const happened = new Set<string>();
    for (const name of this.heard(event)) happened.add(name);
    for (const decision of decisions) for (const name of this.decided(decision)) happened.add(name);
    for (const name of happened) this.happened(name, event.timeMs);
  }

  happened(name: string, nowMs: number): void {
    this.note(name);
    for (const [trouble, sinceMs] of this.troubles) {
      if (nowMs - sinceMs <= AFTERMATH_MS) this.note(`${name} / ${trouble}`);
    }
  }

  private heard(event: EngineEvent): readonly string[] {
    if (event.kind === 'fill') return this.filled(event.fill);
    if (event.kind === 'stop-refused') return ['a stop is refused'];
    if (event.kind === 'feed-lost') return ['a series is lost'];
    if (event.kind !== 'order-update') return [];
    const before = this.words.get(event.clientOrderId) ?? 'sent';
    this.words.set(event.clientOrderId, event.state);
    const again = before === event.state ? [] : [`an order goes from ${before} to ${event.state}`];
    return [...again, ...(this.leaving.has(event.clientOrderId) ? [`an exit is ${event.state}`] : [])];
  }

  private filled(fill: Extract<EngineEvent, { kind: 'fill' }>['fill']): readonly string[] {
    if (this.fills.has(fill.fillId)) return ['a fill is told twice'];
    this.fills.add(fill.fillId);
    const word = this.words.get(fill.clientOrderId ?? '');
    return [
      `a fill of an order that is ${word ?? 'not answered'}`,
      ...(fill.clientOrderId !== null && this.leaving.has(fill.clientOrderId) ? ['an exit fills'] : []),
    ];
  }

  private decided(decision: Decision): readonly string[] {
    if (decision.kind === 'notify') return decision.severity === 'info' ? [] : [`told of ${decision.code}`];
    if (decision.kind === 'place-order') {
      const { order } = decision;
      if (order.kind === 'entry') return [order.ladderId === null ? 'an entry is sent' : 'a rung is sent'];
      this.leaving.add(order.clientOrderId);
      return [`an exit is sent for ${order.purpose}`];
    }
    if (decision.kind === 'explain' || decision.kind === 'request-snapshot') return [];
    return [decision.kind === 'amend-stop' ? 'a stop is set' : decision.kind];
  }

  private note(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
