import { type Candle, candleFault } from '../core/domain/candle.ts';
import type { ServedCandle } from '../exchange/exchange.ts';

/** What the caller has to do with a streamed candle. */
export type TrackStep = 'emit' | 'ignore' | 'repair';

/**
 * One instrument's closed candles in order: takes each open time once, notices a gap, and refuses unsound
 * candles. While it is loading or repairing, nothing is emitted: the history that ends the repair has it.
 */
export class CandleTrack {
  private readonly lengthMs: number;
  private lastOpenTimeMs: number | null = null;
  private repairing = true;

  constructor(lengthMs: number) {
    this.lengthMs = lengthMs;
  }

  /** Open time of the newest closed candle that was emitted; null before the first history. */
  newestMs(): number | null {
    return this.lastOpenTimeMs;
  }

  isRepairing(): boolean {
    return this.repairing;
  }

  startRepair(): void {
    this.repairing = true;
  }

  /** Takes a fresh history: the newest of its candles is where the track goes on from. */
  finishRepair(newestOpenTimeMs: number): void {
    this.lastOpenTimeMs = newestOpenTimeMs;
    this.repairing = false;
  }

  /** Judges a streamed candle that the exchange calls closed. */
  accept(candle: ServedCandle): TrackStep {
    if (this.repairing || this.lastOpenTimeMs === null) return 'ignore';
    if (candle.openTimeMs <= this.lastOpenTimeMs) return 'ignore';
    if (candle.openTimeMs !== this.lastOpenTimeMs + this.lengthMs) return 'repair';
    if (candleFault(candle) !== null) return 'repair';
    this.lastOpenTimeMs = candle.openTimeMs;
    return 'emit';
  }

  /** True when a candle that closed at least `graceMs` ago has not arrived. */
  isOverdue(nowMs: number, graceMs: number): boolean {
    if (this.repairing || this.lastOpenTimeMs === null) return false;
    return nowMs >= this.lastOpenTimeMs + 2 * this.lengthMs + graceMs;
  }
}

/** Why a history cannot be used; null when it is complete: ascending, sound, without a gap, up to `newestMs`. */
export function historyFault(candles: readonly Candle[], lengthMs: number, newestMs: number): string | null {
  const last = candles.at(-1);
  if (last === undefined) return 'no closed candle was served';
  for (let i = 0; i < candles.length; i += 1) {
    const candle = candles[i];
    const previous = candles[i - 1];
    if (candle === undefined) continue;
    const fault = candleFault(candle);
    if (fault !== null) return `candle of ${candle.openTimeMs} is unsound: ${fault}`;
    if (previous !== undefined && candle.openTimeMs - previous.openTimeMs !== lengthMs) {
      return `gap between ${previous.openTimeMs} and ${candle.openTimeMs}`;
    }
  }
  return last.openTimeMs < newestMs ? `newest candle is ${last.openTimeMs}, expected ${newestMs}` : null;
}
