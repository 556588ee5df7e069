import { err, ok, type Result } from '../base/result.ts';
import type { PassedEntry, Verdict } from '../domain/verdict.ts';
import { coolDown } from './cool-down.ts';
import { dataFreshness } from './data-freshness.ts';
import { entriesAllowed } from './entries-allowed.ts';
import { type EntryContext, type EntryFilter, entryDirection } from './entry-context.ts';
import { instrumentStatus } from './instrument-status.ts';
import { maturity } from './maturity.ts';
import { scope } from './scope.ts';
import { tradingSwitch } from './trading-switch.ts';
import { trend } from './trend.ts';
import { veto } from './verdict-maker.ts';

/** The chain, in its fixed order: what concerns all instruments first, what concerns one last. */
export const ENTRY_FILTERS: readonly EntryFilter[] = [
  tradingSwitch,
  entriesAllowed,
  scope,
  instrumentStatus,
  dataFreshness,
  trend,
  maturity,
  coolDown,
];

/**
 * Runs the whole chain at the moment of entry and mints the proof that all of it passed; the only place that
 * does. Otherwise all verdicts come back, the passes included, so that a screen can show each. A signal
 * that is no entry never passes.
 */
export function passEntry(context: EntryContext): Result<PassedEntry, readonly Verdict[]> {
  const verdicts = judgeEntry(context);
  const direction = entryDirection(context.signal);
  if (direction === null || verdicts.some((verdict) => verdict.kind === 'veto')) return err(verdicts);
  const passed = { instrumentId: context.instrument.id, direction, signal: context.signal, verdicts };
  return ok(passed as PassedEntry);
}

/** All verdicts of the chain, in its order, whatever the signal is: for screens and records. */
export function judgeEntry(context: EntryContext): readonly Verdict[] {
  return ENTRY_FILTERS.map((filter) => refuseNotANumber(filter(context)));
}

/** A value that is no number has measured nothing, and what measured nothing never passes. */
export function refuseNotANumber(verdict: Verdict): Verdict {
  const { value, threshold, margin } = verdict;
  const broken = Number.isNaN(value) || Number.isNaN(threshold) || Number.isNaN(margin);
  return broken ? veto(verdict.filter, 'filter.value.not-a-number', { unit: verdict.unit }) : verdict;
}
