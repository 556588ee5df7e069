import type { Signal } from '../../src/core/domain/verdict.ts';
import type { AroundSignal } from '../../src/core/filter/entry-readings.ts';
import type { SignalReadings } from '../../src/core/signal/readings.ts';
import type { SignalSettings } from '../../src/core/signal/settings.ts';
import { signal, signalReadings, signalSettings } from './entry-makers.ts';

/** A long at RSI 20 that both filters pass; tests change the one thing they are about. */
export function aroundSignal(
  changes: {
    readonly signal?: Partial<Signal>;
    readonly settings?: Partial<SignalSettings>;
    readonly readings?: Partial<SignalReadings>;
  } = {},
): AroundSignal {
  return {
    signal: signal(changes.signal),
    signalSettings: signalSettings(changes.settings),
    signalReadings: signalReadings(changes.readings),
  };
}
