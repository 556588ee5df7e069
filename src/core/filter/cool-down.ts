import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

const FILTER = 'cool-down';
const PASS = pass(FILTER, 'filter.cool-down.pass', { value: 0, threshold: 0, margin: 0, unit: 'ms' });

/** Vetoes an instrument whose last entry failed, or whose position a person closed, until its wait is over. Value: ms still to wait. */
export function coolDown({ coolDownUntilMs, timeMs }: EntryContext): Verdict {
  const value = coolDownUntilMs === null ? 0 : coolDownUntilMs - timeMs;
  return value <= 0
    ? PASS
    : veto(FILTER, 'filter.cool-down.waiting', { value, threshold: 0, margin: -value, unit: 'ms' });
}
