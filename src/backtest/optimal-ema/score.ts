import type { AverageTable } from './average-table.ts';
import type { EmaPair } from './grid.ts';
import type { PastSignals } from './signals.ts';

/** Signals of a span, and what they made on average after costs; null without one. */
export interface ReturnSummary {
  readonly signals: number;
  readonly meanReturnPct: number | null;
}

/** A span of signals, `to` not included. */
export interface SignalSpan {
  readonly from: number;
  readonly to: number;
}

export interface ScoreRequest {
  readonly pairs: readonly EmaPair[];
  readonly table: AverageTable;
  readonly signals: PastSignals;
  /** Ascending: each pair is scored on the signals before each of these. */
  readonly ends: readonly number[];
  readonly signalsMin: number;
}

/**
 * Mean return of each pair over the signals before each end, %: pair `p` and end `e` at `p * ends.length + e`. NaN
 * where the pair lets fewer than `signalsMin` through.
 */
export function scorePairs({ pairs, table, signals, ends, signalsMin }: ScoreRequest): Float64Array {
  const means = new Float64Array(pairs.length * ends.length);
  const { returnsPct } = signals;
  let place = 0;
  for (const { shortLength, longLength } of pairs) {
    const averages = table.averages(shortLength);
    const limits = table.limits(longLength);
    let [at, passed, sum] = [0, 0, 0];
    for (const end of ends) {
      for (; at < end; at += 1) {
        // Without a branch: it would be guessed wrong half of the time. An average that is not known compares false.
        const pass = Number((averages[at] ?? Number.NaN) >= (limits[at] ?? Number.NaN));
        passed += pass;
        sum += pass * (returnsPct[at] ?? 0);
      }
      means[place] = passed < signalsMin ? Number.NaN : sum / passed;
      place += 1;
    }
  }
  return means;
}

/** True when the pair lets signal `at` through. */
export function passes(table: AverageTable, { shortLength, longLength }: EmaPair, at: number): boolean {
  return (table.averages(shortLength)[at] ?? Number.NaN) >= (table.limits(longLength)[at] ?? Number.NaN);
}

/** What a span's signals made, all of them with `pair` null. */
export function summarise(
  { table, signals }: Pick<ScoreRequest, 'table' | 'signals'>,
  pair: EmaPair | null,
  spans: readonly SignalSpan[],
): ReturnSummary {
  let [passed, sum] = [0, 0];
  for (const { from, to } of spans) {
    for (let at = from; at < to; at += 1) {
      if (pair !== null && !passes(table, pair, at)) continue;
      passed += 1;
      sum += signals.returnsPct[at] ?? 0;
    }
  }
  return { signals: passed, meanReturnPct: passed === 0 ? null : sum / passed };
}
