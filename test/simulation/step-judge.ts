import type { Decision } from '../../src/core/engine/decision.ts';
import type { EngineEvent } from '../../src/core/engine/event.ts';

const MINUTE_MS = 60_000;
/** An entry is decided on a candle no older than its own interval and this. */
const GRACE_MS = 5_000;

type Placed = Extract<Decision, { kind: 'place-order' }>['order'];

type Explained = Extract<Decision, { kind: 'explain' }>['record'];

/** A step as the journal has it: numbers have become text where they were exact. */
export interface Step {
  readonly sequence: number;
  readonly event: EngineEvent;
  readonly decisions: readonly Decision[];
}

/**
 * Follows the candles of one minute the engine was told, and the entries it decided. Its breaches bear the number of
 * the invariant: I9 for an entry from a candle that is open, old, behind a gap or entered on before, I15 for a candle told twice or late.
 */
export class StepJudge {
  private readonly found = new Set<string>();
  /** Open time of the newest candle, by instrument. */
  private readonly newest = new Map<string, number>();
  /** The candle of each entry by its id, over all lives. */
  private readonly entered = new Map<string, string>();

  breaches(): readonly string[] {
    return [...this.found];
  }

  /** Candles that more than one entry was journaled on: a restart must not forget them. */
  enteredTwice(journaled: ReadonlySet<string>): readonly string[] {
    const first = new Map<string, string>();
    const found: string[] = [];
    for (const [id, candle] of this.entered) {
      if (!journaled.has(id)) continue;
      const before = first.get(candle);
      if (before === undefined) first.set(candle, id);
      else found.push(`I9: ${candle} was entered on twice, by ${before} and by ${id}`);
    }
    return found;
  }

  step({ sequence, event, decisions }: Step): void {
    // Another life: what the one before was told is forgotten.
    if (sequence === 1) this.newest.clear();
    if (event.kind === 'candle-closed' && event.timeframe === '1m') {
      this.told(event.instrumentId, event.candle.openTimeMs, event.timeMs);
    }
    if (event.kind === 'candle-history' && event.timeframe === '1m') {
      const last = event.candles.at(-1);
      if (last !== undefined) this.isClosed(event.instrumentId, last.openTimeMs, event.timeMs);
      if (last !== undefined) this.newest.set(event.instrumentId, last.openTimeMs);
    }
    for (const decision of decisions) {
      if (decision.kind === 'explain') this.explains(decision.record);
      if (event.kind !== 'timer' || decision.kind !== 'place-order') continue;
      if (isFirst(decision.order)) this.enters(decision.order, event.timeMs);
    }
  }

  private explains({ outcome, clientOrderId, forced, signal }: Explained): void {
    const candle = `the candle of ${signal.candleOpenTimeMs} of ${signal.instrumentId}`;
    if (outcome === 'ordered' && clientOrderId !== null && !forced) this.entered.set(clientOrderId, candle);
  }

  private told(instrumentId: string, openTimeMs: number, nowMs: number): void {
    this.isClosed(instrumentId, openTimeMs, nowMs);
    const before = this.newest.get(instrumentId);
    if (before !== undefined && openTimeMs <= before)
      this.found.add(`I15: the candle of ${openTimeMs} of ${instrumentId} was told after that of ${before}`);
    if (before !== undefined && openTimeMs > before + MINUTE_MS)
      this.found.add(`I9: ${instrumentId} was told a candle across a gap of ${openTimeMs - before} ms`);
    this.newest.set(instrumentId, openTimeMs);
  }

  private isClosed(instrumentId: string, openTimeMs: number, nowMs: number): void {
    if (openTimeMs + MINUTE_MS > nowMs)
      this.found.add(`I9: the candle of ${openTimeMs} of ${instrumentId} was still open`);
  }

  private enters({ instrumentId }: Placed, nowMs: number): void {
    const openTimeMs = this.newest.get(instrumentId) ?? 0;
    const ageMs = nowMs - openTimeMs - MINUTE_MS;
    if (ageMs > MINUTE_MS + GRACE_MS)
      this.found.add(`I9: ${instrumentId} was entered from a candle closed ${ageMs} ms ago`);
  }
}

/** Further rungs belong to the entry that the first made. */
function isFirst(order: Placed): boolean {
  return order.kind === 'entry' && (order.ladderId === null || order.ladderId === order.clientOrderId);
}
