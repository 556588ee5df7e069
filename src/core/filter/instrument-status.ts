import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

/** Vetoes an instrument that the exchange does not trade, or whose delisting is announced. */
export function instrumentStatus({ instrument, timeMs }: EntryContext): Verdict {
  const measured = { value: instrument.status, threshold: 'trading' };
  if (instrument.status !== 'trading') return veto('instrument', 'filter.instrument.not-trading', measured);
  if (instrument.deliveryTimeMs === null) return pass('instrument', 'filter.instrument.pass', measured);
  return veto('instrument', 'filter.instrument.delisting', {
    value: instrument.deliveryTimeMs - timeMs,
    unit: 'ms',
  });
}
