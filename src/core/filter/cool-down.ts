import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

/** Vetoes an instrument whose last entry failed, until its wait is over. Value: ms still to wait. */
export function coolDown({ coolDownUntilMs, timeMs }: EntryContext): Verdict {
  const value = coolDownUntilMs === null ? 0 : Math.max(0, coolDownUntilMs - timeMs);
  const measured = { value, threshold: 0, margin: 0 - value, unit: 'ms' };
  return value > 0
    ? veto('cool-down', 'filter.cool-down.waiting', measured)
    : pass('cool-down', 'filter.cool-down.pass', { ...measured, margin: 0 });
}
