import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

/** Vetoes while the wiring lets no entry leave: not armed, not reconciled, halted. Its reason is the value. */
export function entriesAllowed({ entriesAllowed: word }: EntryContext): Verdict {
  return word.allowed
    ? pass('entries-allowed', 'filter.entries-allowed.pass', { value: word.reason, threshold: 'allowed' })
    : veto('entries-allowed', 'filter.entries-allowed.refused', { value: word.reason, threshold: 'allowed' });
}
