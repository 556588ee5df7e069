import { decimalText } from '../core/base/decimal.ts';
import { driftNotice, healedNotice, type LedgerComparison, type LedgerNotice } from './ledger-notice.ts';

/** A difference that a list running late makes is gone by then. */
const SETTLED_MS = 15_000;

interface Difference {
  readonly amount: string;
  /** Monotonic. */
  readonly sinceMs: number;
}

/** Tells a difference of ledger and wallet that lasts from one that is only late, each once, and its end. */
export class LedgerWatch {
  private latest: LedgerComparison | null = null;
  private difference: Difference | null = null;
  /** The difference a person was told of. */
  private told: string | null = null;

  /** Null before the first comparison. */
  newest(): LedgerComparison | null {
    return this.latest;
  }

  /** True from the first comparison that did not come out even to the first that does. */
  isApart(): boolean {
    return this.difference !== null;
  }

  /** True while they differ, and not because an entry is late: people were told. */
  isLasting(): boolean {
    return this.told !== null;
  }

  /** Takes a comparison in; gives what a person should know now, null for nothing. `nowMs` is monotonic. */
  judge(comparison: LedgerComparison, nowMs: number): LedgerNotice | null {
    this.latest = comparison;
    const drift = comparison.exchange.minus(comparison.ledger);
    if (drift.isZero()) return this.end(comparison);
    const amount = decimalText(drift);
    if (this.difference?.amount !== amount) this.difference = { amount, sinceMs: nowMs };
    if (nowMs - this.difference.sinceMs < SETTLED_MS || this.told === amount) return null;
    this.told = amount;
    return driftNotice(comparison);
  }

  private end(comparison: LedgerComparison): LedgerNotice | null {
    const { told } = this;
    this.difference = null;
    this.told = null;
    return told === null ? null : healedNotice(comparison, told);
  }
}
