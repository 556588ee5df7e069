import type { Verdict } from '../domain/verdict.ts';
import type { SignalReadings } from '../signal/readings.ts';
import type { SignalSettings } from '../signal/settings.ts';
import { entryDirection } from './entry-context.ts';
import type { AroundSignal } from './entry-readings.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'signal-confirmation';
const OFF = pass(FILTER, 'filter.signal-confirmation.off', NOTHING);
const PASS = pass(FILTER, 'filter.signal-confirmation.pass', NOTHING);

/**
 * Vetoes a base signal that nothing confirms where confirmation is asked for: always when a divergence is required,
 * else only once RSI has stayed at the extreme for longer than `rsiExtremeCandlesMax` candles, when one
 * confirmation is needed beside the base signal. Value: how many there are, or `none` for the divergence.
 */
export function signalConfirmation({ signal, signalSettings, signalReadings }: AroundSignal): Verdict {
  if (!signalSettings.confirmEnabled) return OFF;
  if (entryDirection(signal) === null) return PASS;
  if (signalReadings === null) return veto(FILTER, 'filter.signal-confirmation.unknown', NOTHING);
  return signalSettings.confirmDivergenceRequired
    ? requireDivergence(signalReadings)
    : requireCount(signalReadings, signalSettings);
}

function requireDivergence({ divergence }: SignalReadings): Verdict {
  return divergence.found
    ? pass(FILTER, 'filter.signal-confirmation.pass', { value: 'divergence', threshold: 'divergence' })
    : veto(FILTER, 'filter.signal-confirmation.no-divergence', { value: 'none', threshold: 'divergence' });
}

function requireCount(
  { extremeCandles, confirmations }: SignalReadings,
  { rsiExtremeCandlesMax }: SignalSettings,
): Verdict {
  const value = confirmations.length;
  const threshold = extremeCandles <= rsiExtremeCandlesMax ? 0 : 1;
  const measured = { value, threshold, margin: value - threshold, unit: 'confirmations' };
  return value >= threshold
    ? pass(FILTER, 'filter.signal-confirmation.pass', measured)
    : veto(FILTER, 'filter.signal-confirmation.long-extreme', measured);
}
