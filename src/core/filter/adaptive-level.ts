import type { Verdict } from '../domain/verdict.ts';
import { entryDirection } from './entry-context.ts';
import type { AroundSignal } from './entry-readings.ts';
import { NOTHING, pass, veto } from './verdict-maker.ts';

const FILTER = 'adaptive-level';
const OFF = pass(FILTER, 'filter.adaptive-level.off', NOTHING);
const PASS = pass(FILTER, 'filter.adaptive-level.pass', NOTHING);

/**
 * Vetoes an entry whose RSI is beyond its threshold, but not beyond the stricter one of a volatile market. Value: RSI.
 * Levels that could not be read veto.
 */
export function adaptiveLevel({ signal, signalSettings, signalReadings }: AroundSignal): Verdict {
  const direction = entryDirection(signal);
  if (!signalSettings.adaptiveEnabled) return OFF;
  if (direction === null) return PASS;
  const levels = signalReadings?.levels ?? null;
  const value = signal.rsi;
  if (levels === null || value === null) {
    return veto(FILTER, 'filter.adaptive-level.unknown', { value, unit: 'RSI' });
  }
  const threshold = direction === 'long' ? levels.longMax : levels.shortMin;
  const margin = direction === 'long' ? threshold - value : value - threshold;
  const measured = { value, threshold, margin, unit: 'RSI' };
  return margin >= 0
    ? pass(FILTER, 'filter.adaptive-level.pass', measured)
    : veto(FILTER, 'filter.adaptive-level.not-deep', measured);
}
