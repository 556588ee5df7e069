import type { SettingsPatch } from './settings.ts';

/** A named choice of settings; what it does not name stays as it is. */
export interface SettingsPreset {
  readonly name: string;
  /** For whom it is and what it costs. */
  readonly sentence: string;
  readonly patch: SettingsPatch;
}

/** The presets, from careful to bold. */
export const SETTINGS_PRESETS: readonly SettingsPreset[] = [
  {
    name: 'conservative',
    sentence:
      'Few entries, at deep extremes after a long calm, with a wide stop: long waits, and a loss that is larger when it comes.',
    patch: preset({ positionsMax: 3, rsiLongMax: 25, stopLossPct: 20, rsiTimeCandles: 6, mature: true }),
  },
  {
    name: 'balanced',
    sentence: 'The middle way most people start with: five positions, the usual thresholds, a stop at 15 %.',
    patch: preset({ positionsMax: 5, rsiLongMax: 29, stopLossPct: 15, rsiTimeCandles: 5, mature: true }),
  },
  {
    name: 'aggressive',
    sentence:
      'Many entries, young coins included, with a tight stop: more trades and fees, more and smaller losses.',
    patch: preset({ positionsMax: 10, rsiLongMax: 30, stopLossPct: 10, rsiTimeCandles: 3, mature: false }),
  },
];

interface PresetValues {
  readonly positionsMax: number;
  /** The short threshold is its mirror. */
  readonly rsiLongMax: number;
  readonly stopLossPct: number;
  readonly rsiTimeCandles: number;
  readonly mature: boolean;
}

function preset(values: PresetValues): SettingsPatch {
  const { positionsMax, rsiLongMax, stopLossPct, rsiTimeCandles, mature } = values;
  return {
    signal: { rsiLongMax, rsiShortMin: 100 - rsiLongMax },
    filter: { rsiTimeEnabled: true, rsiTimeCandles, maturityEnabled: mature },
    risk: { positionsMax },
    exit: { stopLossPct },
  };
}
