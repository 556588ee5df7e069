import { assert } from '../base/assert.ts';

/** The deepest fall of equity below an earlier high. */
export interface DeepestFall {
  /** Fall as a share of the high it fell from, %. */
  readonly pct: number;
  /** Fall in quote currency. */
  readonly amount: number;
  /** When the high was reached, ms UTC. */
  readonly peakMs: number;
  /** When the low below it was reached, ms UTC. */
  readonly troughMs: number;
}

/** Follows equity over time and keeps its deepest fall. Equity may reach zero; what follows is no deeper then. */
export class Drawdown {
  private peak = Number.NaN;
  private peakMs = 0;
  private worst: DeepestFall | null = null;

  /** Learns the equity of a moment; moments come in order. */
  next(timeMs: number, equity: number): void {
    assert(Number.isFinite(equity), 'Equity is a number.');
    if (Number.isNaN(this.peak) || equity >= this.peak) {
      this.peak = equity;
      this.peakMs = timeMs;
      return;
    }
    const amount = this.peak - equity;
    const pct = this.peak > 0 ? (amount / this.peak) * 100 : 0;
    if (this.worst !== null && pct <= this.worst.pct) return;
    this.worst = { pct, amount, peakMs: this.peakMs, troughMs: timeMs };
  }

  /** Null while equity has never fallen. */
  get deepest(): DeepestFall | null {
    return this.worst;
  }
}
