import type { Verdict } from '../domain/verdict.ts';
import type { EntryContext } from './entry-context.ts';
import { pass, veto } from './verdict-maker.ts';

const FILTER = 'instrument';
const PASS = pass(FILTER, 'filter.instrument.pass', { value: 'trading', threshold: 'trading' });

/** Vetoes an instrument that the exchange does not trade, or whose delisting is announced. */
export function instrumentStatus({ instrument, timeMs }: EntryContext): Verdict {
  const { status, deliveryTimeMs } = instrument;
  if (status !== 'trading') {
    return veto(FILTER, 'filter.instrument.not-trading', { value: status, threshold: 'trading' });
  }
  if (deliveryTimeMs === null) return PASS;
  return veto(FILTER, 'filter.instrument.delisting', { value: deliveryTimeMs - timeMs, unit: 'ms' });
}
