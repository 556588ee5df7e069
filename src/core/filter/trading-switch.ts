import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

const ON = pass('trading-switch', 'filter.trading-switch.pass', { value: 'on', threshold: 'on' });
const OFF = veto('trading-switch', 'filter.trading-switch.off', { value: 'off', threshold: 'on' });

/** Vetoes every entry while trading is switched off in the settings. Exits do not ask. */
export function tradingSwitch({ settings }: EntryContext): Verdict {
  return settings.tradingEnabled ? ON : OFF;
}
