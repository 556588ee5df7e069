import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

/**
 * Vetoes what the lists keep out. The blacklist wins in every scope, also over the whitelist; scope
 * `whitelist` lets in nothing but its members.
 */
export function scope({ settings, instrument }: EntryContext): Verdict {
  const measured = { value: instrument.id, threshold: settings.scope };
  if (settings.blacklist.includes(instrument.id)) return veto('scope', 'filter.scope.blacklisted', measured);
  const shutOut = settings.scope === 'whitelist' && !settings.whitelist.includes(instrument.id);
  return shutOut
    ? veto('scope', 'filter.scope.not-whitelisted', measured)
    : pass('scope', 'filter.scope.pass', measured);
}
