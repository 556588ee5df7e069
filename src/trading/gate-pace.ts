import { decimalText } from '../core/base/decimal.ts';
import type { ApprovedOrder } from '../core/domain/order.ts';
import type { Paces } from '../core/risk/gate-entry.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The same entry again so soon is a mistake of whoever sent it. */
const SAME_ENTRY_MS = 10_000;

/**
 * How many orders have left lately, by the monotonic clock, and today; and which. Every order counts that the gate let
 * through, whatever became of it.
 */
export class GatePace {
  /** Ascending; the last minute alone. */
  private readonly sentMs: number[] = [];
  private readonly ids = new Set<string>();
  private readonly entries = new Map<string, number>();
  private day = { day: 0, count: 0 };

  /** Orders that left earlier in this day, before this process. */
  recall(nowMs: number, count: number): void {
    this.day = { day: dayOf(nowMs), count };
  }

  /** `nowMs` is the time days are counted by; null: not known yet. */
  note(order: ApprovedOrder, monotonicMs: number, nowMs: number | null): void {
    this.sentMs.push(monotonicMs);
    this.ids.add(order.clientOrderId);
    if (order.kind === 'entry') this.entries.set(kindOf(order), monotonicMs);
    this.turnDay(nowMs);
    this.day = { ...this.day, count: this.day.count + 1 };
    this.forget(monotonicMs);
  }

  /** Orders that have left; `except`: one of them left aside, for it is the one that is asked about. */
  paces(monotonicMs: number, nowMs: number | null, except = 0): Paces {
    this.forget(monotonicMs);
    this.turnDay(nowMs);
    const second = this.sentMs.filter((sentMs) => sentMs > monotonicMs - SECOND_MS).length;
    return {
      second: Math.max(0, second - except),
      minute: Math.max(0, this.sentMs.length - except),
      day: Math.max(0, this.day.count - except),
    };
  }

  /** How long ago the same entry was let through, ms; 0 for a name that was; null: none. */
  sameAgoMs(order: ApprovedOrder, monotonicMs: number): number | null {
    if (this.ids.has(order.clientOrderId)) return 0;
    const sentMs = this.entries.get(kindOf(order));
    return sentMs === undefined || monotonicMs - sentMs > SAME_ENTRY_MS ? null : monotonicMs - sentMs;
  }

  private turnDay(nowMs: number | null): void {
    if (nowMs !== null && dayOf(nowMs) > this.day.day) this.day = { day: dayOf(nowMs), count: 0 };
  }

  private forget(monotonicMs: number): void {
    while ((this.sentMs[0] ?? monotonicMs) <= monotonicMs - MINUTE_MS) this.sentMs.shift();
    for (const [kind, sentMs] of this.entries)
      if (monotonicMs - sentMs > SAME_ENTRY_MS) this.entries.delete(kind);
    for (const id of this.ids) {
      if (this.ids.size <= IDS_KEPT) break;
      this.ids.delete(id);
    }
  }
}

/** Names are numbered upwards: one that is older than so many is not made again. */
const IDS_KEPT = 10_000;

export function dayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS);
}

/** Rungs of a ladder differ by their prices. */
function kindOf(order: ApprovedOrder): string {
  const limit = order.kind === 'entry' ? order.limit : null;
  const price = limit === null ? 'market' : decimalText(limit.price);
  return [order.instrumentId, order.side, decimalText(order.quantity), price].join(' ');
}
